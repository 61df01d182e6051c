/** `kadun archive trim DIR`. */

import { systemClock } from "../../platform/clock/system-clock.js";
import type { SettingsTable } from "../../platform/config/settings.js";
import type { EventLog } from "../../platform/event-log/event-log.js";
import { takeOwnerLock } from "../../platform/lifecycle/owner-lock.js";
import { silentLogger } from "../../platform/logger/logger.js";
import { noMetrics } from "../../platform/metrics/metrics.js";
import { Archive } from "../../services/archive/archive.js";
import { verifyArchive } from "../../services/archive/verify-archive.js";
import { sealAll } from "../../services/evidence/day-proofs/seal-all.js";
import { KeyRing } from "../../services/evidence/keys/key-ring.js";
import type { ArchiveOptions } from "../archive.js";
import { journalOpener, journalSourceOf } from "../backtest/journal-log.js";
import { openAnalytics, openPostgres, openRegister, openStore } from "../compose/distributed.js";
import { openEmbeddedDatabases, openEmbeddedSwipe, openProofsLog } from "../compose/embedded.js";
import { settingsFrom } from "../distributed/read-settings.js";
import { CLICKHOUSE_SETTINGS, POSTGRES_SETTINGS, REDIS_SETTINGS } from "../distributed/settings.js";
import { openOwnedData } from "../embedded/open-data.js";
import { embeddedSettings } from "../embedded/settings.js";
import { ExitStatus, OperatingError } from "../exit-status.js";
import type { Closers } from "../process/closers.js";
import { CONTENT_CHECKS } from "./content-checks.js";
import { type Consumers, needsOf } from "./trim-bounds.js";
import { type TrimmedPartition, trimPartition } from "./trim-partition.js";

const DAY_MS = 86_400_000;
const STORES = {
  ...REDIS_SETTINGS,
  ...POSTGRES_SETTINGS,
  ...CLICKHOUSE_SETTINGS,
} as const satisfies SettingsTable;

export interface TrimOptions extends ArchiveOptions {
  readonly keepDays: number;
  readonly isDryRun: boolean;
}

interface LiveKadun extends Consumers {
  readonly log: EventLog;
}

export async function trimLogs(options: TrimOptions, closers: Closers): Promise<ExitStatus> {
  const { folder, keepDays, isDryRun, json } = options;
  const source = await journalSourceOf(options.data, closers);
  const live = await (source.profile === "embedded"
    ? openEmbedded(source.data, isDryRun, closers)
    : openDistributed(await journalOpener(closers)(source), closers));
  const archive = await Archive.open(folder);
  if (archive.partitions !== source.partitions)
    throw new OperatingError(
      `${folder}: an archive of ${archive.partitions} partitions, the journal has ${source.partitions}; name this journal's own archive`,
    );
  await verifyArchive(archive, CONTENT_CHECKS);
  const needs = await needsOf(live, source.partitions);
  const olderThanMs = systemClock.now() - keepDays * DAY_MS;
  const trimmed: TrimmedPartition[] = [];
  for (const [partition, own] of needs.entries())
    trimmed.push(
      await trimPartition({ log: live.log, archive, partition, needs: own, olderThanMs, isDryRun }),
    );
  console.log(json ? JSON.stringify({ isDryRun, partitions: trimmed }) : trimmedText(trimmed, isDryRun));
  return ExitStatus.DONE;
}

/** Nothing else may write: both locks are taken, and Kadun says that it cannot start meanwhile. */
async function openEmbedded(data: string, isDryRun: boolean, closers: Closers): Promise<LiveKadun> {
  const { shared, lock } = openOwnedData(embeddedSettings({ data, "log-level": "error" }, process.env));
  closers.add({ close: async () => lock.release() });
  const officeLock = takeOwnerLock(shared.paths.officeLock);
  closers.add({ close: async () => officeLock.release() });
  const { log, store, keyValues } = await openEmbeddedSwipe(shared, closers);
  const proofsLog = closers.add(await openProofsLog(shared));
  const { proofs: folder, evidenceKeys } = shared.paths;
  const signer = () => KeyRing.open(evidenceKeys, systemClock.now()).signer();
  // The open stretch of today would hold everything of today.
  if (!isDryRun) await sealAll({ log, publication: proofsLog, folder, signer });
  return { log, proofsLog, store, moved: keyValues.moved, ...(await openEmbeddedDatabases(shared, closers)) };
}

async function openDistributed(log: EventLog, closers: Closers): Promise<LiveKadun> {
  const settings = settingsFrom(STORES, {}, process.env);
  const platform = {
    clock: systemClock,
    logger: silentLogger,
    metrics: noMetrics,
    metricsText: { contentType: "text/plain", text: async () => "" },
  };
  const database = await openPostgres(settings, closers);
  return {
    log,
    proofsLog: log,
    database,
    store: await openStore(settings, platform, closers),
    analytics: await openAnalytics(settings, closers),
    moved: openRegister(database, "moved", closers, { readOnly: true }),
  };
}

function trimmedText(trimmed: readonly TrimmedPartition[], isDryRun: boolean): string {
  const verb = isDryRun ? "would go" : "gone";
  return trimmed
    .map(
      ({ partition, journal, decisions, heldBy }) =>
        `partition ${partition}: ${journal.removed} journal records and ${decisions.removed} outcomes ${verb}; the journal begins at ${journal.start}, held there by ${heldBy}`,
    )
    .join("\n");
}
