import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { SortedRows } from "../../../services/evidence/report/sorted-rows.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kadun-sorted-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("rows of many pieces come by time, those of one time as they were added, as often as asked", async () => {
  const rows = new SortedRows<string>(folder, "rows", 4);
  const added = Array.from({ length: 23 }, (_, i) => ({ ms: (i * 7) % 5, name: `r${i}` }));
  for (const { ms, name } of added) rows.add(ms, name);
  rows.end();
  const expected = added.map((row, i) => ({ ...row, i })).sort((a, b) => a.ms - b.ms || a.i - b.i);
  for (let reading = 0; reading < 2; reading++) {
    const read: string[] = [];
    for await (const row of rows.rows()) read.push(row);
    expect(read).toEqual(expected.map(({ name }) => name));
  }
});
