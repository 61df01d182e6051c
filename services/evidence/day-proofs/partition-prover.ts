/**
 * Makes the day proofs of one partition from its logs.
 *
 * Owns: the open stretch, its lines, the files of leaves.
 * Does not own: the logs, the signer, when it is called (day-proofs-service.ts, one call of `step` or `seal` at a time).
 *
 * 1. Only closed stretches are kept: whoever is killed reads the open one again. What comes of it depends on the logs and
 *    on where stretches were closed early, on nothing else.
 * 2. A stretch holds records whose outcomes are all there (answered-records.ts).
 * 3. Every day from the first record on has its line: days without a record an empty one, made when a later day begins.
 * 4. A file of leaves is on the disk before its line is published. It can be made again from the logs.
 */

import { join } from "node:path";
import type { EventLog } from "../../../platform/event-log/event-log.js";
import type { Signer } from "../../../platform/signer/signer.js";
import type { DayProof, PersonProof } from "../../../schemas/evidence/day-proof.js";
import { Topic } from "../../../schemas/topics.js";
import { type AnsweredRecord, AnsweredRecords } from "./answered-records.js";
import { DayProofError } from "./day-proof-error.js";
import { leafKeyOf, personKeyBytes } from "./leaf.js";
import { LeavesFile, type StretchEnd } from "./leaves-file.js";
import { OpenStretch } from "./open-stretch.js";
import type { ProofLines } from "./proof-lines.js";
import { dayAfter, shanghaiDayOf } from "./shanghai-day.js";
import { type SignedLine, signedLine } from "./signed-line.js";

export interface StretchLimits {
  readonly personsMax: number;
  /** Journal records, those without a person too. */
  readonly recordsMax: number;
}

/** What is held while it is open and what closing it takes are bounded by it. A larger day has several parts. */
export const STRETCH_LIMITS: StretchLimits = { personsMax: 100_000, recordsMax: 1_000_000 };
/** A clock that jumped by years: so many lines are signed before they are published together. */
const LINES_MAX = 366;
const INDEX_DIGITS = 7;

export interface ProverParts {
  /** Journal and decisions, of an archive too where the journal was trimmed before there were proofs. */
  readonly log: EventLog;
  readonly partition: number;
  readonly lines: ProofLines;
  /** Of this partition; nobody else's. */
  readonly leavesFolder: string;
  readonly signer: () => Pick<Signer, "keyId" | "ed25519">;
  readonly limits: StretchLimits;
}

/** A stretch with one person's place in it. */
export interface PersonStretch {
  /** As it was published, without line feed. */
  readonly proofLine: string;
  readonly proof: PersonProof;
  /** Journal offsets of the person's records, ascending. */
  readonly offsets: readonly number[];
}

/** Reads without a record of a log that holds it: each waits for 50 ms, a broker may be moving. */
const IDLE_MAX = 100;
const FIRST: StretchEnd = { appendedAtMaxMs: 0, outcome: null };

export class PartitionProver {
  /** Signed and not published yet. */
  private drafts: SignedLine[] = [];

  private constructor(
    private readonly parts: ProverParts,
    private readonly records: AnsweredRecords,
    private stretch: OpenStretch,
    /** Behind the last record of the open stretch. */
    private end: StretchEnd,
    /** That is open; null before the first record. */
    private day: string | null,
    private part: number,
  ) {}

  /** Where the lines end. @throws DayProofError, EventLogError. */
  static async open(parts: ProverParts): Promise<PartitionProver> {
    const { log, partition, lines } = parts;
    const last = lines.last?.proof;
    const { start } = await log.bounds(Topic.JOURNAL, partition);
    const journalOffset = last?.endOffset ?? start;
    const end = await endBefore(parts, lines.all.length);
    const records = await AnsweredRecords.open(log, partition, { journalOffset, outcome: end.outcome });
    const day = last === undefined ? null : last.isDayClosed ? dayAfter(last.day) : last.day;
    const part = last === undefined || last.isDayClosed ? 1 : last.part + 1;
    return new PartitionProver(parts, records, new OpenStretch(journalOffset), end, day, part);
  }

  /** Offset of the first journal record that is in no stretch yet, the open one included. */
  get position(): number {
    return this.stretch.endOffset;
  }

  /** Offset of the first outcome not looked at: with it at the log's end, records that wait have no more outcomes yet. */
  get outcomesPosition(): number {
    return this.records.outcomesPosition;
  }

  /** Takes some records. @returns were there any? After a failure it is opened anew. */
  async step(): Promise<boolean> {
    const from = this.position;
    for await (const record of this.records.next()) await this.take(record);
    await this.publish();
    return this.position > from;
  }

  /** Closes what is open, where it holds a person. @returns the last line; null where there is none. */
  async seal(): Promise<string | null> {
    if (this.stretch.persons > 0) await this.closeStretch(false);
    await this.publish();
    return this.parts.lines.last?.text ?? null;
  }

  close(): Promise<void> {
    return this.records.close();
  }

  private async take(record: AnsweredRecord): Promise<void> {
    const { logged, lastOutcome: outcome } = record;
    const appendedAtMaxMs = Math.max(this.end.appendedAtMaxMs, logged.appendedAtMs);
    await this.beginDay(shanghaiDayOf(appendedAtMaxMs));
    this.stretch.add(record, appendedAtMaxMs);
    this.end = { appendedAtMaxMs, outcome };
    const { personsMax, recordsMax } = this.parts.limits;
    if (this.stretch.persons >= personsMax || this.stretch.records >= recordsMax)
      await this.closeStretch(false);
  }

