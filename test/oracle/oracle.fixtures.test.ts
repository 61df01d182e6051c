import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";
import { judgeAll } from "./oracle.js";
import type { RawRecord } from "./types.js";
import { loadWorld } from "./world.js";

interface Expected {
  about: string;
  expected: Record<string, unknown>[];
}

const folder = fileURLToPath(new URL("../fixtures/", import.meta.url));
const names = readdirSync(folder)
  .filter((file) => file.endsWith(".ndjson"))
  .map((file) => file.replace(".ndjson", ""));
const world = loadWorld();

function readRecords(name: string): RawRecord[] {
  const lines = readFileSync(`${folder}${name}.ndjson`, "utf8").split("\n");
  return lines.filter((line) => line.trim() !== "").map((line) => JSON.parse(line) as RawRecord);
}

/** The fields a fixture states, and nothing else: `why` explains. */
function stated(entry: Record<string, unknown>): Record<string, unknown> {
  const { why: _why, ...fields } = entry;
  return fields;
}

describe("the oracle judges every fixture as it states", () => {
  test.each(names)("%s", (name) => {
    const { expected } = JSON.parse(readFileSync(`${folder}${name}.expected.json`, "utf8")) as Expected;
    const outcomes = judgeAll(readRecords(name), world);
    expect(outcomes).toHaveLength(expected.length);
    expect(outcomes).toMatchObject(expected.map(stated));
  });
});
