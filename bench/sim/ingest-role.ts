/** The real ingest as processes of a run: raw record → `acceptRecord` → `JournalWriter` → acknowledged place. */

import type { EventLog } from "../../platform/event-log/event-log.js";
import { silentLogger } from "../../platform/logger/logger.js";
import { noMetrics } from "../../platform/metrics/metrics.js";
import type { PartitionRecordEvent, PersonRecordEvent } from "../../schemas/journal.js";
import type { RawRecord } from "../../schemas/raw.js";
import { Topic } from "../../schemas/topics.js";
import { acceptRecord, isRefusal } from "../../services/ingest/accept.js";
import type { CanonicalContext } from "../../services/ingest/canonicalise.js";
import { type JournalPosition, JournalWriter } from "../../services/ingest/journal-writer.js";
import type { KeyValues } from "../../services/ingest/key-values.js";
import { MovedPersons } from "../../services/ingest/moved-persons.js";
import type { SimProcess } from "./sim-process.js";

/** Small, so that batches, queues and refusals occur. */
const LIMITS = { batchRecordsMax: 4, queueRecordsMax: 16 } as const;

export class IngestRole {
  private readonly open = new WeakMap<SimProcess, { writer: JournalWriter; moved: MovedPersons }>();

  constructor(
    private readonly logOf: (process: SimProcess) => EventLog,
    private readonly movedOf: (process: SimProcess) => KeyValues,
    private readonly context: CanonicalContext,
    /** Whom a new request reaches; null for nobody. */
    private readonly whoListens: () => SimProcess | null,
  ) {}

  readonly live = async (process: SimProcess, signal: AbortSignal): Promise<void> => {
    const log = this.logOf(process);
    const partitionCount = await log.partitionCount(Topic.JOURNAL);
    const parts = { logger: silentLogger, metrics: noMetrics };
    const moved = await MovedPersons.open(this.movedOf(process), parts);
    const writer = new JournalWriter({
      placed: moved.placed,
      producer: await log.producer(Topic.JOURNAL),
      partitionCount,
      ...LIMITS,
    });
    this.open.set(process, { writer, moved });
    await aborted(signal);
    await writer.close();
    await log.close();
  };

  /** @throws whatever the writer throws, Error where nobody listens. */
  async take(raw: RawRecord, header: Uint8Array): Promise<JournalPosition> {
    const accepted = acceptRecord(raw, this.context);
    if (isRefusal(accepted))
      throw new TypeError(`the generator made a record that is refused: ${accepted.code} ${accepted.field}`);
    return this.listening().writer.append(accepted as PersonRecordEvent, header);
  }

  /** Whoever listens hears of all moves that are in the store. @throws as the store, Error where nobody listens. */
  async hearOfMoves(): Promise<void> {
    await this.listening().moved.reload();
  }

  async takeForAll(record: PartitionRecordEvent): Promise<readonly JournalPosition[]> {
    return this.listening().writer.appendToAll(record);
  }

  private listening(): { readonly writer: JournalWriter; readonly moved: MovedPersons } {
    const process = this.whoListens();
    const open = process && this.open.get(process);
    if (open === null || open === undefined) throw new Error("connection refused");
    return open;
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
