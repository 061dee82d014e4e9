import { mistral } from "../../src/providers/mistral.ts";
import { testGolden } from "./golden.ts";
import { mistralCases } from "./golden/mistral.ts";

testGolden(mistral, mistralCases);
