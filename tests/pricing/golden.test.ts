import { expect, test } from "bun:test";
import { join } from "node:path";
import { formatOf } from "../../src/providers/index.ts";
import type { GoldenCase } from "../providers/golden.ts";
import { catalogueOnly, day } from "./priced.ts";

const folder = join(import.meta.dir, "../providers/golden");

for (const file of [...new Bun.Glob("*.ts").scanSync(folder)].sort()) {
  const exported: Record<string, unknown> = await import(join(folder, file));
  for (const golden of Object.values(exported).flatMap(casesIn)) {
    test(`${file}: ${golden.name}: ${golden.handCalculation?.working ?? "no price"}`, async () => {
      expect(await nanoOf(golden)).toBe(golden.handCalculation?.nanoUsd ?? null);
    });
  }
}

test("there are golden cases with and without a price", async () => {
  const files = [...new Bun.Glob("*.ts").scanSync(folder)];
  expect(files.length).toBeGreaterThan(3);
});

/** As the gateway asks: the model by the reply, else by the request, else by the path. Failed calls use nothing. */
async function nanoOf({ expected, request, path, status = 200 }: GoldenCase) {
  if (expected.usage === null || status >= 400) return null;
  const { provider, usage } = expected;
  const model = expected.model ?? modelOf(request) ?? pathModel(provider, path);
  const priced = await catalogueOnly.price({ provider, model, usage, at: day });
  return priced.nanoUsd;
}

function pathModel(provider: string | null, path: string): string | null {
  return provider === null ? null : (formatOf(provider, "")?.modelOfPath(path) ?? null);
}

function modelOf(request: unknown): string | null {
  if (typeof request !== "object" || request === null || !("model" in request)) return null;
  return typeof request.model === "string" ? request.model : null;
}

function casesIn(exported: unknown): readonly GoldenCase[] {
  return Array.isArray(exported) ? exported.filter(isGolden) : [];
}

function isGolden(value: unknown): value is GoldenCase {
  return typeof value === "object" && value !== null && "handCalculation" in value;
}
