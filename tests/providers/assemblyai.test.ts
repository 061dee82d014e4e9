import { assemblyai } from "../../src/providers/assemblyai.ts";
import { testGolden } from "./golden.ts";
import { assemblyAiCases } from "./golden/assemblyai.ts";

testGolden(assemblyai, assemblyAiCases);
