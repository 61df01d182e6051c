/**
 * What the carrier makes of the decisions log (docs/decisions/0009): of a person who moved, the state and everything
 * that still came under the former key go into the journal under the new one; the table learns whose state has arrived.
 *
 * Owns: how far each partition was carried (`carried/<partition>` in the store).
 * Does not own: reading (carrier.ts), the journal, the table of moved persons, contacts (moving-contacts.ts).
 *
 * 1. In the order of the former key's journal, one after the other: the judge of the new key drops what is not above
 *    what it has, so that what is carried twice counts once.
 * 2. The table learns of a move from the carrier of the new key's partition, by `person-merged`, never sooner: what the
 *    judge says is the same each time it is read.
 * 3. How far it is is stored after each batch that carried something, else now and then: what is read twice is carried
 *    twice (1).
 */

import type { Clock } from "../../platform/clock/clock.js";
import type { ConsumerSink, MarkedRecord, Progress } from "../../platform/event-log/consume-once.js";
import { type EventLog, EventLogError, type LoggedRecord } from "../../platform/event-log/event-log.js";
import type { Logger } from "../../platform/logger/logger.js";
import type { Counter, Metrics } from "../../platform/metrics/metrics.js";
import { type CanonicalActivation, STATE_HOPS_MAX } from "../../schemas/journal.js";
import { decodeJournalBody, decodeOutcomeBody, isBodyOfType } from "../../schemas/log-body.js";
import type { PersonMergedOutcome } from "../../schemas/outcomes.js";
import { decodePosition, encodePosition, type OutcomePosition, Topic } from "../../schemas/topics.js";
import { carriedRecord, isMoving, type MovingOutcome } from "./carried-record.js";
import type { JournalWriter } from "./journal-writer.js";
import type { KeyValues } from "./key-values.js";
import type { MovedPersons } from "./moved-persons.js";
import { MovingContacts, type MovingContactsOptions } from "./moving-contacts.js";

/** Of a partition in which nobody moves: read again after a crash, some seconds of outcomes. */
const STORED_EVERY_MS = 5_000;
const READ_ONE = { recordsMax: 1, bytesMax: 1 << 20, waitMs: 1_000 } as const;
const OFFSET_BYTES = 8;
/** Outcomes of which something has to be brought to another key, or the table to be told. */
export const CARRIED_TYPES = ["person-moved", "forwarded", "person-merged"] as const;
const TAKEN = [...CARRIED_TYPES, "activated"] as const;

export interface CarrierSinkOptions extends MovingContactsOptions {
  readonly log: EventLog;
  readonly writer: Pick<JournalWriter, "append">;
  readonly moved: Pick<MovedPersons, "put">;
  readonly store: KeyValues;
  /** The partition goes by this activation of its journal; told at least once. */
  readonly onActivated?: (partition: number, activation: CanonicalActivation) => Promise<void>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

export class CarrierSink implements ConsumerSink<OutcomePosition> {
  private readonly storedAtMs = new Map<number, number>();
  private readonly carried: Counter;
  private readonly contacts: MovingContacts;

  constructor(private readonly options: CarrierSinkOptions) {
    this.carried = options.metrics.counter({
      name: "kadun_ingest_carried_total",
      help: "Records brought from a former key of a person to the new one, by type (person-state, carried).",
      labels: ["type"],
    });
    this.contacts = new MovingContacts(options);
  }

  /** A log that lost its derived end is read on from there; the high-water mark tells what is new. */
  async progress(partition: number): Promise<Progress<OutcomePosition> | null> {
    const { log, store } = this.options;
    const { start, end } = await log.bounds(Topic.DECISIONS, partition);
    const stored = await carriedProgress(store, partition);
    const nextOffset = Math.min(end, Math.max(start, stored?.nextOffset ?? 0));
    return { nextOffset, highWater: stored?.highWater ?? null };
  }

  async apply(
    partition: number,
    records: readonly MarkedRecord<OutcomePosition>[],
    progress: Progress<OutcomePosition>,
  ): Promise<void> {
    let carried = 0;
    for (const { record, mark } of records) {
      if (!TAKEN.some((type) => isBodyOfType(record.value, type))) continue;
      await this.take(partition, record.value, mark.journalOffset);
      carried++;
    }
    if (carried > 0 || this.isStoreDue(partition)) await this.storeProgress(partition, progress);
  }

