/** What tables are made again of: the logs, and before them the archive by which they were trimmed. */

import type { EventLog } from "../../platform/event-log/event-log.js";
import { ARCHIVE_VARIABLE, joinedHistory, told, verifyHistory } from "../archive/joined-history.js";
import { OperatingError } from "../exit-status.js";

interface Standing {
  readonly topic: string;
  readonly partition: number;
  readonly nextOffset: number;
}

export interface RebuildSource {
  readonly log: EventLog;
  /** Before tables are emptied: can all of them be made again? @throws OperatingError for the first thing that is missing or wrong. */
  requireWhole(topics: readonly string[]): Promise<void>;
  /** Where an earlier rebuild left consumers: does the source still hold what they read next? @throws OperatingError. */
  requireNext(standings: readonly Standing[]): Promise<void>;
  /** Rejects where the archive turns out wrong while it is read: consumers try again for ever. */
  readonly broken: Promise<void>;
}

/** @param archive its folder; null: the logs alone. @throws OperatingError where the folder is no archive. */
export async function rebuildSource(log: EventLog, archive: string | null): Promise<RebuildSource> {
  if (archive === null)
    return {
      log,
      requireWhole: (topics) => requireWholeLogs(log, topics),
      requireNext: (standings) => requireNext(log, standings),
      broken: new Promise(() => {}),
    };
  const history = await joinedHistory(log, archive);
  const broken = told(() => history.log.broken);
  broken.catch(() => {});
  return {
    log: history.log,
    requireWhole: (topics) => verifyHistory(history, topics),
    requireNext: (standings) => requireNext(history.log, standings),
    broken,
  };
}

async function requireNext(log: EventLog, standings: readonly Standing[]): Promise<void> {
  for (const { topic, partition, nextOffset } of standings) {
    const { start } = await log.bounds(topic, partition);
    if (nextOffset < start)
      throw new OperatingError(
        `${topic}/${partition}: a rebuild that reads an archive was begun and stands at offset ${nextOffset}, the log begins at ${start}; name the archive again by --archive DIR or ${ARCHIVE_VARIABLE}`,
      );
  }
}

/** @throws OperatingError for the first partition that was trimmed. */
async function requireWholeLogs(log: EventLog, topics: readonly string[]): Promise<void> {
  for (const topic of topics) {
    const partitions = await log.partitionCount(topic);
    for (let partition = 0; partition < partitions; partition++) {
      const { start } = await log.bounds(topic, partition);
      if (start > 0)
        throw new OperatingError(
          `${topic}/${partition}: begins at offset ${start}, what was before it lies in an archive, and tables that are emptied now would stay without it; name the archive by --archive DIR or ${ARCHIVE_VARIABLE}`,
        );
    }
  }
}
