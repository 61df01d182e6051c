/**
 * The records of a journal partition with their outcomes, in order, each when its outcomes are known to be all there.
 *
 * Owns: where it stands in both logs.
 * Does not own: the logs.
 *
 * 1. An outcome comes once: what was appended again after a crash is not above the one before it.
 * 2. A record's outcomes are all there once the log holds one of a later record, since owners append in the order of the
 *    journal; or where its kind has one outcome (or none) and that is there. Until then it and all behind it wait.
 * 3. What must have an outcome and has none, and what has one after it was complete, is an error: nothing is skipped.
 */

import type { EventLog, LoggedRecord, LogReader } from "../../../platform/event-log/event-log.js";
import type { OutcomeLine } from "../../../schemas/evidence/lines.js";
import { jsonOfBody } from "../../../schemas/log-body.js";
import { decodePosition, isAbove, type OutcomePosition, Topic } from "../../../schemas/topics.js";
import { DayProofError } from "./day-proof-error.js";
import { isAlone, mustBeAnswered, type OutcomeCount, outcomeCountOf } from "./outcome-count.js";

export interface AnsweredRecord {
  readonly logged: LoggedRecord;
  readonly outcomes: readonly OutcomeLine[];
  /** The last outcome of the log up to this record; null where there was none yet. */
  readonly lastOutcome: LoggedOutcomePlace | null;
}

/** Where one begins. */
export interface LogPlace {
  /** Offset of the first journal record. */
  readonly journalOffset: number;
  /** The last outcome read before it, by which one finds the next; null: from the first of the log. */
  readonly outcome: LoggedOutcomePlace | null;
}

export interface LoggedOutcomePlace extends OutcomePosition {
  /** In the decisions log. */
  readonly logOffset: number;
}

/** What a process does between two other things: some 5 ms of hashing. */
const READ_LIMITS = { recordsMax: 500, bytesMax: 2_000_000, waitMs: 50 } as const;
const ONE_RECORD = { recordsMax: 1, bytesMax: Number.POSITIVE_INFINITY, waitMs: 5_000 } as const;
/** Above every sequence. */
const BEHIND_ALL = 0xffff_ffff;

export class AnsweredRecords {
  private readonly taken: OutcomeLine[] = [];
  private lastOutcome: LoggedOutcomePlace | null;
  private highest: OutcomePosition;

  private constructor(
    private readonly partition: number,
    private readonly journal: Ahead,
    private readonly outcomes: Ahead,
    { journalOffset, outcome }: LogPlace,
  ) {
    this.lastOutcome = outcome;
    this.highest = { journalOffset: journalOffset - 1, sequence: BEHIND_ALL };
  }

  /** @throws DayProofError RECORDS_MISSING where the journal begins later; EventLogError. */
  static async open(log: EventLog, partition: number, place: LogPlace): Promise<AnsweredRecords> {
    const { start } = await log.bounds(Topic.JOURNAL, partition);
    if (start > place.journalOffset)
      throw new DayProofError(
        "RECORDS_MISSING",
        `journal partition ${partition} begins with offset ${start}, day proofs go on at ${place.journalOffset}: records between were trimmed; name the archive by which (KADUN_ARCHIVE)`,
      );
    const from = await outcomesFrom(log, partition, place.outcome);
    const journal = new Ahead(await log.reader(Topic.JOURNAL, partition, place.journalOffset));
    try {
      const outcomes = new Ahead(await log.reader(Topic.DECISIONS, partition, from));
      return new AnsweredRecords(partition, journal, outcomes, place);
    } catch (error) {
      await journal.close();
      throw error;
    }
  }

  /** Offset of the next journal record. */
  get position(): number {
    return this.journal.position;
  }

  /** Offset of the first outcome that was not looked at. */
  get outcomesPosition(): number {
    return this.outcomes.position;
  }

