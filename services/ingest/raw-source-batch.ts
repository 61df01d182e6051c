/**
 * One batch of a raw partition into the journal, bad records to the dead letters.
 *
 * Owns: the order in which the records are under way, trying again.
 * Does not own: what is accepted (intake.ts), the position of the partition (raw-source-partition.ts).
 *
 * 1. When `store` resolves every record but heartbeats is durable: in the journal or parked. None is skipped but
 *    transactions of the national platform that are no record of Kadun; they are counted.
 * 2. All records are under way at once, but those of one person one after the other: a failed append that is tried
 *    again never comes behind a later record of its person, and that one may refer to it (a cancel to its settlement).
 * 3. A bad record waits for nobody, and no record of a person waits for it.
 * 4. A heartbeat is handed on, not stored: it has to wait for other partitions too (raw-source-heartbeats.ts).
 * 5. A record goes to the journal only while the partition is certainly this process's: one that was paused and wakes up
 *    would append repeats so late that the judge no longer knows the first of them. Whoever has the partition now reads
 *    from the position committed last, and appends what is missing.
 * 6. The first error that does not pass ends the batch, once nothing is under way any more.
 */

import type { LoggedRecord } from "../../platform/event-log/event-log.js";
import { formatInstant } from "../../schemas/instant.js";
import type { JournalRecord } from "../../schemas/journal.js";
import { isRefusal } from "./accept.js";
import { EntryTooLongError } from "./group-commit.js";
import type { OutsideType } from "./intake.js";
import type { PassingTrouble } from "./passing-trouble.js";
import type { RawHeartbeats } from "./raw-source-heartbeats.js";
import type { RawSourceMetrics } from "./raw-source-metrics.js";
import type { RawSourceOptions } from "./raw-source-options.js";
import type { RawTopic } from "./raw-topics.js";
import { isNotTaken, type Refusal, refusal } from "./refusal.js";

export interface RawBatchOptions extends Pick<RawSourceOptions, "intake" | "deadLetters" | "clock"> {
  readonly topic: RawTopic;
  readonly partition: number;
  readonly trouble: PassingTrouble;
  readonly counters: RawSourceMetrics;
  readonly heartbeats: Pick<RawHeartbeats, "offer">;
  /** Certain for this moment, however long this process stood still. */
  readonly isHeld: () => boolean;
  /** The partition was taken away: nothing is tried again. */
  readonly signal: AbortSignal;
}

export class RawBatch {
  private readonly underWay: Promise<unknown>[] = [];
  /** What a person's next record waits for. */
  private readonly lastOf = new Map<string, Promise<unknown>>();
  private readonly ending = new AbortController();
  private failure: { readonly error: unknown } | null = null;

  constructor(private readonly options: RawBatchOptions) {}

  private readonly isHeld = () => !this.options.signal.aborted && this.options.isHeld();

  /** @throws what does not pass, of the log or the dead letters; whatever came last where the signal was aborted. */
  async store(records: readonly LoggedRecord[]): Promise<void> {
    const { signal } = this.options;
    const end = () => this.ending.abort();
    if (signal.aborted) end();
    signal.addEventListener("abort", end, { once: true });
    try {
      for (const record of records) this.begin(record);
      await Promise.allSettled(this.underWay);
    } finally {
      signal.removeEventListener("abort", end);
    }
    if (this.failure !== null) throw this.failure.error;
  }

  private begin(raw: LoggedRecord): void {
    const { intake, topic } = this.options;
    const accepted = intake.acceptEither(raw.value, topic.takes);
    if (isRefusal(accepted)) this.beginRefused(raw, accepted);
    else if ("personKey" in accepted) this.beginPerson(raw, accepted, accepted.personKey);
    else if (accepted.type === "heartbeat") this.options.heartbeats.offer(accepted, raw.appendedAtMs);
    else this.keep(this.append(raw, accepted, null));
  }

  private beginRefused(raw: LoggedRecord, refused: Refusal): void {
    if (isNotTaken(refused)) this.count("skipped");
    else this.keep(this.park(raw, refused));
  }

  private beginPerson(raw: LoggedRecord, record: JournalRecord, personKey: string): void {
    const appended = this.append(raw, record, this.lastOf.get(personKey) ?? null);
    this.options.intake.expectStored(record);
    this.lastOf.set(personKey, appended);
    this.keep(appended);
  }

  /** @param before what must be in the journal first. Without it the record is in the journal's queue at once. */
  private async append(
    raw: LoggedRecord,
    record: JournalRecord,
    before: Promise<unknown> | null,
  ): Promise<void> {
    if (before !== null) await before;
    try {
      await this.again(() => this.options.intake.append(record, this.isHeld));
      this.count("accepted");
    } catch (error) {
      if (!(error instanceof EntryTooLongError)) throw error;
      await this.park(raw, refusal("RECORD_TOO_LONG"));
    }
  }

  private async park({ value, offset }: LoggedRecord, { code, field, reason }: Refusal): Promise<void> {
    const { deadLetters, clock, topic, partition } = this.options;
    const letter = {
      expects: typeSentTo(topic, value),
      code,
      field,
      reason,
      source: `${topic.topic}/${partition}/${offset}`,
      position: 1,
      receivedAt: formatInstant(clock.now()),
      original: value,
    };
    await this.again(() => deadLetters.park(letter));
    this.count("parked");
  }

  private async again(attempt: () => Promise<unknown>): Promise<void> {
    for (;;) {
      try {
        await attempt();
        return;
      } catch (error) {
        await this.options.trouble.pass(error, this.ending.signal);
      }
    }
  }

  private count(result: "accepted" | "parked" | "skipped"): void {
    this.options.counters.records.add(1, { topic: this.options.topic.topic, result });
  }

  /** The first that fails lets the others give up. */
  private keep(stored: Promise<unknown>): void {
    const kept = stored.catch((error: unknown) => {
      this.failure ??= { error };
      this.ending.abort();
    });
    this.underWay.push(kept);
  }
}

/** What a dead letter is accepted as when it is driven again: what it says it is, where its topic takes that. */
function typeSentTo({ takes }: RawTopic, value: Uint8Array): OutsideType {
  if (takes.length === 1) return takes[0];
  try {
    const { type } = JSON.parse(Buffer.from(value).toString("utf8")) as { type?: unknown };
    return takes.find((each) => each === type) ?? takes[0];
  } catch {
    return takes[0];
  }
}
