/**
 * One round: each patrol in turn looks at what is new to it.
 *
 * 1. One patrol's failure or slowness is its own: it ends after `RUN_SECONDS_MAX` and the next one runs.
 * 2. A run that was too large is tried with half as many records next time; one that was not, with twice as many.
 * 3. Nothing is looked at that both tables do not hold yet, so being behind them only makes findings later.
 */

import {
  type AnalyticsDatabase,
  QUERY_ROWS_MAX,
  type QueryLimits,
} from "../../../platform/analytics/analytics-database.js";
import type { Clock } from "../../../platform/clock/clock.js";
import type { Logger } from "../../../platform/logger/logger.js";
import type { PatrolId, PatrolSettings, PatrolsFile } from "../../../schemas/patrols.js";
import { EVIDENCE_MAX, findingOf } from "./finding.js";
import { locatedFindings } from "./finding-regions.js";
import type { FindingsStore, PatrolProgress } from "./findings-store.js";
import type { PatrolMetrics } from "./patrol-metrics.js";
import { parametersOf } from "./patrol-parameters.js";
import type { PatrolQuery } from "./patrol-sql.js";
import { beginning, type Head, nextStretch, readHead, type Stretch, stretchParameters } from "./stretch.js";

/** One minute of a million rows takes four seconds on a busy machine (docs/patrols.md): there is room, and no patrol waits longer. */
export const RUN_SECONDS_MAX = 20;
/** A run's result is parsed at once; more findings than that make the run smaller. */
const FINDINGS_MAX = 2_000;
/** Of a machine with 1.5 GB for all of Kadun. */
const MEMORY_BYTES_MAX = 512 << 20;
const RUN_LIMITS: QueryLimits = {
  secondsMax: RUN_SECONDS_MAX,
  rowsMax: FINDINGS_MAX,
  memoryBytesMax: MEMORY_BYTES_MAX,
  // The others of the process go on meanwhile.
  threadsMax: 2,
};
/** A row for each institution of a run's findings, of which one may rest on several. */
const LOCATE_LIMITS: QueryLimits = { ...RUN_LIMITS, rowsMax: QUERY_ROWS_MAX };
/** A minute of 3,300 swipes a second; far behind, rounds follow each other. Larger ones need more memory than they may have. */
export const RECORDS_MAX = 200_000;
/** Fewer would hide that the query itself is what is slow. */
const RECORDS_MIN = 1_000;

export interface RoundOptions {
  readonly analytics: AnalyticsDatabase;
  readonly store: FindingsStore;
  readonly queries: readonly PatrolQuery[];
  readonly settings: PatrolsFile;
  /** Keys of decoy cards, asked for each time. */
  readonly decoyCards: () => Promise<readonly string[]>;
  /** Of the journal. */
  readonly partitions: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: PatrolMetrics;
}

export interface RunReport {
  readonly patrol: PatrolId;
  readonly result: "done" | "idle" | "failed";
  readonly seconds: number;
  readonly findingsNew: number;
  readonly findingsAgain: number;
  /** Stored journal records not looked at yet. */
  readonly behindRecords: number;
  /** Why it failed. */
  readonly problem: string | null;
}

/** @throws what the stores throw before any patrol could run. */
export async function runRound(options: RoundOptions, signal: AbortSignal): Promise<readonly RunReport[]> {
  const { store, queries, settings, partitions, analytics } = options;
  const live = queries.filter(({ patrol }) => settings.patrols[patrol.id].mode === "live");
  const standing = new Map<PatrolId, PatrolProgress>();
  for (const { patrol } of live)
    standing.set(patrol.id, (await store.progress(patrol.id)) ?? started(partitions));
  if (live.length === 0) return [];
  const head = await readHead(analytics, furthestBack([...standing.values()]));
  const reports: RunReport[] = [];
  for (const query of live) {
    if (signal.aborted) break;
    reports.push(await runReported(options, query, standing.get(query.patrol.id)!, head));
  }
  return reports;
}

function started(partitions: number): PatrolProgress {
  return { standing: beginning(partitions), recordsMax: RECORDS_MAX };
}

function furthestBack(all: readonly PatrolProgress[]) {
  const [first, ...rest] = all.map(({ standing }) => standing);
  return rest.reduce(
    (a, b) => ({
      nextOffsets: a.nextOffsets.map((offset, partition) => Math.min(offset, b.nextOffsets[partition]!)),
      clockMs: Math.max(a.clockMs, b.clockMs),
    }),
    first!,
  );
}

async function runReported(
  options: RoundOptions,
  query: PatrolQuery,
  progress: PatrolProgress,
  head: Head,
): Promise<RunReport> {
  const { clock, metrics, logger } = options;
  const { id } = query.patrol;
  const stretch = nextStretch(progress.standing, head, progress.recordsMax);
  const beganAtMs = clock.now();
  const report = (
    result: RunReport["result"],
    found = { fresh: 0, again: 0 },
    problem: string | null = null,
  ) => {
    const seconds = (clock.now() - beganAtMs) / 1000;
    const behindRecords = behindOf(head, result === "done" ? stretch!.after : progress.standing);
    metrics.run(id, result);
    metrics.found(id, found);
    metrics.behindOf(id, behindRecords);
    if (result !== "idle") metrics.took(id, seconds);
    const { fresh: findingsNew, again: findingsAgain } = found;
    return { patrol: id, result, seconds, findingsNew, findingsAgain, behindRecords, problem };
  };
  if (stretch === null) return report("idle");
  try {
    const found = await run(options, query, stretch, progress.recordsMax);
    if (found.fresh > 0) logger.info("patrol.found", { code: id, count: found.fresh });
    return report("done", found);
  } catch (error) {
    logger.warn("patrol.failed", { code: id, error });
    await smaller(options, id, progress);
    return report("failed", undefined, error instanceof Error ? error.message : String(error));
  }
}

async function run(
  { analytics, store, settings, decoyCards, clock }: RoundOptions,
  query: PatrolQuery,
  stretch: Stretch,
  recordsMax: number,
) {
  const own: PatrolSettings = settings.patrols[query.patrol.id];
  const parameters = parametersOf(query, own, {
    ...stretchParameters(stretch),
    evidenceMax: EVIDENCE_MAX,
    decoyCards: query.placeholders.includes("decoyCards") ? await decoyCards() : [],
  });
  const rows = await analytics.query(query.sql, parameters, RUN_LIMITS);
  const found = rows.map((row) => findingOf(query.patrol, row));
  return store.store({
    query,
    severity: own.severity,
    parameters: { settings: own.parameters, query: parameters },
    findings: await locatedFindings(analytics, found, LOCATE_LIMITS),
    progress: { standing: stretch.after, recordsMax: Math.min(RECORDS_MAX, recordsMax * 2) },
    seenAtMs: clock.now(),
  });
}

/** Best effort: what cannot be noted is tried at the same size again. */
async function smaller(
  { store, logger }: RoundOptions,
  id: PatrolId,
  { standing, recordsMax }: PatrolProgress,
): Promise<void> {
  const half = Math.max(RECORDS_MIN, Math.floor(recordsMax / 2));
  await store.saveProgress(id, { standing, recordsMax: half }).catch((error: unknown) => {
    logger.warn("patrol.progress-not-stored", { code: id, error });
  });
}

function behindOf({ ends }: Head, { nextOffsets }: { readonly nextOffsets: readonly number[] }): number {
  return ends.reduce((sum, end, partition) => sum + Math.max(0, end - nextOffsets[partition]!), 0);
}
