/**
 * Records that were refused, kept until somebody corrects what refused them: each sealed whole, for it may hold
 * anything a person must not read.
 *
 * Owns: the entries of `kadun.dead-letters` (partition 0: they are few and their order is that of arrival), and which
 * of them were driven again (`dead-letter/<offset>` in the store, which all processes share).
 * Does not own: accepting and the journal; the caller gives both to `redrive`.
 *
 * 1. A parked record is durable when `park` resolves.
 * 2. Driven again is remembered after the journal has the record. A crash in between drives it once more; the judge
 *    knows repeats.
 * 3. Driving again follows the order of arrival.
 * 4. Several processes may park into the one partition. Two that drive again at the same time may append a record
 *    twice, each before it sees the other's note; as in 2 the judge knows repeats.
 */

import type { EventLog, LoggedRecord, LogProducer } from "../../platform/event-log/event-log.js";
import type { SealedBox } from "../../platform/sealed-box/sealed-box.js";
import type { JournalRecord } from "../../schemas/journal.js";
import type { RawType } from "../../schemas/raw.js";
import { Topic } from "../../schemas/topics.js";
import { type DeadLetter, decodeDeadLetter, encodeDeadLetter } from "./dead-letter.js";
import { GroupCommit } from "./group-commit.js";
import type { KeyValues } from "./key-values.js";
import type { Refusal } from "./refusal.js";

const PARTITION = 0;
const CONTEXT = "dead-letter";
const PREFIX = "dead-letter/";
const OFFSET_DIGITS = 16;
const REDRIVEN = Uint8Array.of(1);
const NO_HEADER = new Uint8Array(0);
const READ_LIMITS = { recordsMax: 200, bytesMax: 8 << 20, waitMs: 0 };

export type ParkedLetter = Omit<DeadLetter, "isCut">;

export interface ListedLetter extends DeadLetter {
  readonly offset: number;
  readonly isRedriven: boolean;
}

export interface RedriveOptions {
  /** As at the gateway: the record type of the address counts. */
  readonly accept: (original: Uint8Array, expects: RawType) => JournalRecord | Refusal;
  /** Resolves when the journal has the record. */
  readonly append: (record: JournalRecord) => Promise<unknown>;
  readonly fromOffset?: number;
  readonly max?: number;
}

export interface StillRefused {
  readonly offset: number;
  readonly code: string;
  readonly field: string;
  readonly reason: string;
}

export interface RedriveResult {
  readonly redriven: number;
  /** Driven again by an earlier run. */
  readonly skipped: number;
  readonly stillRefused: readonly StillRefused[];
}

export interface DeadLettersOptions {
  readonly log: EventLog;
  readonly producer: LogProducer;
  readonly box: SealedBox;
  readonly store: KeyValues;
}

export class DeadLetters {
  private readonly log: EventLog;
  private readonly box: SealedBox;
  private readonly store: KeyValues;
  private readonly commit: GroupCommit;

  constructor({ log, producer, box, store }: DeadLettersOptions) {
    this.log = log;
    this.box = box;
    this.store = store;
    this.commit = new GroupCommit({ producer, partitionCount: PARTITION + 1 });
  }

  /** @throws as GroupCommit.append. */
  async park(letter: ParkedLetter): Promise<void> {
    const value = this.box.seal(encodeDeadLetter(letter), CONTEXT);
    await this.commit.append(PARTITION, { key: letter.source, value, header: NO_HEADER });
  }

  /** In the order of arrival. @throws SealedBoxError where the key is another. */
  async *list(fromOffset = 0, max = Number.POSITIVE_INFINITY): AsyncIterable<ListedLetter> {
    const { start, end } = await this.log.bounds(Topic.DEAD_LETTERS, PARTITION);
    const from = Math.max(start, fromOffset);
    if (from >= end || max <= 0) return;
    const reader = await this.log.reader(Topic.DEAD_LETTERS, PARTITION, from);
    let rest = Math.min(max, end - from);
    try {
      while (rest > 0) {
        const batch = await reader.read({
          ...READ_LIMITS,
          recordsMax: Math.min(rest, READ_LIMITS.recordsMax),
        });
        if (batch.length === 0) return;
        for (const record of batch) yield await this.opened(record);
        rest -= batch.length;
      }
    } finally {
      await reader.close();
    }
  }

  /** Accepts again what was refused. What is refused still stays, and is reported with its new reason. */
  async redrive({ accept, append, fromOffset, max }: RedriveOptions): Promise<RedriveResult> {
    const stillRefused: StillRefused[] = [];
    let redriven = 0;
    let skipped = 0;
    for await (const letter of this.list(fromOffset, max)) {
      if (letter.isRedriven) {
        skipped += 1;
        continue;
      }
      const result = accept(letter.original, letter.expects);
      if ("refused" in result) {
        const { code, field, reason } = result;
        stillRefused.push({ offset: letter.offset, code, field, reason });
        continue;
      }
      await append(result);
      await this.store.put(redrivenKey(letter.offset), REDRIVEN);
      redriven += 1;
    }
    return { redriven, skipped, stillRefused };
  }

  /** Takes nothing new, waits for what is under way. */
  close(): Promise<void> {
    return this.commit.close();
  }

  private async opened({ offset, value }: LoggedRecord): Promise<ListedLetter> {
    const isRedriven = (await this.store.get(redrivenKey(offset))) !== null;
    return { ...decodeDeadLetter(this.box.open(value, CONTEXT)), offset, isRedriven };
  }
}

function redrivenKey(offset: number): string {
  return `${PREFIX}${String(offset).padStart(OFFSET_DIGITS, "0")}`;
}
