/**
 * Canonical records straight into the journal, at an even rate: more than a test's HTTP could carry on a small machine.
 *
 * Owns: the rate, one append per partition under way. Does not own: the producer, the records.
 */

import { setTimeout as wait } from "node:timers/promises";
import { generateCity, type RawLine } from "../../bench/city/city.js";
import { loadBundle } from "../../cli/bundle-files.js";
import type { LogEntry, LogProducer } from "../../platform/event-log/event-log.js";
import { encodeBody } from "../../schemas/log-body.js";
import { partitionOf } from "../../schemas/topics.js";
import { acceptBytes, isRefusal } from "../../services/ingest/accept.js";
import { ALL_ZERO_KEY, Tokeniser } from "../../services/ingest/tokens.js";
import { until } from "./until.js";

const TICK_MS = 10;
/** As many as one append of the gateway's group commit takes. */
const APPEND_MAX = 500;
const NO_HEADER = new Uint8Array(0);

export interface PreparedRecord {
  readonly partition: number;
  readonly entry: LogEntry;
}

/**
 * Records of a seeded city as ingest would append them, without an end: when the city is over it is lived again by other
 * persons. The city is made before the first one is asked for: that takes its time, in which nothing else happens here.
 */
export function preparedRecords(
  options: { readonly seed: number; readonly persons: number; readonly days: number },
  partitions: number,
): Iterator<PreparedRecord, never> {
  const lines = [...generateCity(options)].map(({ raw }) => raw);
  return relived(lines, partitions);
}

function* relived(lines: readonly RawLine[], partitions: number): Generator<PreparedRecord, never> {
  const context = { tokens: new Tokeniser(ALL_ZERO_KEY), drugs: loadBundle().drugs };
  for (let life = 0; ; life++)
    for (const line of lines) {
      const raw = { ...line, personId: `${line.personId}-${life}` };
      const record = acceptBytes(Buffer.from(JSON.stringify(raw)), context);
      if (isRefusal(record) || !("personKey" in record))
        throw new Error(`a line of the city was refused: ${line.eventId}`);
      const { personKey } = record;
      yield {
        partition: partitionOf(personKey, partitions),
        entry: { key: personKey, value: encodeBody(record), header: NO_HEADER },
      };
    }
}

export class JournalFeed {
  /** Records acknowledged, by partition. */
  readonly acknowledged: number[];
  private readonly waiting: LogEntry[][];
  private readonly lanes: (Promise<void> | null)[];
  private readonly stop = new AbortController();
  private readonly running: Promise<void>;
  private readonly startedMs = performance.now();
  private failure: { readonly error: unknown } | null = null;

  constructor(
    private readonly producer: LogProducer,
    private readonly records: Iterator<PreparedRecord, never>,
    private readonly options: { readonly partitions: number; readonly perSecond: number },
  ) {
    const { partitions } = options;
    this.acknowledged = new Array<number>(partitions).fill(0);
    this.waiting = Array.from({ length: partitions }, () => []);
    this.lanes = new Array<Promise<void> | null>(partitions).fill(null);
    this.running = this.run();
    this.running.catch(() => {}); // `end` is told
  }

  get total(): number {
    return this.acknowledged.reduce((sum, count) => sum + count, 0);
  }

  /** Resolves when so many more records were acknowledged. */
  async progress(records: number): Promise<void> {
    const from = this.total;
    await until(`${records} more records are appended`, () => {
      if (this.failure !== null) throw this.failure.error;
      return this.total >= from + records;
    });
  }

  /** Stops and waits for what is under way. @returns acknowledged records a second. */
  async end(): Promise<number> {
    this.stop.abort();
    await this.running;
    await Promise.all(this.lanes);
    if (this.failure !== null) throw this.failure.error;
    return this.total / ((performance.now() - this.startedMs) / 1000);
  }

  private async run(): Promise<void> {
    let given = 0;
    while (!this.stop.signal.aborted && this.failure === null) {
      const due = ((performance.now() - this.startedMs) / 1000) * this.options.perSecond;
      for (; given < due; given++) this.give();
      for (const [partition, waiting] of this.waiting.entries())
        if (waiting.length > 0) this.lanes[partition] ??= this.append(partition);
      await wait(TICK_MS);
    }
  }

  private give(): void {
    const { partition, entry } = this.records.next().value;
    this.waiting[partition]!.push(entry);
  }

  private async append(partition: number): Promise<void> {
    try {
      while (this.waiting[partition]!.length > 0) {
        const entries = this.waiting[partition]!.splice(0, APPEND_MAX);
        await this.producer.append(partition, entries);
        this.acknowledged[partition]! += entries.length;
      }
    } catch (error) {
      this.failure ??= { error };
    } finally {
      this.lanes[partition] = null;
    }
  }
}