  /** Closes all days before this one: the open one, and those in which nothing was. */
  private async beginDay(day: string): Promise<void> {
    if (this.day === null) this.day = day;
    if (day < this.day) throw new Error(`day ${day} of a record behind one of day ${this.day}`);
    while (this.day !== day) await this.closeStretch(true);
  }

  private async closeStretch(isDayClosed: boolean): Promise<void> {
    const { partition, signer, lines, leavesFolder } = this.parts;
    const { fromOffset, endOffset } = this.stretch;
    const [day, part] = [this.day!, this.part];
    const leaves = new LeavesFile(this.end, this.stretch.sorted(day));
    const persons = leaves.persons.count;
    const place = { partition, day, fromOffset, endOffset, persons };
    const index = lines.all.length + this.drafts.length;
    if (endOffset > fromOffset) await leaves.write(leavesPath(leavesFolder, index), place);
    const previous = this.drafts.at(-1) ?? lines.last;
    const line = await signedLine(signer(), previous, { ...place, part, isDayClosed, root: leaves.root });
    this.drafts.push(line);
    this.stretch = new OpenStretch(endOffset);
    this.day = isDayClosed ? dayAfter(day) : day;
    this.part = isDayClosed ? 1 : part + 1;
    if (this.drafts.length >= LINES_MAX) await this.publish();
  }

  private async publish(): Promise<void> {
    const { drafts } = this;
    this.drafts = [];
    if (drafts.length > 0) await this.parts.lines.append(drafts);
  }
}

/**
 * The stretches from the one that holds `fromOffset` on, each with the person's place in it.
 * @throws DayProofError RECORDS_MISSING where a file of leaves is lost, and the logs do not hold its stretch any more.
 */
export async function* personStretches(
  parts: Pick<ProverParts, "log" | "partition" | "lines" | "leavesFolder">,
  personKey: string,
  fromOffset: number,
): AsyncGenerator<PersonStretch> {
  const key = personKeyBytes(personKey);
  for (const [index, line] of [...parts.lines.all].entries()) {
    const { proof, text: proofLine } = line;
    if (proof.endOffset < fromOffset || (proof.endOffset === fromOffset && !isEmpty(proof))) continue;
    if (isEmpty(proof)) {
      yield { proofLine, proof: { found: "absent", left: null, right: null }, offsets: [] };
      continue;
    }
    const { proven, persons } = await leavesOf(parts, index);
    const leafKey = leafKeyOf(proof.day, key);
    const at = proven.find(leafKey);
    yield { proofLine, proof: proven.proofOf(leafKey), offsets: at < 0 ? [] : persons.offsetsAt(at) };
  }
}

type LeavesParts = Pick<ProverParts, "log" | "partition" | "lines" | "leavesFolder">;

/** Of the line at `index`, which is of records. Read from the logs again where the file is not sound. */
async function leavesOf(parts: LeavesParts, index: number): Promise<LeavesFile> {
  const { proof } = parts.lines.all[index]!;
  const path = leavesPath(parts.leavesFolder, index);
  const stored = await LeavesFile.read(path, proof);
  if (stored !== null) return stored;
  const made = await leavesFromLogs(parts, proof, await endBefore(parts, index));
  await made.write(path, proof);
  return made;
}

/** How the stretch of the line at `index` begins. */
async function endBefore(parts: LeavesParts, index: number): Promise<StretchEnd> {
  // Of those that are lost, the first is made first.
  const lost: number[] = [];
  let end = FIRST;
  for (let at = index - 1; at >= 0; at--) {
    const { proof } = parts.lines.all[at]!;
    if (isEmpty(proof)) continue;
    const stored = await LeavesFile.read(leavesPath(parts.leavesFolder, at), proof);
    if (stored !== null) {
      end = stored.end;
      break;
    }
    lost.push(at);
  }
  for (const at of lost.reverse()) {
    const { proof } = parts.lines.all[at]!;
    const made = await leavesFromLogs(parts, proof, end);
    await made.write(leavesPath(parts.leavesFolder, at), proof);
    end = made.end;
  }
  return end;
}

async function leavesFromLogs(
  { log, partition }: LeavesParts,
  { fromOffset: journalOffset, endOffset, day, root }: DayProof,
  begin: StretchEnd,
): Promise<LeavesFile> {
  const records = await AnsweredRecords.open(log, partition, { journalOffset, outcome: begin.outcome });
  try {
    const stretch = new OpenStretch(journalOffset);
    let end = begin;
    for (let idle = 0; stretch.endOffset < endOffset; ) {
      const from = stretch.endOffset;
      for await (const record of records.next(endOffset)) {
        const appendedAtMaxMs = Math.max(end.appendedAtMaxMs, record.logged.appendedAtMs);
        stretch.add(record, appendedAtMaxMs);
        end = { appendedAtMaxMs, outcome: record.lastOutcome };
      }
      idle = stretch.endOffset > from ? 0 : idle + 1;
      if (idle === IDLE_MAX) throw notAgain(partition, journalOffset, "are not in the logs");
    }
    const leaves = new LeavesFile(end, stretch.sorted(day));
    if (leaves.root !== root) throw notAgain(partition, journalOffset, "have another root than was signed");
    return leaves;
  } finally {
    await records.close();
  }
}

function notAgain(partition: number, fromOffset: number, what: string): DayProofError {
  return new DayProofError(
    "RECORDS_MISSING",
    `journal partition ${partition}: the leaves of the stretch from offset ${fromOffset} are lost, and its records ${what}; restore the folder 'leaves' from a backup`,
  );
}

function isEmpty({ fromOffset, endOffset }: Pick<DayProof, "fromOffset" | "endOffset">): boolean {
  return fromOffset === endOffset;
}

function leavesPath(folder: string, index: number): string {
  return join(folder, `${String(index).padStart(INDEX_DIGITS, "0")}.leaves`);
}
