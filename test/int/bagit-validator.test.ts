/** Evidence packages before a validator that is not ours. */

import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { HANGZHOU } from "../../bench/stories/hangzhou.js";
import { installBagit, validateBag } from "../../tools/bagit-validator.js";
import { EvidenceWorld } from "../evidence/evidence-world.js";
import { personKeyOf } from "../evidence/judged-logs.js";
import { unpack } from "../support/evidence/unpack.js";

let world: EvidenceWorld;
let folder: string;
let bag: string;

beforeAll(async () => {
  installBagit();
  world = await EvidenceWorld.open();
  const records = HANGZHOU.records as readonly { readonly receivedAt: string }[];
  await world.logs.activate(Date.parse(records[0]!.receivedAt));
  for (const record of records) await world.logs.take(Date.parse(record.receivedAt), record);
  const made = await world.make({
    personKey: personKeyOf(HANGZHOU.personId),
    subjectKind: "person",
    openedAt: "2026-03-02T10:05:00.000+08:00",
    alerts: [],
    sms: [],
  });
  folder = mkdtempSync(join(tmpdir(), "kadun-bagit-"));
  await unpack(made.path, folder);
  bag = join(folder, "kadun-evidence-case-1");
}, 300_000);

afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true });
});

describe("the Library of Congress's validator", () => {
  test("accepts a package", () => {
    const { isValid, said } = validateBag(bag);
    expect({ isValid, said }).toMatchObject({ isValid: true });
  });

  test("refuses it once a file was changed", () => {
    appendFileSync(join(bag, "data", "journal.ndjson"), "\n");
    expect(validateBag(bag).isValid).toBe(false);
  });
});
