/** Random journals with kills and seals: what is signed is what a plain reading of the whole logs gives. */

import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import type { Clock } from "../../../platform/clock/clock.js";
import { MemoryEventLog } from "../../../platform/event-log/memory/memory-event-log.js";
import { MemoryLogWorld } from "../../../platform/event-log/memory/memory-log-world.js";
import { journalLine, outcomeLine } from "../../../schemas/evidence/lines.js";
import { encodeJsonBody } from "../../../schemas/log-body.js";
import { encodePosition, Topic } from "../../../schemas/topics.js";
import { digestOf } from "../../../services/evidence/day-proofs/leaf.js";
import {
  PartitionProver,
  type PersonStretch,
  personStretches,
  STRETCH_LIMITS,
} from "../../../services/evidence/day-proofs/partition-prover.js";
import { personProofFault } from "../../../services/evidence/day-proofs/person-proof.js";
import { ProofLines } from "../../../services/evidence/day-proofs/proof-lines.js";
import { dayAfter, shanghaiDayOf } from "../../../services/evidence/day-proofs/shanghai-day.js";
import { follows, isSignedBy, readSignedLine } from "../../../services/evidence/day-proofs/signed-line.js";
import { testSigner } from "../../support/evidence-signer.js";
import fc from "../../support/properties.js";
import { START_MS } from "../../support/records.js";

const signer = testSigner();
const NO_HEADER = new Uint8Array(0);
const PEOPLE = Array.from({ length: 5 }, (_, n) => `${n}`.padStart(32, "ab"));

interface Written {
  readonly offset: number;
  readonly appendedAtMs: number;
  readonly person: string;
  readonly json: string;
  readonly outcomes: readonly string[];
}

/** One partition's logs, written by hand; and a folder of proofs. */
class Office {
  readonly folder = mkdtempSync(join(tmpdir(), "kadun-proofs-"));
  readonly written: Written[] = [];
  private nowMs = START_MS;
  private readonly world = new MemoryLogWorld(
    { [Topic.JOURNAL]: 1, [Topic.DECISIONS]: 1, [Topic.DAY_PROOFS]: 1 },
    { clock: { now: () => this.nowMs } as Clock },
  );
  log = this.openLog();
  lines: ProofLines | null = null;
  prover: PartitionProver | null = null;
  /** Written again now and then, as an owner does that did not know it had lost the partition. */
  private answered: (readonly [offset: number, sequence: number, json: string])[] = [];

  constructor(private readonly limits = STRETCH_LIMITS) {}

  journal(afterMs: number, person: string, json: string, outcomes: readonly string[]): void {
    this.nowMs += afterMs;
    const { end: offset } = this.world.bounds(Topic.JOURNAL, 0);
    this.world.append(Topic.JOURNAL, 0, [{ key: person, value: encodeJsonBody(json), header: NO_HEADER }]);
    const before = this.written.at(-1)?.appendedAtMs ?? 0;
    this.written.push({ offset, appendedAtMs: Math.max(before, this.nowMs), person, json, outcomes });
  }

  /** The journal up to there, where it was not. */
  answer(count = this.written.length): void {
    const from = this.answered.at(-1)?.[0] ?? -1;
    for (const { offset, outcomes } of this.written.slice(0, count))
      if (offset > from)
        for (const [sequence, json] of outcomes.entries()) this.outcome(offset, sequence, json);
  }

  outcome(offset: number, sequence: number, json: string): void {
    this.world.append(Topic.DECISIONS, 0, [
      { key: "", value: encodeJsonBody(json), header: encodePosition({ journalOffset: offset, sequence }) },
    ]);
    this.answered.push([offset, sequence, json]);
  }

  answerAgain(last: number): void {
    const again = this.answered.slice(-last);
    for (const each of again) this.outcome(...each);
  }

  async open(): Promise<PartitionProver> {
    const producer = await this.log.producer(Topic.DAY_PROOFS);
    this.lines = await ProofLines.open({ log: this.log, producer, partition: 0, path: this.linesPath });
    this.prover = await PartitionProver.open({ ...this.parts, signer: () => signer, limits: this.limits });
    return this.prover;
  }

