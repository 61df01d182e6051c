/**
 * What the carrier makes of the decisions log (docs/decisions/0009): of a person who moved, the state and everything
 * that still came under the former key go into the journal under the new one.
 *
 * Owns: how far each partition was carried (`carried/<partition>` in the store).
 * Does not own: reading (carrier.ts), the journal, the table of moved persons, the vault.
 *
 * 1. In the order of the former key's journal, one after the other: the judge of the new key drops what is not above
 *    what it has, so that what is carried twice counts once.
 * 2. The table learns of a move once the state is durable under the new key, never sooner.
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
import { decodePosition, encodePosition, type OutcomePosition, Topic } from "../../schemas/topics.js";
import { carriedRecord, isMoving, keysMoved } from "./carried-record.js";
import type { ContactVault } from "./contact-vault.js";
import type { JournalWriter } from "./journal-writer.js";
import type { KeyValues } from "./key-values.js";
import type { MovedPersons } from "./moved-persons.js";

/** Of a partition in which nobody moves: read again after a crash, some seconds of outcomes. */
const STORED_EVERY_MS = 5_000;
const READ_ONE = { recordsMax: 1, bytesMax: 1 << 20, waitMs: 1_000 } as const;
const OFFSET_BYTES = 8;

export interface CarrierSinkOptions {
  readonly log: EventLog;
  readonly writer: Pick<JournalWriter, "append">;
  readonly moved: Pick<MovedPersons, "put">;
  readonly vault: Pick<ContactVault, "move">;
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
  private readonly unreadable: Counter;

  constructor(private readonly options: CarrierSinkOptions) {
    this.carried = options.metrics.counter({
      name: "kadun_ingest_carried_total",
      help: "Records brought from a former key of a person to the new one, by type (person-state, carried).",
      labels: ["type"],
    });
    this.unreadable = options.metrics.counter({
      name: "kadun_ingest_contacts_unreadable_total",
      help: "Contacts of persons who moved that could not be opened and stay under the former key.",
    });
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
      if (isBodyOfType(record.value, "activated") && this.options.onActivated !== undefined) {
        await this.tellActivation(partition, mark.journalOffset, this.options.onActivated);
        carried++;
        continue;
      }
      if (!isBodyOfType(record.value, "person-moved") && !isBodyOfType(record.value, "forwarded")) continue;
      await this.carry(partition, record, mark);
      carried++;
    }
    if (carried > 0 || this.isStoreDue(partition)) await this.storeProgress(partition, progress);
  }

  private async tellActivation(
    partition: number,
    journalOffset: number,
    onActivated: NonNullable<CarrierSinkOptions["onActivated"]>,
  ): Promise<void> {
    const { value } = await this.journalRecord(partition, journalOffset);
    const record = decodeJournalBody(value);
    if (record.type === "activation") await onActivated(partition, record);
  }

  private async carry(
    partition: number,
    logged: LoggedRecord,
    { journalOffset }: OutcomePosition,
  ): Promise<void> {
    const outcome = decodeOutcomeBody(logged.value);
    if (!isMoving(outcome)) return;
    const { writer, moved, vault } = this.options;
    const source = await this.journalRecord(partition, journalOffset);
    const cause = {
      record: decodeJournalBody(source.value),
      offset: journalOffset,
      appendedAtMs: source.appendedAtMs,
    };
    const record = carriedRecord(outcome, cause);
    // Who waits for the answer is told by the judge of the new key.
    await writer.append(record, source.header);
    for (const key of keysMoved(outcome, cause)) await moved.put(key, outcome.toPersonKey);
    if (record.type === "person-state") {
      this.watchHops(partition, journalOffset, record.hops);
      const failed = await vault.move(record.fromPersonKey, record.personKey);
      if (failed !== null) this.leaveContact(partition, journalOffset, failed.unreadable);
    }
    this.carried.add(1, { type: record.type });
  }

  /** The judge of a ring's key undoes its link once a state comes home at or above the limit. */
  private watchHops(partition: number, offset: number, hops: number): void {
    if (hops === STATE_HOPS_MAX)
      this.options.logger.error("ingest.state-hops-exceeded", { partition, offset, count: hops });
  }

  /** Nobody's records wait for a contact: it stays under the former key, to be opened with the right vault key. */
  private leaveContact(partition: number, offset: number, error: unknown): void {
    this.unreadable.add(1);
    this.options.logger.error("ingest.contact-unreadable", { partition, offset, error });
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
