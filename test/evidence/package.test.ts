/** A package of a person among others over several days: made, verified, and what an insider with the keys cannot hide. */

import { generateKeyPairSync, hash } from "node:crypto";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { HANGZHOU } from "../../bench/stories/hangzhou.js";
import { packageJudge } from "../../cli/evidence/package-judge.js";
import type { DayProof, ProvenLeaf } from "../../schemas/evidence/day-proof.js";
import type { PublishedKeys } from "../../schemas/evidence/keys.js";
import type { ProofLine } from "../../schemas/evidence/package.js";
import type { MadePackageLine } from "../../schemas/http/evidence.js";
import { writeBag } from "../../services/evidence/bag/write-bag.js";
import { writeZip } from "../../services/evidence/bag/zip-writer.js";
import { checkPackage } from "../../services/evidence/page/page-checks.js";
import { StoredZip } from "../../services/evidence/page/stored-zip.js";
import { verifyPackage } from "../../services/evidence/verify/verify-package.js";
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
    [
      "dates the range back",
      (data) => edit(data, "case.json", /"fromDay": "[^"]+"/, '"fromDay": "2020-01-01"'),
      /^completeness: data\/case\.json: says that 2020-01-01 is the first day/,
    ],
    [
      "dates the range on",
      (data) => edit(data, "case.json", /"toDay": "[^"]+"/, '"toDay": "2030-01-01"'),
      /^completeness: data\/case\.json: says that 2030-01-01 is the last day/,
    ],
    [
      "ends with a day without the person",
      endWithoutPerson,
      /^completeness: .*its last line holds no record of the person/,
    ],
    [
      "shows the holder's name in a masked package",
      (data) => edit(data, "case.json", '"name": "王**"', '"name": "王䶮珍"'),
      /^custody: .*holder: is shown in full/,
    ],
    [
      "adds a field to the case",
      (data) => edit(data, "case.json", '"product"', '"verdict": "guilty",\n  "product"'),
      /^files: data\/case\.json: has fields that are not its own/,
    ],
    [
      "writes a field of the case twice",
      (data) => edit(data, "case.json", '"product"', '"caseId": "another",\n  "product"'),
      /^files: data\/case\.json: is not as it was written/,
    ],
    [
      "takes the rules away",
      (data) => rmSync(join(data, "bundles", bundleIn(data))),
      /^bundles: data\/bundles\/.*is missing; data\/context\.ndjson, line 1 activates it/,
    ],
    [
      "puts a heartbeat in a swipe's place",
      (data) =>
        write(data, "context.ndjson", `${read(data, "context.ndjson")}${heartbeatAt(offsetIn(data))}\n`),
      /^files: data\/journal\.ndjson, line \d+: another record stands at offset/,
    ],
    [
      "writes a field of an activation twice",
      (data) => edit(data, "context.ndjson", '"type":"activation"', '"type":"heartbeat","type":"activation"'),
      /^files: data\/context\.ndjson, line 1: is not as the journal has it/,
    ],
    ["leaves the context out", (data) => writeFileSync(join(data, "context.ndjson"), ""), /^replay: /],
  ];

  test.each(cases)("%s: found, and the part is named", async (_what, change, found) => {
    const problems = failed(await world.verify(await forged(change)));
    expect(problems.join("\n")).toMatch(new RegExp(found.source, "m"));
  });

  test("shows the page the person's own leaf in capitals: it would stand before itself and prove the absence", async () => {
    const zipFile = await forged((data) => {
      const { lines, at, leaf, proof } = presentLine(
        data,
        ({ leaf, proof }) => leaf.index === proof.persons - 1,
      );
      const left = { ...leaf, leafKey: leaf.leafKey.toUpperCase() };
      lines[at] = { ...lines[at]!, person: { found: "absent", left, right: null } };
      writeProofs(data, lines);
      const isOutside = (offset: number) => offset < proof.fromOffset || offset >= proof.endOffset;
      for (const name of ["journal.ndjson", "outcomes.ndjson"]) keepLines(data, name, isOutside);
    });
    expect(await failedOnPage(zipFile)).toEqual([expect.stringMatching(/^每日完整性证明: .*叶子的格式不对/)]);
  });

  test("shows the page another partition, a later beginning, an earlier end", async () => {
    const partition = (data: string) => edit(data, "case.json", '"partition": 0', '"partition": 1');
    expect(await failedOnPage(await forged(partition))).toEqual([expect.stringMatching(/属于另一分区/)]);
    const later = (data: string) => {
      const { dayProof } = proofLines(data)[1]!;
      const { fromOffset } = JSON.parse(dayProof) as DayProof;
      edit(data, "case.json", '"fromOffset": 0', `"fromOffset": ${fromOffset}`);
      dropLine(data, "proofs.ndjson", 0);
      for (const name of ["journal.ndjson", "outcomes.ndjson"]) dropLine(data, name, 0);
    };
    expect(await failedOnPage(await forged(later))).toEqual([expect.stringMatching(/不是从第一条记录开始/)]);
    expect(await failedOnPage(await forged(endWithoutPerson))).toEqual([
      expect.stringMatching(/最后一段没有本人记录/),
    ]);
  });
});

