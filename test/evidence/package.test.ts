/** A package of a person among others over several days: made, verified, and what an insider with the keys cannot hide. */

import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { HANGZHOU } from "../../bench/stories/hangzhou.js";
import type { MadePackageLine } from "../../schemas/http/evidence.js";
import { writeBag } from "../../services/evidence/bag/write-bag.js";
import { checkPackage } from "../../services/evidence/page/page-checks.js";
import { StoredZip } from "../../services/evidence/page/stored-zip.js";
import { unpack } from "../support/evidence/unpack.js";
import { rawSwipe } from "../support/records.js";
import { EvidenceWorld, failed } from "./evidence-world.js";
import { personKeyOf } from "./judged-logs.js";

let world: EvidenceWorld;
let made: MadePackageLine["package"] & { path: string };
const known = {
  personKey: personKeyOf(HANGZHOU.personId),
  subjectKind: "person",
  openedAt: "2026-03-02T10:05:00.000+08:00",
  alerts: [],
  sms: [],
};

beforeAll(async () => {
  world = await EvidenceWorld.open();
  const { logs } = world;
  const records = HANGZHOU.records as readonly { readonly receivedAt: string }[];
  await logs.activate(Date.parse(records[0]!.receivedAt) - 60_000);
  for (const [index, record] of records.entries()) {
    const nowMs = Date.parse(record.receivedAt);
    await logs.append(nowMs, { type: "heartbeat", feedId: "33", occurredAt: record.receivedAt });
    await logs.take(nowMs, record);
    for (const personId of ["OTHER-1", "OTHER-2"])
      await logs.take(
        nowMs,
        rawSwipe({ personId, eventId: `o-${personId}-${index}`, occurredAt: record.receivedAt }),
      );
  }
  made = await world.make(known);
}, 60_000);
afterAll(() => world.close());

describe("a package", () => {
  test("is verified whole, judged again, and says how many days it proves", async () => {
    const checks = await world.verify(made.path);
    expect(failed(checks)).toEqual([]);
    const completeness = checks.find(({ name }) => name === "completeness")!;
    expect(completeness.detail).toMatch(
      /^59 stretches, 7 with records of the person, 52 proven to have none$/,
    );
    expect(checks.find(({ name }) => name === "replay")!.detail).toMatch(/^12 outcomes are equal/);
  });

  test("is the same bytes when it is made again, also after others went on", async () => {
    const first = readFileSync(made.path);
    await world.logs.take(
      Date.parse("2026-04-03T10:00:00+08:00"),
      rawSwipe({ personId: "OTHER-1", eventId: "later", occurredAt: "2026-04-03T10:00:00.000+08:00" }),
    );
    const again = await world.make(known);
    expect(again.sha256).toBe(made.sha256);
    expect(readFileSync(again.path).equals(first)).toBe(true);
  });

  test("is verified by the page, under the keys in it and under those published", async () => {
    const open = async () => StoredZip.open(new Blob([readFileSync(made.path)]));
    for (const keys of [null, JSON.stringify(world.keys.published())])
      for (const { title, isPassed, detail } of await checkPackage(await open(), keys))
        expect({ title, isPassed, detail }).toMatchObject({ isPassed: true });
  });

  test("shows no personal number: not the phone, not the name, not the card", () => {
    const bytes = readFileSync(made.path);
    for (const secret of ["15412345678", "王䶮珍", "䶮", HANGZHOU.personId, "A33010000001957"])
      expect(bytes.includes(secret)).toBe(false);
  });
});

describe("who has the keys", () => {
  const cases: readonly (readonly [what: string, change: (data: string) => void, found: RegExp])[] = [
    [
      "drops a record and its outcome in the middle",
      (data) => drop(data, 5),
      /^completeness: .*one is missing/,
    ],
    [
      "changes an amount",
      (data) => edit(data, "journal.ndjson", '"totalFen":68000', '"totalFen":6800'),
      /^completeness: .*changed/,
    ],
    [
      "changes an outcome",
      (data) => edit(data, "outcomes.ndjson", '"action":"challenge"', '"action":"approve"'),
      /^completeness: .*changed/,
    ],
    ["drops a day", (data) => dropLine(data, "proofs.ndjson", 3), /^completeness: .*line 4.*one is missing/],
    [
      "edits a custody entry",
      (data) => edit(data, "custody.ndjson", '"actor":"li"', '"actor":"wang"'),
      /^custody: /,
    ],
    [
      "names another release",
      (data) => edit(data, "release.json", '"version": "', '"version": "9'),
      /^custody: .*another content/,
    ],
    [
      "gives other rules",
      (data) => edit(data, `bundles/${bundleIn(data)}`, '"limitFen":50000', '"limitFen":90000'),
      /^bundles: .*its content has the hash/,
    ],
    [
      "names another engine",
      (data) => edit(data, "context.ndjson", '"engineVersion":"', '"engineVersion":"9'),
      /^replay: .*engine 9/,
    ],
    ["leaves the context out", (data) => writeFileSync(join(data, "context.ndjson"), ""), /^replay: /],
  ];

  test.each(cases)("%s: found, and the part is named", async (_what, change, found) => {
    const folder = world.newFolder("insider");
    await unpack(made.path, folder);
    const bag = join(folder, "kadun-evidence-case-1");
    change(join(bag, "data"));
    for (const made of ["kadun", "signatures"]) rmSync(join(bag, made), { recursive: true });
    const zipFile = join(folder, "forged.zip");
    await writeBag({
      folder: bag,
      zipFile,
      name: "kadun-evidence-case-1",
      madeAt: "2026-11-27T10:00:00.000+08:00",
      caseId: "case-1",
      contentSha256: made.contentSha256,
      signer: world.keys.signer(),
      publicKeys: world.keys.published(),
      timeStamp: null,
      kept: (_kind, make) => make(),
      onProgress: () => {},
    });
    const problems = failed(await world.verify(zipFile));
    expect(problems.join("\n")).toMatch(new RegExp(found.source, "m"));
  });
});

function edit(data: string, name: string, from: string, to: string): void {
  const path = join(data, name);
  const text = readFileSync(path, "utf8");
  expect(text).toContain(from);
  writeFileSync(path, text.replace(from, to));
}

function dropLine(data: string, name: string, index: number): void {
  const path = join(data, name);
  const lines = readFileSync(path, "utf8").split("\n");
  writeFileSync(path, lines.toSpliced(index, 1).join("\n"));
}

/** A record and what came of it. */
function drop(data: string, index: number): void {
  dropLine(data, "journal.ndjson", index);
  dropLine(data, "outcomes.ndjson", index);
}

function bundleIn(data: string): string {
  return readdirSync(join(data, "bundles"))[0]!;
}
