/** The analysts' rows, made again and held against the logs. */

import { join } from "node:path";
import { systemClock } from "../../platform/clock/system-clock.js";
import { Topic } from "../../schemas/topics.js";
import {
  analyticsRebuild,
  emptyAnalytics,
  endAnalyticsRebuild,
} from "../../services/analytics/empty-tables.js";
import { migrate, readMigrations } from "../../services/analytics/migrations.js";
import { reconcile } from "../../services/analytics/reconcile.js";
import type { Reconciliation } from "../../services/analytics/reconciliation.js";
import { reconciliationText } from "../../services/analytics/reconciliation-text.js";
import { ExitStatus } from "../exit-status.js";
import { packageRoot } from "../package-root.js";
import type { AnalyticsPlatform } from "../platforms.js";
import { startAnalytics } from "../process/analytics-process.js";
import type { RebuildOptions } from "../rebuild.js";
import { untilCaughtUp } from "./caught-up.js";
import { rebuildSource } from "./rebuild-source.js";

export interface AnalyticsParts {
  readonly platform: AnalyticsPlatform;
}

export async function rebuildAnalytics(
  { platform }: AnalyticsParts,
  { isDryRun, json, archive }: RebuildOptions,
): Promise<ExitStatus> {
  const { analytics: database } = platform;
  const source = await rebuildSource(platform.log, archive);
  const { log } = source;
  const migrations = await readMigrations(join(packageRoot, "schemas", "clickhouse"));
  const underWay = await analyticsRebuild(database);
  if (isDryRun) {
    await migrate(database, migrations, () => systemClock.now());
    return print({ rebuilt: false, underWay, after: await reconcile({ log, database }) }, json);
  }
  if (underWay !== "filling") {
    await source.requireWhole([Topic.JOURNAL, Topic.DECISIONS]);
    await emptyAnalytics(database, migrations);
  }
  const service = await startAnalytics({ ...platform, log });
  try {
    await source.requireNext(await service.status());
    const { broken } = source;
    await untilCaughtUp({
      name: "records stored",
      clock: systemClock,
      status: () => service.status(),
      ended: broken,
      json,
    });
  } finally {
    await service.close();
  }
  const after = await reconcile({ log, database });
  if (after.isEqual) await endAnalyticsRebuild(database);
  return print({ rebuilt: true, underWay, after }, json);
}

interface Rebuilt {
  readonly rebuilt: boolean;
  /** What an earlier rebuild had left to do. */
  readonly underWay: string | null;
  readonly after: Reconciliation;
}

function print(result: Rebuilt, json: boolean): ExitStatus {
  if (json) console.log(JSON.stringify(result));
  else {
    if (result.underWay !== null) console.log(`an earlier rebuild was under way (${result.underWay})`);
    console.log(reconciliationText(result.after));
  }
  return result.after.isEqual ? ExitStatus.DONE : ExitStatus.FAILED;
}
