import { azure } from "../../src/providers/azure.ts";
import { testGolden } from "./golden.ts";
import { azureCases } from "./golden/azure.ts";

testGolden(azure, azureCases);
