/**
 * The patrols asked once about everything that the demo's Kadun has stored, after it has stopped: a city's months are over in
 * minutes, and a patrol that comes each minute would have seen whatever happened to be there.
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { CityLabel } from "../../bench/city/labels.js";
import type { PatrolFinding } from "../../bench/city/scoreboard-model.js";
import type { AnalyticsDatabase } from "../../platform/analytics/analytics-database.js";
import { systemClock } from "../../platform/clock/system-clock.js";
import type { OpenDatabase } from "../../platform/database/database.js";
import { silentLogger } from "../../platform/logger/logger.js";
import { noMetrics } from "../../platform/metrics/metrics.js";
import { patrolsFile } from "../../schemas/patrols.js";
import { FindingsStore } from "../../services/alerts/patrol/findings-store.js";
import { PatrolMetrics } from "../../services/alerts/patrol/patrol-metrics.js";
import { type RunReport, runRound } from "../../services/alerts/patrol/patrol-round.js";
import { readPatrolQueries } from "../../services/alerts/patrol/patrol-sql.js";
import { OperatingError } from "../exit-status.js";
import { packageRoot } from "../package-root.js";

const SQL_FOLDER = join(packageRoot, "services", "alerts", "patrol", "sql");
const PATROLS_FILE = join(packageRoot, "rulesets", "patrols.json");
/** A run that is too large halves its records each time: from 200,000 to the least there are eight; the rest is reserve. */
const ROUNDS_MAX = 100;

export interface CityPatrol {
  readonly analytics: AnalyticsDatabase;
  readonly database: OpenDatabase;
  /** Of the journal. */
  readonly partitions: number;
  /** Swipes of cards that belong to nobody. */
  readonly decoyEvents: readonly string[];
  readonly signal: AbortSignal;
}

export function decoyEventsOf(labels: ReadonlyMap<string, CityLabel>): string[] {
  return [...labels].flatMap(([eventId, { ring }]) => (ring === "decoy-card" ? [eventId] : []));
}

/** All findings that are there in the end. @throws OperatingError where a patrol does not come to an end. */
export async function patrolCity(patrol: CityPatrol): Promise<PatrolFinding[]> {
  const store = new FindingsStore(patrol.database);
  const decoyCards = await cardKeysOf(patrol.analytics, patrol.decoyEvents);
  const options = {
    analytics: patrol.analytics,
    store,
    queries: readPatrolQueries(SQL_FOLDER),
    settings: patrolsFile.parse(JSON.parse(readFileSync(PATROLS_FILE, "utf8"))),
    decoyCards: async () => decoyCards,
    partitions: patrol.partitions,
    clock: systemClock,
    logger: silentLogger,
    metrics: new PatrolMetrics(noMetrics),
  };
  // The office's own rounds knew of no decoys and may have come before what belongs together; found again is found once.
  await store.forgetProgress();
  let reports: readonly RunReport[] = [];
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    reports = await runRound(options, patrol.signal);
    patrol.signal.throwIfAborted();
    if (reports.every(isThrough)) return await findingsIn(store);
  }
  const [stuck] = reports.filter((report) => !isThrough(report));
  throw new OperatingError(
    `patrol ${stuck?.patrol} does not come to an end: ${stuck?.problem ?? "it stays behind"}`,
  );
}

function isThrough({ result, behindRecords }: RunReport): boolean {
  return result !== "failed" && behindRecords === 0;
}

/** The analysts' rows know a card by its token only. */
async function cardKeysOf(analytics: AnalyticsDatabase, eventIds: readonly string[]): Promise<string[]> {
  if (eventIds.length === 0) return [];
  const rows = await analytics.query(
    "SELECT DISTINCT cardKey FROM journal_records WHERE type = 'swipe' AND cardKey != '' AND eventId IN {eventIds:Array(String)}",
    { eventIds },
  );
  return rows.map(({ cardKey }) => String(cardKey));
}

async function findingsIn({ database }: FindingsStore): Promise<PatrolFinding[]> {
  const rows = await database
    .selectFrom("patrol_findings")
    .select(["patrol", "subject_key", "evidence"])
    .execute();
  return rows.map(({ patrol, subject_key, evidence }) => ({
    patrol,
    subject: subject_key,
    eventIds: evidence.map(({ eventId }) => eventId),
  }));
}