  /**
   * The next records, none where more has to come first.
   * @param endOffset no record at or behind it.
   * @throws DayProofError OUTCOMES_WRONG, LogBodyError, EventLogError.
   */
  async *next(endOffset = Number.POSITIVE_INFINITY): AsyncGenerator<AnsweredRecord> {
    await this.journal.fill();
    await this.outcomes.fill();
    for (;;) {
      const logged = this.journal.first;
      if (logged === undefined || logged.offset >= endOffset) return;
      if (!this.isAnswered(logged)) {
        if (!(await this.outcomes.fill())) return;
        continue;
      }
      const outcomes = this.taken.splice(0);
      this.journal.shift();
      yield { logged, outcomes, lastOutcome: this.lastOutcome };
    }
  }

  async close(): Promise<void> {
    await this.journal.close();
    await this.outcomes.close();
  }

  /** Takes the record's outcomes as far as they are read. */
  private isAnswered(logged: LoggedRecord): boolean {
    for (;;) {
      const outcome = this.outcomes.first;
      if (outcome === undefined) return this.isCountReached(logged);
      const position = decodePosition(outcome.header);
      const isNew = isAbove(position, this.highest);
      if (isNew && position.journalOffset > logged.offset) break;
      if (isNew) this.take(logged, outcome, position);
      this.outcomes.shift();
    }
    this.checkAnswered(logged);
    return true;
  }

  private take(logged: LoggedRecord, outcome: LoggedRecord, position: OutcomePosition): void {
    if (position.journalOffset < logged.offset || position.sequence !== this.taken.length)
      throw this.wrong(
        position.journalOffset,
        `has the outcome of sequence ${position.sequence} where ${this.taken.length} is the next, or none`,
      );
    this.highest = position;
    this.lastOutcome = { ...position, logOffset: outcome.offset };
    this.taken.push({ ...position, json: jsonOfBody(outcome.value) });
  }

  private isCountReached(logged: LoggedRecord): boolean {
    const count: OutcomeCount = outcomeCountOf(logged.value);
    const [first] = this.taken;
    if (count === "none") return true;
    return first !== undefined && (count === "one" || isAlone(first.json));
  }

  private checkAnswered(logged: LoggedRecord): void {
    if (this.taken.length > 0 || !mustBeAnswered(logged.value)) return;
    throw this.wrong(logged.offset, "has no outcome, later records have");
  }

  private wrong(journalOffset: number, what: string): DayProofError {
    const { partition } = this;
    return new DayProofError(
      "OUTCOMES_WRONG",
      `journal partition ${partition}, offset ${journalOffset}: ${what}; journal and decisions come from different backups, or outcomes were lost`,
    );
  }
}

/** Where the outcomes behind the last one read begin. Where another one stands there now, the log was written again. */
async function outcomesFrom(
  log: EventLog,
  partition: number,
  last: LoggedOutcomePlace | null,
): Promise<number> {
  const { start, end } = await log.bounds(Topic.DECISIONS, partition);
  if (last === null || last.logOffset < start || last.logOffset >= end) return start;
  const reader = await log.reader(Topic.DECISIONS, partition, last.logOffset);
  try {
    const [record] = await reader.read(ONE_RECORD);
    return record !== undefined && isAt(record, last) ? last.logOffset + 1 : start;
  } finally {
    await reader.close();
  }
}

function isAt({ header }: LoggedRecord, { journalOffset, sequence }: OutcomePosition): boolean {
  const position = decodePosition(header);
  return position.journalOffset === journalOffset && position.sequence === sequence;
}

/** A log with its next record in sight. */
class Ahead {
  private batch: readonly LoggedRecord[] = [];
  private next = 0;

  constructor(private readonly reader: LogReader) {}

  get first(): LoggedRecord | undefined {
    return this.batch[this.next];
  }

  get position(): number {
    return this.first?.offset ?? this.reader.position;
  }

  shift(): void {
    this.next++;
  }

  /** Reads where all was taken. @returns is there a next record? */
  async fill(): Promise<boolean> {
    if (this.first !== undefined) return true;
    this.batch = await this.reader.read(READ_LIMITS);
    this.next = 0;
    return this.batch.length > 0;
  }

  close(): Promise<void> {
    return this.reader.close();
  }
}
