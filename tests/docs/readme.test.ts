import { expect, test } from "bun:test";
import { join } from "node:path";
import type { TObject } from "@sinclair/typebox";
import { Endpoint } from "../../src/config/endpoint-schema.ts";
import { GeneralSettings } from "../../src/config/general-schema.ts";

const readme = await Bun.file(join(import.meta.dir, "../../README.md")).text();

const tables: readonly (readonly [string, TObject])[] = [
  ["endpoint keys", Endpoint],
  ["general keys", GeneralSettings],
];

test.each(tables)("the table of %s is that of the schema", (name, schema) => {
  expect(tableAfter(`<!-- ${name} -->`)).toEqual(rowsOf(schema));
});

/** `key | meaning`, for every key of this version. */
function rowsOf(schema: TObject): string[][] {
  return Object.entries(schema.properties)
    .filter(([key, property]) => property.notYet === undefined && key !== "pass_through_endpoints")
    .map(([key, property]) => [`\`${key}\``, String(property.description)]);
}

function tableAfter(mark: string): string[][] {
  const lines = readme
    .slice(readme.indexOf(mark) + mark.length)
    .split("\n")
    .slice(2);
  const rows = lines.slice(
    0,
    lines.findIndex((line) => !line.startsWith("|")),
  );
  return rows.slice(2).map((row) =>
    row
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}
