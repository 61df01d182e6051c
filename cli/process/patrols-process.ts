/** The patrols as every profile starts them. */

import { join } from "node:path";
import type { AnalyticsDatabase } from "../../platform/analytics/analytics-database.js";
import type { OpenDatabase } from "../../platform/database/database.js";
import type { EventLog } from "../../platform/event-log/event-log.js";
import { mergePatrols, type PatrolsFile, patrolsFile, patrolsOverlayFile } from "../../schemas/patrols.js";
import { Topic } from "../../schemas/topics.js";
import { settingsProblems } from "../../services/alerts/patrol/patrol-parameters.js";
import { type PatrolService, startPatrols } from "../../services/alerts/patrol/patrol-service.js";
import { BundleError, readChecked } from "../bundle-files.js";
import { packageRoot } from "../package-root.js";
import type { ProcessPlatform } from "../platforms.js";
import { readDecoys } from "./decoys-file.js";

export interface PatrolsPlatform extends ProcessPlatform {
  readonly log: EventLog;
  readonly analytics: AnalyticsDatabase;
  readonly database: OpenDatabase;
}

export interface PatrolsOptions {
  /** What this installation changes of rulesets/patrols.json; empty for nothing. Read at the start. */
  readonly patrolsFile: string;
  /** Card keys, one a line; where there is no file there are no decoys. Read in each round. */
  readonly decoysFile: string;
}

/** After analytics and alerts, whose tables they read and write. @throws BundleError, EventLogError. */
export async function startPatrolProcess(
  platform: PatrolsPlatform,
  options: PatrolsOptions,
): Promise<PatrolService> {
  const { analytics, database, clock, logger, metrics, log } = platform;
  return startPatrols({
    analytics,
    database,
    partitions: await log.partitionCount(Topic.JOURNAL),
    sqlFolder: join(packageRoot, "services", "alerts", "patrol", "sql"),
    settings: loadPatrols(options.patrolsFile),
    decoyCards: async () => readDecoys(options.decoysFile),
    clock,
    logger,
    metrics,
  });
}

/** The shipped settings, changed by a file where one is given. @throws BundleError. */
export function loadPatrols(path: string): PatrolsFile {
  const shipped = readChecked(join(packageRoot, "rulesets", "patrols.json"), patrolsFile);
  const settings = path === "" ? shipped : mergePatrols(shipped, readChecked(path, patrolsOverlayFile));
  const problems = settingsProblems(settings);
  if (problems.length === 0) return settings;
  const file = path === "" ? "rulesets/patrols.json" : path;
  throw new BundleError(
    problems.map((problem) => {
      const [place = "", expected = ""] = problem.split(/: (.*)/s);
      return { file, path: place, expected };
    }),
  );
}
