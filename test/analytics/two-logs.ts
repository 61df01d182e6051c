/** A journal and its decisions log in memory, judged by the real judge, for tests of what reads both. */

import { MemoryEventLog } from "../../platform/event-log/memory/memory-event-log.js";
import { MemoryLogWorld } from "../../platform/event-log/memory/memory-log-world.js";
import { parseInstantMs } from "../../schemas/instant.js";
import type { JournalRecord } from "../../schemas/journal.js";
import { encodeBody } from "../../schemas/log-body.js";
import type { LoggedOutcome } from "../../schemas/outcomes.js";
import { encodePosition, type OutcomePosition, partitionOf, Topic } from "../../schemas/topics.js";
import { Partition } from "../../services/detector/partition.js";
import { loggedOutcomesOf } from "../../services/detector/taken.js";
import { carriedRecord, isMoving } from "../../services/ingest/carried-record.js";
import { defaultBundle } from "../support/judge.js";

const NO_HEADER = new Uint8Array(0);

export class TwoLogs {
  readonly world: MemoryLogWorld;
  readonly log: MemoryEventLog;
  private readonly judges: readonly Partition[];
  /** Clock of both logs. */
  nowMs = Date.UTC(2026, 2, 1);

  constructor(readonly partitionCount = 1) {
    this.world = new MemoryLogWorld(
      { [Topic.JOURNAL]: partitionCount, [Topic.DECISIONS]: partitionCount },
      { clock: { now: () => this.nowMs, sleep: () => Promise.resolve() } },
    );
    this.log = new MemoryEventLog(this.world);
    this.judges = Array.from({ length: partitionCount }, () => new Partition(defaultBundle.bundle));
  }

  /**
   * Appends records to their partitions (those without a person to all) and what the judge says to them; what belongs
   * under another key is carried there at once.
   */
  append(records: readonly JournalRecord[]): void {
    for (const record of records)
      for (const partition of this.partitionsOf(record)) {
        const offset = this.journal(partition, record);
        const said = this.judges[partition]!.take(record, offset, this.heardAtMs(record));
        for (const [sequence, outcome] of loggedOutcomesOf(record, said).entries()) {
          this.outcome(partition, { journalOffset: offset, sequence }, outcome);
          if (isMoving(outcome))
            this.append([carriedRecord(outcome, { record, offset, appendedAtMs: this.nowMs })]);
        }
      }
  }

  /** Appends one record to the journal alone; returns its offset. */
  journal(partition: number, record: JournalRecord): number {
    const key = keyOf(record);
    const entry = { key, value: encodeBody(record), header: NO_HEADER };
    return this.world.append(Topic.JOURNAL, partition, [entry]).firstOffset;
  }

  /** Appends one outcome to the decisions log alone. */
  outcome(partition: number, position: OutcomePosition, outcome: LoggedOutcome): void {
    const key = "personKey" in outcome ? (outcome.personKey ?? "") : "";
    this.world.append(Topic.DECISIONS, partition, [
      { key, value: encodeBody(outcome), header: encodePosition(position) },
    ]);
  }

  /** As `kadun replay` has it: when the record says it was received, so that late hits occur. */
  heardAtMs(record: JournalRecord): number {
    const said = "receivedAt" in record ? record.receivedAt : undefined;
    const occurred = "occurredAt" in record ? record.occurredAt : undefined;
    const text = said ?? occurred;
    return text === undefined ? this.nowMs : parseInstantMs(text);
  }

  private partitionsOf(record: JournalRecord): readonly number[] {
    const key = keyOf(record);
    if (key !== "") return [partitionOf(key, this.partitionCount)];
    return Array.from({ length: this.partitionCount }, (_, partition) => partition);
  }
}

function keyOf(record: JournalRecord): string {
  return "personKey" in record ? record.personKey : "";
}