describe("the page", () => {
  test("refuses what lies in the ZIP and stands in no list", async () => {
    const bytes = readFileSync(made.path);
    const directoryAt = bytes.readUInt32LE(bytes.length - 6);
    const hidden = Buffer.from("another file");
    const more = Buffer.concat([bytes.subarray(0, directoryAt), hidden, bytes.subarray(directoryAt)]);
    more.writeUInt32LE(directoryAt + hidden.length, more.length - 6);
    await expect(StoredZip.open(new Blob([more]))).rejects.toThrow("ZIP 中有目录没有列出的内容");
  });

  test("refuses a file beside the signatures", async () => {
    const folder = world.newFolder("beside");
    await unpack(made.path, folder);
    const name = "kadun-evidence-case-1";
    writeFileSync(join(folder, name, "signatures", "note.txt"), "guilty");
    const files = readdirSync(join(folder, name), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    const zipFile = join(folder, "beside.zip");
    const inZip = files.map((path) => ({ path, name: path.slice(folder.length + 1) }));
    await writeZip(zipFile, inZip, () => {});
    expect(await failedOnPage(zipFile)).toEqual(["标签文件清单（SHA-256）: signatures/note.txt：不在清单中"]);
  });
});

test("a public key that signs nothing is said, not thrown", async () => {
  const { publicKey } = generateKeyPairSync("x25519");
  const ed25519 = publicKey.export({ format: "pem", type: "spki" }) as string;
  const keyId = hash("sha256", publicKey.export({ format: "der", type: "spki" })).slice(0, 16);
  const [own] = world.keys.published().keys;
  const first = { ...own!, keyId, ed25519, previous: null };
  const second = { ...own!, previous: { keyId, signature: "AAAA" } };
  const zipFile = await forged(() => {}, { ...world.keys.published(), keys: [first, second] });
  const checks = await verifyPackage({ path: zipFile, keys: null, judge: packageJudge, isReplayed: false });
  expect(failed(checks)[0]).toMatch(/^signature-ed25519: kadun\/public-keys\.json: key .*its id is not that/);
});

/** Of the package, changed and signed again. */
async function forged(
  change: (data: string) => void,
  publicKeys: PublishedKeys = world.keys.published(),
): Promise<string> {
  const folder = world.newFolder("insider");
  await unpack(made.path, folder);
  const bag = join(folder, "kadun-evidence-case-1");
  change(join(bag, "data"));
  for (const signed of ["kadun", "signatures"]) rmSync(join(bag, signed), { recursive: true });
  const zipFile = join(folder, "forged.zip");
  await writeBag({
    folder: bag,
    zipFile,
    name: "kadun-evidence-case-1",
    madeAt: "2026-11-27T10:00:00.000+08:00",
    caseId: "case-1",
    contentSha256: made.contentSha256,
    signer: world.keys.signer(),
    publicKeys,
    timeStamp: null,
    kept: (_kind, make) => make(),
    onProgress: () => {},
  });
  return zipFile;
}

async function failedOnPage(zipFile: string): Promise<readonly string[]> {
  const zip = await StoredZip.open(new Blob([readFileSync(zipFile)]));
  const checks = await checkPackage(zip, JSON.stringify(world.keys.published()));
  return checks.filter(({ isPassed }) => !isPassed).map(({ title, detail }) => `${title}: ${detail}`);
}

function proofLines(data: string): ProofLine[] {
  return read(data, "proofs.ndjson")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as ProofLine);
}

interface Present {
  readonly leaf: ProvenLeaf;
  readonly proof: DayProof;
}

/** The first stretch with the person, and not the last of all, of which this holds. */
function presentLine(data: string, holds: (present: Present) => boolean) {
  const lines = proofLines(data);
  for (const [at, { dayProof, person }] of lines.slice(0, -1).entries()) {
    if (person.found !== "present") continue;
    const { leaf } = person;
    const proof = JSON.parse(dayProof) as DayProof;
    if (holds({ leaf, proof })) return { lines, at, leaf, proof };
  }
  throw new Error("there is no such stretch");
}

/** Up to the last day before the end on which nothing came of the person; the case says so too. */
function endWithoutPerson(data: string): void {
  const lines = proofLines(data);
  const last = lines.findLastIndex(({ person }) => person.found === "absent");
  const { endOffset, day } = JSON.parse(lines[last]!.dayProof) as DayProof;
  edit(data, "case.json", /"endOffset": \d+/, `"endOffset": ${endOffset}`);
  edit(data, "case.json", /"toDay": "[^"]+"/, `"toDay": "${day}"`);
  for (const name of ["journal.ndjson", "outcomes.ndjson", "context.ndjson"])
    keepLines(data, name, (offset) => offset < endOffset);
  writeProofs(data, lines.slice(0, last + 1));
}

function writeProofs(data: string, lines: readonly ProofLine[]): void {
  write(data, "proofs.ndjson", lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
}

/** A line's first number is its offset in the journal. */
function keepLines(data: string, name: string, isKept: (offset: number) => boolean): void {
  const lines = read(data, name).trimEnd().split("\n");
  const kept = lines.filter((line) => isKept(Number(/\d+/.exec(line)![0])));
  write(data, name, kept.map((line) => `${line}\n`).join(""));
}

function offsetIn(data: string): number {
  return Number(/\d+/.exec(read(data, "journal.ndjson"))![0]);
}

function heartbeatAt(offset: number): string {
  const record = { type: "heartbeat", feedId: "33", occurredAt: "2026-03-02T10:05:00.000+08:00" };
  return JSON.stringify({ offset, appendedAtMs: 0, record });
}

function read(data: string, name: string): string {
  return readFileSync(join(data, name), "utf8");
}

function write(data: string, name: string, text: string): void {
  writeFileSync(join(data, name), text);
}

function edit(data: string, name: string, from: string | RegExp, to: string): void {
  const text = read(data, name);
  expect(text).toMatch(from);
  write(data, name, text.replace(from, to));
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
