/** How far the live logs may be trimmed: nobody who is alive needs what lies before. */

import type { AnalyticsDatabase } from "../../platform/analytics/analytics-database.js";
import { consumersProgress, type StoredConsumer } from "../../platform/database/consumer-progress.js";
import type { OpenDatabase } from "../../platform/database/database.js";
import type { EventLog } from "../../platform/event-log/event-log.js";
import type { KeyValue } from "../../platform/key-value/key-value.js";
import type { StateStore } from "../../platform/state-store/state-store.js";
import { type OutcomePosition, POSITION_COLUMNS, Topic } from "../../schemas/topics.js";
import { alertsProgress } from "../../services/alerts/alerts-progress.js";
import { JOURNAL_TABLE, OUTCOMES_TABLE } from "../../services/analytics/log-tables.js";
import { readProgress } from "../../services/analytics/log-writer.js";
import { decodePartitionState } from "../../services/detector/partition-state.js";
import { readSignedLine } from "../../services/evidence/day-proofs/signed-line.js";
import { carriedProgress } from "../../services/ingest/carrier-sink.js";

export interface Consumers {
  readonly store: StateStore;
  readonly analytics: AnalyticsDatabase;
  readonly database: OpenDatabase;
  /** Persons who moved, and how far the carrier is. */
  readonly moved: KeyValue;
  /** With the topic of day proofs. */
  readonly proofsLog: EventLog;
}

/** Somebody who still needs a partition from some place on. */
export interface Need {
  readonly who: string;
  /** First journal offset needed; null where the journal is not read. */
  readonly journalFrom: number | null;
  /** First offset of the decisions log needed; null where that log is not read. */
  readonly decisionsFrom: number | null;
}

/** By partition. @throws whatever stores and databases throw. */
export async function needsOf(
  consumers: Consumers,
  partitions: number,
): Promise<readonly (readonly Need[])[]> {
  const { store, analytics, database, moved, proofsLog } = consumers;
  const journal = await readProgress(analytics, JOURNAL_TABLE);
  const outcomes = await readProgress(analytics, OUTCOMES_TABLE);
  const readers = await consumersProgress(database, POSITION_COLUMNS);
  const needs: Need[][] = [];
  for (let partition = 0; partition < partitions; partition++) {
    const state = await store.peekPartition(partition);
    const appliedOffset = state === null ? -1 : decodePartitionState(state).appliedOffset;
    const own = readers.filter((reader) => reader.partition === partition);
    needs.push([
      { who: "detector", journalFrom: appliedOffset + 1, decisionsFrom: null },
      {
        who: "analytics (journal)",
        journalFrom: journal.get(partition)?.nextOffset ?? 0,
        decisionsFrom: null,
      },
      reader("analytics (outcomes)", outcomes.get(partition) ?? null),
      carrierOf(await carriedProgress(moved, partition)),
      await provenIn(proofsLog, partition),
      ...readersOf(own),
    ]);
  }
  return needs;
}

/** The open stretch is read from the logs again by whoever goes on with it. */
async function provenIn(proofsLog: EventLog, partition: number): Promise<Need> {
  const tail = await proofsLog.tail(Topic.DAY_PROOFS, partition);
  const line = tail === null ? null : readSignedLine(Buffer.from(tail.value).toString("utf8"));
  return { who: "day proofs", journalFrom: line?.proof.endOffset ?? 0, decisionsFrom: null };
}

/** The alerts always, also where nothing is stored of them: their tables were emptied by a rebuild that is not done. */
export function readersOf(
  stored: readonly Pick<StoredConsumer<OutcomePosition>, "consumer" | "progress">[],
): Need[] {
  const { consumer: alerts } = alertsProgress;
  const isThere = stored.some(({ consumer }) => consumer === alerts);
  return [
    ...stored.map(({ consumer, progress }) => reader(consumer, progress)),
    ...(isThere ? [] : [reader(alerts, null)]),
  ];
}

interface Progress {
  readonly nextOffset: number;
  readonly highWater: OutcomePosition | null;
}

function reader(who: string, progress: Progress | null): Need {
  return { who, journalFrom: null, decisionsFrom: progress?.nextOffset ?? 0 };
}

/** Looks up the journal record of an outcome; what comes next may answer the same record as what came last. */
function carrierOf(progress: Progress | null): Need {
  return { ...reader("carrier", progress), journalFrom: progress?.highWater?.journalOffset ?? 0 };
}
