/** What each time of a query is about: seeded, of the rows that `fill-rows.ts` made. */

import type { AnalyticsDatabase } from "../../platform/analytics/analytics-database.js";
import type { Draw } from "./console-queries.js";
import { CITIES, type FillOptions } from "./fill-rows.js";

/** The first so many are spread over all days, however many they are: who stops early has measured no other days. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** Swipes at seeded places, with whose, where and when they are. */
export async function drawsOf(
  database: Pick<AnalyticsDatabase, "query">,
  { decisions, seed }: FillOptions,
  count: number,
): Promise<readonly Draw[]> {
  const eventIds = Array.from(
    { length: count },
    (_, n) => `E${seed}-${String(Math.floor(((n * GOLDEN + 0.5) % 1) * decisions)).padStart(10, "0")}`,
  );
  const rows = await database.query(
    `SELECT eventId, personKey, institutionId, toFloat64(toUnixTimestamp64Milli(occurredAt)) AS at FROM outcomes
     WHERE has({eventIds:Array(String)}, eventId) ORDER BY indexOf({eventIds:Array(String)}, eventId)`,
    { eventIds },
  );
  return rows.map((row, index) => ({
    eventId: String(row.eventId),
    personKey: String(row.personKey),
    institutionId: String(row.institutionId),
    at: Number(row.at),
    city: CITIES[index % CITIES.length]!,
  }));
}