  /** Where nothing is, there will be nothing: nobody writes while it is read. */
  private openLog(): MemoryEventLog {
    return new MemoryEventLog(this.world, { clock: { now: () => this.nowMs, sleep: async () => {} } });
  }

  get linesPath(): string {
    return join(this.folder, "00000.ndjson");
  }

  get leavesFolder(): string {
    return join(this.folder, "leaves");
  }

  get parts() {
    return { log: this.log, partition: 0, lines: this.lines!, leavesFolder: this.leavesFolder };
  }

  async stretches(person: string, fromOffset = 0): Promise<PersonStretch[]> {
    const found: PersonStretch[] = [];
    for await (const each of personStretches(this.parts, person, fromOffset)) found.push(each);
    return found;
  }

  async readAll(): Promise<void> {
    const prover = this.prover ?? (await this.open());
    while (await prover.step());
  }

  /** Without a word, as kill -9 does. */
  async kill(): Promise<void> {
    await this.log.close();
    this.log = this.openLog();
    this.prover = null;
  }

  topicLines(): Promise<readonly string[]> {
    return this.log.reader(Topic.DAY_PROOFS, 0, 0).then(async (reader) => {
      const records = await reader.read({ recordsMax: 10_000, bytesMax: 1e9, waitMs: 0 });
      return records.map(({ value }) => Buffer.from(value).toString());
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

const swipe = (n: number) => `{"type":"swipe","eventId":"e${n}"}`;
const DECISION = '{"type":"decision"}';
const TRANSITION = '{"type":"transition","applied":true}';

/** Everything that is signed, against the logs as they were written. */
async function checkSigned(office: Office): Promise<void> {
  const texts = office.lines!.all.map(({ text }) => text);
  expect(readFileSync(office.linesPath, "utf8")).toBe(texts.map((text) => `${text}\n`).join(""));
  expect([...new Set(await office.topicLines())]).toEqual(texts);
  const lines = texts.map((text) => readSignedLine(text)!);
  for (const [index, line] of lines.entries()) {
    expect(follows(line, lines[index - 1] ?? null)).toBe(true);
    expect(isSignedBy(line, signer.publicKey)).toBe(true);
    const { fromOffset, endOffset, day } = line.proof;
    for (const { appendedAtMs } of office.written.slice(fromOffset, endOffset))
      expect(shanghaiDayOf(appendedAtMs)).toBe(day);
  }
  for (const person of [...PEOPLE, "f".repeat(32)]) {
    const stretches = await office.stretches(person);
    expect(stretches.map(({ proofLine }) => proofLine)).toEqual(texts);
    for (const [index, { proof, offsets }] of stretches.entries()) {
      const { fromOffset, endOffset } = lines[index]!.proof;
      const own = office.written.slice(fromOffset, endOffset).filter((each) => each.person === person);
      expect(offsets).toEqual(own.map(({ offset }) => offset));
      const digest = own.length === 0 ? null : digestOf(own.flatMap(linesOf));
      expect(personProofFault(lines[index]!.proof, person, proof, digest)).toBeNull();
    }
  }
}

function linesOf({ outcomes, ...record }: Written): string[] {
  return [
    journalLine(record),
    ...outcomes.map((json, sequence) => outcomeLine({ journalOffset: record.offset, sequence, json })),
  ];
}

type Act =
  | {
      readonly act: "swipe" | "status" | "fact" | "heartbeat";
      readonly who: number;
      readonly afterMs: number;
    }
  | { readonly act: "answer" | "again" | "step" | "seal" | "kill"; readonly count: number }
  | { readonly act: "damage"; readonly which: "line" | "lines" | "leaf" | "leaves"; readonly at: number };

const HOUR_MS = 3_600_000;
const afterMs = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -1000, max: HOUR_MS }) },
  { weight: 1, arbitrary: fc.integer({ min: -12 * HOUR_MS, max: 80 * HOUR_MS }) },
);
const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      act: fc.constantFrom("swipe", "swipe", "status", "fact", "heartbeat"),
      who: fc.nat(4),
      afterMs,
    }),
  },
  {
    weight: 7,
    arbitrary: fc.record({
      act: fc.constantFrom("answer", "again", "step", "seal", "kill"),
      count: fc.nat(6),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      act: fc.constant("damage"),
      which: fc.constantFrom("line", "lines", "leaf", "leaves"),
      at: fc.nat(1000),
    }),
  },
);

