/** The draft in shadow against what runs, rule by rule, over the last days of swipes. */

import * as z from "zod";
import type { AnalyticsDatabase } from "../../../platform/analytics/analytics-database.js";
import type { ShadowResult } from "../../../schemas/http/rules-jobs.js";
import { formatInstant } from "../../../schemas/instant.js";
import { readStanding } from "../../../services/bundles/activation.js";
import type { RulesRoom } from "../../../services/bundles/rules-room.js";
import { readVersion } from "../../../services/bundles/version.js";

/** A week has each of its days once; older parts of the table are not opened. */
const DAYS = 7;
const DAY_MS = 86_400_000;
const SECONDS_MAX = 300;

// As doubles: counts come back as numbers.
const QUERY = `SELECT rule,
    toFloat64(countIf(liveAction != 'none')) AS liveHits,
    toFloat64(countIf(draftAction != 'none')) AS draftHits,
    toFloat64(countIf(liveAction != 'none' AND draftAction != 'none')) AS bothHit,
    toFloat64(countIf(liveAction != 'none' AND draftAction != 'none' AND liveAction != draftAction)) AS otherAction,
    toFloat64(countIf(liveAction IN ('challenge', 'reject'))) AS liveStops,
    toFloat64(countIf(draftAction IN ('challenge', 'reject'))) AS draftStops
  FROM shadow_hits
  WHERE shadowBundleHash = {draft:String} AND bundleHash = {running:String}
    AND occurredAt >= fromUnixTimestamp64Milli({fromMs:Int64})
    AND occurredAt < fromUnixTimestamp64Milli({toMs:Int64})
  GROUP BY rule ORDER BY rule`;

const count = z.number();
const rowShape = z.object({
  rule: z.string(),
  liveHits: count,
  draftHits: count,
  bothHit: count,
  otherAction: count,
  liveStops: count,
  draftStops: count,
});

export interface ShadowOptions {
  readonly tables: RulesRoom["tables"];
  readonly analytics: Pick<AnalyticsDatabase, "query">;
  /** When the last days end: a demo's swipes are of days that are past. */
  readonly nowMs: number;
}

/** Under the bundle that runs now: before another one the draft was compared with that. @throws AnalyticsError. */
export async function shadowComparison({
  tables,
  analytics,
  nowMs: toMs,
}: ShadowOptions): Promise<ShadowResult> {
  const { current } = await readStanding(tables);
  const fromMs = toMs - DAYS * DAY_MS;
  const window = { from: formatInstant(fromMs), to: formatInstant(toMs) };
  const shadowVersion = current?.shadowVersion ?? null;
  if (current === null || shadowVersion === null)
    return {
      ...window,
      shadowVersion: null,
      shadowBundleHash: null,
      runningVersion: current?.version ?? null,
      rows: [],
    };
  const { bundleHash: draft } = await readVersion(tables, shadowVersion);
  const asked = { draft, running: current.bundleHash, fromMs, toMs };
  const rows = await analytics.query(QUERY, asked, { secondsMax: SECONDS_MAX });
  return {
    ...window,
    shadowVersion,
    shadowBundleHash: draft,
    runningVersion: current.version,
    rows: rows.map((row) => rowShape.parse(row)),
  };
}
