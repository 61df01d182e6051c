/** The last heartbeat of each feed, from the stored journal. */

import type { AnalyticsDatabase } from "../../platform/analytics/analytics-database.js";
import { formatInstant } from "../../schemas/instant.js";
import { integerIn, textIn } from "./row-values.js";

/** A feed that has been silent for so long is long known to be; heartbeats are one a minute, feed and partition. */
export const FEEDS_LOOKED_BACK_MS = 6 * 3_600_000;
/** There are some thirty provinces; what else calls itself a feed concerns no swipe. */
const FEEDS_MAX = 100;
const SECONDS_MAX = 3;

// Records of the whole partition lie together, in the order of their times.
const QUERY = `SELECT feedId, toUnixTimestamp64Milli(max(occurredAt)) AS lastMs
  FROM journal_records
  WHERE personKey = '' AND type = 'heartbeat' AND occurredAt >= fromUnixTimestamp64Milli({since:Int64})
  GROUP BY feedId ORDER BY feedId LIMIT {feeds:UInt32}`;

export interface FeedHeartbeat {
  readonly feedId: string;
  readonly lastAt: string;
}

/** @throws AnalyticsError. */
export async function feedHeartbeats(
  database: AnalyticsDatabase,
  nowMs: number,
): Promise<readonly FeedHeartbeat[]> {
  const rows = await database.query(
    QUERY,
    { since: nowMs - FEEDS_LOOKED_BACK_MS, feeds: FEEDS_MAX },
    { secondsMax: SECONDS_MAX, threadsMax: 1, rowsMax: FEEDS_MAX },
  );
  return rows.map((row) => ({
    feedId: textIn(row, "feedId"),
    lastAt: formatInstant(integerIn(row, "lastMs")),
  }));
}