async function run(office: Office, acts: readonly Act[]): Promise<void> {
  for (const [n, each] of acts.entries()) await take(office, each, n);
  office.journal(0, PEOPLE[0]!, swipe(acts.length), [DECISION]);
  office.answer();
  await office.readAll();
  await office.prover!.seal();
}

async function take(office: Office, each: Act, n: number): Promise<void> {
  switch (each.act) {
    case "swipe":
      return office.journal(each.afterMs, PEOPLE[each.who]!, swipe(n), [DECISION]);
    case "status": {
      const revisions = Array.from({ length: each.who }, () => '{"type":"revision"}');
      const json = `{"type":"card-status","eventId":"e${n}"}`;
      return office.journal(each.afterMs, PEOPLE[each.who]!, json, [TRANSITION, ...revisions]);
    }
    case "fact":
      return office.journal(each.afterMs, PEOPLE[each.who]!, `{"type":"person-fact","eventId":"e${n}"}`, []);
    case "heartbeat":
      return office.journal(each.afterMs, "", '{"type":"heartbeat"}', []);
    case "answer":
      return office.answer(office.written.length - each.count);
    case "again":
      return office.answerAgain(each.count);
    case "step":
      await (office.prover ?? (await office.open())).step();
      return;
    case "seal":
      await (office.prover ?? (await office.open())).seal();
      return;
    case "kill":
      return office.kill();
    case "damage":
      await office.kill();
      return damage(office, each);
  }
}

/** What a cut of the power, or somebody, may leave. */
function damage({ folder, linesPath, leavesFolder }: Office, { which, at }: Act & { act: "damage" }): void {
  if (!readdirSync(folder).includes("leaves")) return;
  if (which === "lines") rmSync(linesPath, { force: true });
  if (which === "leaves") rmSync(leavesFolder, { recursive: true });
  if (which === "line" && readdirSync(folder).includes("00000.ndjson")) {
    const { length } = readFileSync(linesPath);
    truncateSync(linesPath, Math.max(0, length - (at % 300)));
  }
  if (which === "leaf") {
    const files = readdirSync(leavesFolder);
    const path = join(leavesFolder, files[at % files.length]!);
    const bytes = readFileSync(path);
    bytes[at % bytes.length]! ^= 1;
    writeFileSync(path, bytes);
  }
}

