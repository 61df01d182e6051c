/** Cases, alerts and what patrols found, made again; hashes before and after. */

import { systemClock } from "../../platform/clock/system-clock.js";
import { consumersProgress } from "../../platform/database/consumer-progress.js";
import type { OpenDatabase } from "../../platform/database/database.js";
import { POSITION_COLUMNS, Topic } from "../../schemas/topics.js";
import { alertsProgress } from "../../services/alerts/alerts-progress.js";
import type { AlertsPartitionStatus } from "../../services/alerts/alerts-service.js";
import {
  emptyAlerts,
  endAlertsRebuild,
  isAlertsRebuilding,
  raiseKeptFindings,
} from "../../services/alerts/empty-tables.js";
import { type AlertsHashes, alertsHashes, type HashedTable } from "../../services/alerts/table-hashes.js";
import { ExitStatus } from "../exit-status.js";
import type { AlertsPlatform } from "../platforms.js";
import { migratePostgres, startAlerts } from "../process/alerts-process.js";
import { type PatrolsOptions, type PatrolsPlatform, startPatrolProcess } from "../process/patrols-process.js";
import type { RebuildOptions } from "../rebuild.js";
import { untilCaughtUp } from "./caught-up.js";
import { rebuildSource } from "./rebuild-source.js";

export interface AlertsParts {
  readonly platform: AlertsPlatform;
  /** null where there are no patrols. */
  readonly patrols: { readonly platform: PatrolsPlatform; readonly options: PatrolsOptions } | null;
  readonly smsStaleAfterMs: number | null;
}

/** A patrol that fails is tried again in smaller steps (docs/patrols.md); one that goes on failing is not waited for. */
const FAILED_ROUNDS_MAX = 8;
const PAUSE_MS = 100;

export async function rebuildAlerts(
  parts: AlertsParts,
  { isDryRun, json, archive }: RebuildOptions,
): Promise<ExitStatus> {
  const { platform, smsStaleAfterMs } = parts;
  const { database } = platform;
  await migratePostgres(database);
  const isUnderWay = await isAlertsRebuilding(database);
  // Of tables that an earlier rebuild left half full the hashes say nothing.
  const before = isUnderWay && !isDryRun ? null : await alertsHashes(database);
  if (isDryRun)
    return print(
      { rebuilt: false, isUnderWay, before, after: null, outcomesSince: 0, findingsKept: 0 },
      json,
    );
  const applied = await appliedOutcomes(database);
  const source = await rebuildSource(platform.log, archive);
  const { log } = source;
  if (!isUnderWay) {
    await source.requireWhole([Topic.DECISIONS]);
    await emptyAlerts(database);
  }
  const service = await startAlerts({ ...platform, log }, { smsStaleAfterMs, isSending: false });
  try {
    const { ended } = service;
    const status = async () => (await service.status()).map(standingOf);
    await source.requireNext(await status());
    await untilCaughtUp({ name: "outcomes applied", clock: systemClock, status, ended, json });
  } finally {
    await service.close();
  }
  const hasPatrolled = await patrolAll(parts);
  const kept = await raiseKeptFindings(database);
  const after = await alertsHashes(database);
  await endAlertsRebuild(database);
  // Of a rebuild that was killed what it had applied says nothing about the tables before it, nor do their hashes.
  const outcomesSince = isUnderWay ? 0 : (await appliedOutcomes(database)) - applied;
  const status = print({ rebuilt: true, isUnderWay, before, after, outcomesSince, findingsKept: kept }, json);
  return hasPatrolled ? status : ExitStatus.FAILED;
}

function standingOf({ partition, nextOffset, lag }: AlertsPartitionStatus) {
  return { topic: Topic.DECISIONS, partition, nextOffset, doneTo: nextOffset, lag };
}

/** Over all partitions. */
async function appliedOutcomes(database: OpenDatabase): Promise<number> {
  const stored = await consumersProgress(database, POSITION_COLUMNS);
  return stored
    .filter(({ consumer }) => consumer === alertsProgress.consumer)
    .reduce((sum, { progress }) => sum + progress.nextOffset, 0);
}

/** Rounds until nothing is left to look at. @returns false where a patrol goes on failing. */
async function patrolAll({ patrols }: AlertsParts): Promise<boolean> {
  if (patrols === null) return true;
  const service = await startPatrolProcess(patrols.platform, patrols.options);
  try {
    for (let failed = 0; failed < FAILED_ROUNDS_MAX; ) {
      const reports = await service.runNow();
      const problems = reports.filter(({ result }) => result === "failed");
      if (problems.length > 0) failed++;
      else if (reports.every(({ behindRecords }) => behindRecords === 0)) return true;
      await systemClock.sleep(PAUSE_MS);
    }
    return false;
  } finally {
    await service.close();
  }
}

interface Rebuilt {
  readonly rebuilt: boolean;
  readonly isUnderWay: boolean;
  readonly before: AlertsHashes | null;
  readonly after: AlertsHashes | null;
  /** Outcomes that came after those of which the tables were before. */
  readonly outcomesSince: number;
  /** Findings that the patrols did not find again: their alerts come from what was kept of them. */
  readonly findingsKept: number;
}

function print(result: Rebuilt, json: boolean): ExitStatus {
  const isSame = isSameOf(result);
  if (json) console.log(JSON.stringify({ ...result, isSame }));
  else console.log(resultText(result, isSame));
  return ExitStatus.DONE;
}

/** null where the hashes cannot tell: there is one side only, or they are of different logs. */
function isSameOf({ before, after, outcomesSince }: Rebuilt): boolean | null {
  if (before === null || after === null) return null;
  const isEqual = JSON.stringify(before) === JSON.stringify(after);
  return isEqual || outcomesSince === 0 ? isEqual : null;
}

function resultText(
  { isUnderWay, before, after, outcomesSince, findingsKept }: Rebuilt,
  isSame: boolean | null,
): string {
  const lines = isUnderWay ? ["an earlier rebuild was under way"] : [];
  const names = Object.keys(before ?? after ?? {}) as HashedTable[];
  for (const name of names)
    lines.push(
      `${name.padEnd(13)} ${tableText(before, name)}${arrow(before, after)}${tableText(after, name)}`,
    );
  if (findingsKept > 0)
    lines.push(
      `${findingsKept} findings of patrols were not found again; their alerts come from what was kept`,
    );
  if (outcomesSince > 0)
    lines.push(`${outcomesSince} outcomes came meanwhile: before and after are not of the same log`);
  if (isSame !== null)
    lines.push(
      isSame ? "the same as before" : "not the same as before: the tables were not what the logs say",
    );
  return lines.join("\n");
}

function arrow(before: AlertsHashes | null, after: AlertsHashes | null): string {
  return before === null || after === null ? "" : " -> ";
}

const SHOWN_DIGITS = 16;

function tableText(hashes: AlertsHashes | null, name: HashedTable): string {
  if (hashes === null) return "";
  const { rows, sha256 } = hashes[name];
  return `${rows} ${sha256.slice(0, SHOWN_DIGITS)}`;
}
