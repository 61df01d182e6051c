/** `kadun rebuild analytics|alerts`: what is derived goes, and is made again from the logs. */

import { parseArgs } from "node:util";
import { ArchiveError } from "../services/archive/archive-error.js";
import { ARCHIVE_VARIABLE, archiveNamed } from "./archive/joined-history.js";
import { journalSourceOf } from "./backtest/journal-log.js";
import { ExitStatus, OperatingError, UsageError } from "./exit-status.js";
import { Closers } from "./process/closers.js";
import { startError } from "./process/start-errors.js";
import { distributedAlerts, distributedAnalytics } from "./rebuild/distributed-parts.js";
import { embeddedParts } from "./rebuild/embedded-parts.js";
import { rebuildAlerts } from "./rebuild/rebuild-alerts.js";
import { rebuildAnalytics } from "./rebuild/rebuild-analytics.js";

export const REBUILD_USAGE = `kadun rebuild analytics|alerts [--data DIR] [--archive DIR] [--dry-run] [--json]

Deletes what is made from the logs, makes it again, and verifies it. SMS are not sent again: their ledger stays, and so do
contacts, API keys, people and bundles.
analytics   the analysts' rows: all tables of ClickHouse. Verified against the logs by count and hash ('kadun reconcile').
alerts      cases, alerts, judged swipes, and what patrols found, except when it was first seen. Hashes before and after.
An embedded Kadun may run: the command takes the place of its office, and no swipe notices. Of a distributed one the roles
of that kind must be stopped. Killed at any moment, it goes on when run again; whoever starts meanwhile goes on as well.
--data DIR   the data directory of an embedded Kadun (KADUN_DATA, else kadun-data); where none is named and
             KADUN_KAFKA_BROKERS is set, a distributed one by the settings of its roles
--archive DIR  the archive by which the logs were trimmed (${ARCHIVE_VARIABLE}): what they no longer hold is read from there. It is
             verified before anything is deleted
--dry-run    deletes nothing: counts and hashes as they are
--json       one JSON object
Exit status: 0 done, 1 failed or not equal to the logs, 64 usage.`;

export interface RebuildOptions {
  readonly isDryRun: boolean;
  readonly json: boolean;
  /** Folder of the archive by which the logs were trimmed; null: none. */
  readonly archive: string | null;
}

export async function rebuild(args: readonly string[]): Promise<ExitStatus> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      data: { type: "string" },
      archive: { type: "string" },
      "dry-run": { type: "boolean" },
      json: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (values.help === true) {
    console.log(REBUILD_USAGE);
    return ExitStatus.DONE;
  }
  const what = positionals.join(" ");
  if (what !== "analytics" && what !== "alerts")
    throw new UsageError(`expected 'rebuild analytics' or 'rebuild alerts'\n\n${REBUILD_USAGE}`);
  const options = {
    isDryRun: values["dry-run"] === true,
    json: values.json === true,
    archive: archiveNamed(values.archive),
  };
  const closers = new Closers();
  try {
    const source = await journalSourceOf(values.data, closers);
    if (source.profile === "embedded") {
      const parts = await embeddedParts(source.data, closers);
      return what === "analytics"
        ? await rebuildAnalytics(parts, options)
        : await rebuildAlerts(parts, options);
    }
    if (what === "analytics") return await rebuildAnalytics(await distributedAnalytics(closers), options);
    return await distributedAlerts(closers, (parts) => rebuildAlerts(parts, options));
  } catch (error) {
    if (error instanceof ArchiveError) throw new OperatingError(error.message);
    throw startError(error, { port: 0, option: "--port" });
  } finally {
    await closers.close();
  }
}
