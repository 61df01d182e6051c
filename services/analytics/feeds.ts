/** When each feed of events was last heard of: the heartbeats among the journal's rows. */

import * as z from "zod";
import type { AnalyticsDatabase } from "../../platform/analytics/analytics-database.js";

export interface FeedSeen {
  /** A two-digit province, as a rule. */
  readonly feed: string;
  readonly lastAtMs: number;
}

/** A feed that is silent for longer has been noticed. */
const LOOKED_BACK_MS = 7 * 86_400_000;
/** Provinces with room. */
const FEEDS_MAX = 100;
const SECONDS_MAX = 5;

// Rows of no person lie together, in the order of their times.
const QUERY = `SELECT feedId AS feed, toFloat64(toUnixTimestamp64Milli(max(appendedAt))) AS lastAtMs
  FROM journal_records
  WHERE personKey = '' AND type = 'heartbeat' AND occurredAt >= fromUnixTimestamp64Milli({fromMs:Int64})
  GROUP BY feedId ORDER BY feedId LIMIT {feedsMax:UInt32}`;

const row = z.object({ feed: z.string(), lastAtMs: z.number() });

/** In the order of their names. @throws AnalyticsError. */
export async function readFeeds(
  database: Pick<AnalyticsDatabase, "query">,
  nowMs: number,
): Promise<readonly FeedSeen[]> {
  const rows = await database.query(
    QUERY,
    { fromMs: nowMs - LOOKED_BACK_MS, feedsMax: FEEDS_MAX },
    { secondsMax: SECONDS_MAX, rowsMax: FEEDS_MAX },
  );
  return z.array(row).parse(rows);
}
