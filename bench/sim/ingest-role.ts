/** The real ingest as processes of a run: raw record → `acceptRecord` → `JournalWriter` → acknowledged place. */

import type { EventLog } from "../../platform/event-log/event-log.js";
import type { PartitionRecordEvent, PersonRecordEvent } from "../../schemas/journal.js";
import type { RawRecord } from "../../schemas/raw.js";
import { Topic } from "../../schemas/topics.js";
import { acceptRecord, isRefusal } from "../../services/ingest/accept.js";
import type { CanonicalContext } from "../../services/ingest/canonicalise.js";
import { type JournalPosition, JournalWriter } from "../../services/ingest/journal-writer.js";
import type { SimProcess } from "./sim-process.js";

/** Small, so that batches, queues and refusals occur. */
const LIMITS = { batchRecordsMax: 4, queueRecordsMax: 16 } as const;

export class IngestRole {
  private readonly writers = new WeakMap<SimProcess, JournalWriter>();

  constructor(
    private readonly logOf: (process: SimProcess) => EventLog,
    private readonly context: CanonicalContext,
    /** Whom a new request reaches; null for nobody. */
    private readonly whoListens: () => SimProcess | null,
  ) {}

  readonly live = async (process: SimProcess, signal: AbortSignal): Promise<void> => {
    const log = this.logOf(process);
    const partitionCount = await log.partitionCount(Topic.JOURNAL);
    const writer = new JournalWriter({
      producer: await log.producer(Topic.JOURNAL),
      partitionCount,
      ...LIMITS,
    });
    this.writers.set(process, writer);
    await aborted(signal);
    await writer.close();
    await log.close();
  };

  /** @throws whatever the writer throws, Error where nobody listens. */
  async take(raw: RawRecord, header: Uint8Array): Promise<JournalPosition> {
    const accepted = acceptRecord(raw, this.context);
    if (isRefusal(accepted))
      throw new TypeError(`the generator made a record that is refused: ${accepted.code} ${accepted.field}`);
    return this.listening().append(accepted as PersonRecordEvent, header);
  }

  async takeForAll(record: PartitionRecordEvent): Promise<readonly JournalPosition[]> {
    return this.listening().appendToAll(record);
  }

  private listening(): JournalWriter {
    const process = this.whoListens();
    const writer = process && this.writers.get(process);
    if (writer === null || writer === undefined) throw new Error("connection refused");
    return writer;
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