  private async take(partition: number, body: Uint8Array, journalOffset: number): Promise<void> {
    const outcome = decodeOutcomeBody(body);
    if (isMoving(outcome)) await this.carry(partition, outcome, journalOffset);
    else if (outcome.type === "person-merged") await this.arrive(partition, outcome, journalOffset);
    else await this.tellActivation(partition, journalOffset);
  }

  private async tellActivation(partition: number, journalOffset: number): Promise<void> {
    const { onActivated } = this.options;
    if (onActivated === undefined) return;
    const { value } = await this.journalRecord(partition, journalOffset);
    const record = decodeJournalBody(value);
    if (record.type === "activation") await onActivated(partition, record);
  }

  private async carry(partition: number, outcome: MovingOutcome, journalOffset: number): Promise<void> {
    const source = await this.journalRecord(partition, journalOffset);
    const cause = {
      record: decodeJournalBody(source.value),
      offset: journalOffset,
      appendedAtMs: source.appendedAtMs,
    };
    const record = carriedRecord(outcome, cause);
    if (record.type === "person-state") {
      this.watchHops(partition, journalOffset, record.hops);
      // First: what the judge of the new key says of the state may be an SMS.
      const { fromPersonKey, personKey } = record;
      await this.contacts.bring(fromPersonKey, personKey, { partition, offset: journalOffset });
    }
    // Who waits for the answer is told by the judge of the new key.
    await this.options.writer.append(record, source.header);
    this.carried.add(1, { type: record.type });
  }

  /** The state of a former key has become part of a person of this partition. */
  private async arrive(
    partition: number,
    { personKey, formerPersonKey }: PersonMergedOutcome,
    journalOffset: number,
  ): Promise<void> {
    await this.options.moved.put(formerPersonKey, personKey);
    await this.contacts.moveOn(formerPersonKey, { partition, offset: journalOffset });
  }

  /** The judge of a ring's key undoes its link once a state comes home at or above the limit. */
  private watchHops(partition: number, offset: number, hops: number): void {
    if (hops === STATE_HOPS_MAX)
      this.options.logger.error("ingest.state-hops-exceeded", { partition, offset, count: hops });
  }

  private async journalRecord(partition: number, offset: number): Promise<LoggedRecord> {
    const reader = await this.options.log.reader(Topic.JOURNAL, partition, offset);
    try {
      const [record] = await reader.read(READ_ONE);
      if (record !== undefined) return record;
    } finally {
      await reader.close();
    }
    throw new EventLogError(
      "UNREACHABLE",
      `${Topic.JOURNAL}/${partition}: nothing came at offset ${offset}, which a decision answers`,
      { retryable: true },
    );
  }

  private isStoreDue(partition: number): boolean {
    return this.options.clock.now() - (this.storedAtMs.get(partition) ?? 0) >= STORED_EVERY_MS;
  }

  private async storeProgress(partition: number, progress: Progress<OutcomePosition>): Promise<void> {
    await this.options.store.put(progressKey(partition), encodeProgress(progress));
    this.storedAtMs.set(partition, this.options.clock.now());
  }
}

/** How far a partition was carried; null before the first. */
export async function carriedProgress(
  store: Pick<KeyValues, "get">,
  partition: number,
): Promise<Progress<OutcomePosition> | null> {
  return decodeProgress(await store.get(progressKey(partition)));
}

function progressKey(partition: number): string {
  return `carried/${partition}`;
}

/** 8 bytes of the next offset (float64 LE), then the high-water pair as its header is written, if any. */
function encodeProgress({ nextOffset, highWater }: Progress<OutcomePosition>): Uint8Array {
  const offset = Buffer.alloc(OFFSET_BYTES);
  offset.writeDoubleLE(nextOffset);
  return highWater === null ? offset : Buffer.concat([offset, encodePosition(highWater)]);
}

function decodeProgress(value: Uint8Array | null): Progress<OutcomePosition> | null {
  if (value === null) return null;
  const bytes = Buffer.from(value);
  const mark = bytes.subarray(OFFSET_BYTES);
  return {
    nextOffset: bytes.readDoubleLE(0),
    highWater: mark.length === 0 ? null : decodePosition(mark),
  };
}
