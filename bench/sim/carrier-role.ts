/** The real carrier of one partition as processes of a run: what moves goes on into the journal under the other key. */

import { consumeOnce } from "../../platform/event-log/consume-once.js";
import type { EventLog } from "../../platform/event-log/event-log.js";
import { silentLogger } from "../../platform/logger/logger.js";
import { noMetrics } from "../../platform/metrics/metrics.js";
import { DECISIONS_IN_ORDER, type OutcomePosition, Topic } from "../../schemas/topics.js";
import { CarrierSink, type CarrierSinkOptions } from "../../services/ingest/carrier-sink.js";
import { JournalWriter } from "../../services/ingest/journal-writer.js";
import type { KeyValues } from "../../services/ingest/key-values.js";
import { MovedPersons } from "../../services/ingest/moved-persons.js";
import type { SimProcess } from "./sim-process.js";

/** Small, so that a batch ends between what hangs together. */
const LIMITS = { recordsMax: 4, bytesMax: 65_536, waitMs: 40 } as const;
const NO_CONTACTS = { bring: async () => {}, move: async () => null };

export type CarriedWriter = CarrierSinkOptions["writer"];

export interface CarrierParts {
  readonly logOf: (process: SimProcess) => EventLog;
  readonly storeOf: (process: SimProcess) => KeyValues;
  /** What a careless carrier would do with its writer. */
  readonly writer: ((writer: CarriedWriter) => CarriedWriter) | undefined;
}

export class CarrierRole {
  private readonly carried = new WeakMap<SimProcess, number>();

  constructor(
    private readonly partition: number,
    private readonly parts: CarrierParts,
  ) {}

  readonly live = async (process: SimProcess, signal: AbortSignal): Promise<void> => {
    const log = this.parts.logOf(process);
    const partitionCount = await log.partitionCount(Topic.JOURNAL);
    const writer = new JournalWriter({ producer: await log.producer(Topic.JOURNAL), partitionCount });
    try {
      await this.run(process, { log, writer: this.parts.writer?.(writer) ?? writer }, signal);
    } finally {
      await writer.close();
    }
  };

  private async run(
    process: SimProcess,
    { log, writer }: { readonly log: EventLog; readonly writer: CarriedWriter },
    signal: AbortSignal,
  ): Promise<void> {
    const store = this.parts.storeOf(process);
    const parts = { log, writer, store, clock: process, logger: silentLogger, metrics: noMetrics };
    const moved = await MovedPersons.open(store, parts);
    const sink = new CarrierSink({ ...parts, moved, vault: NO_CONTACTS });
    await consumeOnce<OutcomePosition>({
      log,
      ...DECISIONS_IN_ORDER,
      partition: this.partition,
      limits: LIMITS,
      sink: {
        // Asked once: another process of the partition may move it on at any time.
        progress: async (partition) => {
          const begun = await sink.progress(partition);
          this.carried.set(process, begun?.nextOffset ?? 0);
          return begun;
        },
        apply: (partition, records, progress) => sink.apply(partition, records, progress),
      },
      signal,
      onBatch: (_applied, _dropped, { nextOffset }) => void this.carried.set(process, nextOffset),
    });
  }

  /** The outcome the process carries next, −1 where it has not begun. */
  nextOffset(process: SimProcess | null): number {
    return (process && this.carried.get(process)) ?? -1;
  }
}