describe("day proofs", () => {
  it.each([
    ["", STRETCH_LIMITS],
    [" in parts of three persons or seven records", { personsMax: 3, recordsMax: 7 }],
  ])("of any journal%s, with kills, seals and damage, are those of the whole logs", async (_, limits) => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 10, maxLength: 60 }), async (acts) => {
        const office = new Office(limits);
        try {
          await run(office, acts);
          await checkSigned(office);
        } finally {
          office.remove();
        }
      }),
      { numRuns: 60 },
    );
  });

  it("are the same lines, byte for byte, whenever the process was killed", async () => {
    const [whole, killed] = [new Office(), new Office()];
    for (const office of [whole, killed])
      for (let n = 0; n < 40; n++) {
        office.journal(3 * HOUR_MS, PEOPLE[n % 5]!, swipe(n), [DECISION]);
        office.answer();
        if (office === killed) {
          await office.readAll();
          await office.kill();
        }
      }
    await whole.readAll();
    await killed.readAll();
    expect(whole.lines!.all.length).toBeGreaterThan(4);
    expect(killed.lines!.all).toEqual(whole.lines!.all);
    for (const office of [whole, killed]) office.remove();
  });

  it("of a day without a record are there when a later day begins, and empty", async () => {
    const office = new Office();
    office.journal(0, PEOPLE[0]!, swipe(0), [DECISION]);
    office.journal(3 * 24 * HOUR_MS, PEOPLE[0]!, swipe(1), [DECISION]);
    office.answer();
    await office.readAll();
    const first = shanghaiDayOf(START_MS);
    const days = [first, dayAfter(first), dayAfter(dayAfter(first))];
    expect(office.lines!.all.map(({ proof }) => [proof.day, proof.persons, proof.isDayClosed])).toEqual(
      days.map((day, index) => [day, index === 0 ? 1 : 0, true]),
    );
    office.remove();
  });

  it("hold a swipe that is the last once its decision is there, a status record only when something later is answered", async () => {
    const office = new Office();
    office.journal(0, PEOPLE[0]!, swipe(0), [DECISION]);
    await office.readAll();
    expect(await office.prover!.seal()).toBeNull();
    office.answer();
    await office.readAll();
    expect(readSignedLine((await office.prover!.seal())!)!.proof.endOffset).toBe(1);
    office.journal(0, PEOPLE[1]!, '{"type":"card-status"}', [TRANSITION, '{"type":"revision"}']);
    office.outcome(1, 0, TRANSITION);
    await office.readAll();
    expect(readSignedLine((await office.prover!.seal())!)!.proof.endOffset).toBe(1);
    office.outcome(1, 1, '{"type":"revision"}');
    office.journal(0, PEOPLE[2]!, swipe(2), [DECISION]);
    office.outcome(2, 0, DECISION);
    await office.readAll();
    const sealed = await office.prover!.seal();
    expect(readSignedLine(sealed!)!.proof.endOffset).toBe(3);
    expect(await office.prover!.seal()).toBe(sealed);
    await checkSigned(office);
    office.remove();
  });

  it.each([
    ["a swipe has no outcome and a later one has", [[1, 0]]],
    [
      "a swipe has a second outcome",
      [
        [0, 0],
        [0, 1],
        [1, 0],
      ],
    ],
    [
      "the first of a record's outcomes is missing",
      [
        [0, 1],
        [1, 0],
      ],
    ],
  ] as const)("are not made where %s", async (_, outcomes) => {
    const office = new Office();
    for (let n = 0; n < 2; n++) office.journal(0, PEOPLE[n]!, swipe(n), []);
    await office.readAll();
    const steps = async () => {
      for (const [offset, sequence] of outcomes) {
        office.outcome(offset, sequence, DECISION);
        await office.prover!.step();
        await office.prover!.step();
      }
    };
    await expect(steps()).rejects.toMatchObject({ code: "OUTCOMES_WRONG" });
    office.remove();
  });

  it("stop where a line of the file was changed, and where file and topic are of two installations", async () => {
    const [office, other] = [new Office(), new Office()];
    for (const [hours, each] of [
      [30, office],
      [50, other],
    ] as const) {
      each.journal(0, PEOPLE[0]!, swipe(0), [DECISION]);
      each.journal(hours * HOUR_MS, PEOPLE[1]!, swipe(1), [DECISION]);
      each.answer();
      await each.readAll();
      await each.prover!.seal();
      await each.kill();
    }
    const text = readFileSync(office.linesPath, "utf8");
    writeFileSync(office.linesPath, text.replace('"persons":1', '"persons":2'));
    await expect(office.open()).rejects.toMatchObject({ code: "FORKED" });
    await office.kill();
    writeFileSync(office.linesPath, text.replace('"persons":1', '"persons": 1'));
    await expect(office.open()).rejects.toMatchObject({ code: "DAMAGED" });
    await office.kill();
    writeFileSync(office.linesPath, readFileSync(other.linesPath));
    await expect(office.open()).rejects.toMatchObject({ code: "FORKED" });
    for (const each of [office, other]) each.remove();
  });

  it("of leaves that are lost with the logs are refused by name", async () => {
    const office = new Office();
    for (let n = 0; n < 3; n++) office.journal(30 * HOUR_MS, PEOPLE[n]!, swipe(n), [DECISION]);
    office.answer();
    await office.readAll();
    await office.log.trim(Topic.JOURNAL, 0, 1);
    expect(await office.stretches(PEOPLE[1]!)).toHaveLength(office.lines!.all.length);
    rmSync(office.leavesFolder, { recursive: true });
    await expect(office.stretches(PEOPLE[1]!)).rejects.toMatchObject({ code: "RECORDS_MISSING" });
    office.remove();
  });
});
