/** The pages "today" and "analytics" as every profile starts them: what they ask, and of whom. */

import { join } from "node:path";
import { Kysely } from "kysely";
import type { Clock } from "../../platform/clock/clock.js";
import type { EventLog } from "../../platform/event-log/event-log.js";
import { appealDeadlinesFile } from "../../schemas/appeal-deadlines.js";
import type { DeliveryFigures, StageLag } from "../../schemas/http/overview.js";
import type { RulesStatus } from "../../schemas/http/rules.js";
import { formatInstant } from "../../schemas/instant.js";
import type { PrecisionReport } from "../../schemas/precision.js";
import { Topic } from "../../schemas/topics.js";
import { compileCalendar } from "../../schemas/working-calendar.js";
import { alertsProgress } from "../../services/alerts/alerts-progress.js";
import { OfficeOverview } from "../../services/alerts/overview/office-overview.js";
import { PLACE_UNKNOWN, placeName } from "../../services/alerts/place-name.js";
import type { AlertsTables } from "../../services/alerts/tables.js";
import { readFeeds } from "../../services/analytics/feeds.js";
import type { Reconciliation } from "../../services/analytics/reconciliation.js";
import { analyticsRoutes } from "../../services/console/server/analytics-routes.js";
import type { ConsoleRoutes } from "../../services/console/server/console-routes.js";
import type { FiguresDesk } from "../../services/console/server/figures-desk.js";
import { LiveRooms } from "../../services/console/server/live-rooms.js";
import type { OverviewDesk, PipelineDesk } from "../../services/console/server/overview-desk.js";
import { fingerprintOf, OverviewReader } from "../../services/console/server/overview-reader.js";
import { overviewRoutes } from "../../services/console/server/overview-routes.js";
import { PrecisionCache } from "../../services/console/server/precision-cache.js";
import { Reconciliations } from "../../services/console/server/reconciliations.js";
import { loadBundle, readChecked } from "../bundle-files.js";
import { packageRoot } from "../package-root.js";
import type { Closers } from "./closers.js";
import type { ConsolePlatform } from "./console-process.js";
import { detectorBacklog } from "./detector-backlog.js";
import type { SystemParts } from "./system-process.js";

export interface OverviewOptions {
  /** Logs against tables; ends early where the signal is aborted. */
  readonly reconcile: (signal: AbortSignal) => Promise<Reconciliation>;
  /** Counts everything that is stored: minutes. */
  readonly precision: () => Promise<PrecisionReport>;
  readonly rules: () => Promise<RulesStatus>;
}

/** The database is migrated. What is started is closed before log and databases. */
export function startOverview(
  platform: ConsolePlatform,
  options: OverviewOptions & {
    readonly figures: FiguresDesk;
    readonly system: SystemParts;
    readonly dayClock: Clock;
  },
  closers: Closers,
): readonly ConsoleRoutes[] {
  const { clock, logger, database } = platform;
  const { dayClock } = options;
  const { figures } = options;
  const { calendar, regions } = loadBundle().content;
  const policy = readChecked(join(packageRoot, "rulesets", "appeal-deadlines.json"), appealDeadlinesFile);
  const office = new OfficeOverview({
    database,
    clock: dayClock,
    terms: { policy, calendar: compileCalendar(calendar) },
  });
  const desk: OverviewDesk = {
    needs: (asked) => office.needs(asked),
    delivery: async (asked) => {
      const [figured, rules] = await Promise.all([office.delivery(asked), options.rules()]);
      return { ...figured, rules: rulesOf(rules) };
    },
  };
  const reconciler = {
    reconcile: async (signal: AbortSignal) => comparedOf(await options.reconcile(signal)),
  };
  const reconciliations = closers.add(new Reconciliations({ reconciler, clock, logger }));
  const pipeline = pipelineDesk(platform, options.system);
  const reader = new OverviewReader({ figures, desk, pipeline, reconciliations, clock, dayClock, logger });
  const live = closers.add(
    new LiveRooms({
      read: async (scope) => {
        const answer = await reader.read(scope);
        return { fingerprint: fingerprintOf(answer), json: JSON.stringify(answer) };
      },
      clock,
      logger,
    }),
  );
  const precision = closers.add(new PrecisionCache({ count: options.precision, clock, logger }));
  const regionName = (code: string) => {
    const name = code === "" ? PLACE_UNKNOWN : placeName(regions.regions, code);
    return name === PLACE_UNKNOWN ? "" : name;
  };
  return [
    ...overviewRoutes({ reader, desk, live, reconciliations, clock }),
    analyticsRoutes({ figures, appeals: office, precision, clock: dayClock, regionName }),
  ];
}

/** A log whose next answer after the signal is an error: whoever walks it ends there. */
export function untilAborted(log: EventLog, signal: AbortSignal): EventLog {
  return new Proxy(log, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== "function") return member;
      return async (...given: unknown[]) => {
        signal.throwIfAborted();
        const answer: unknown = await Reflect.apply(member, target, given);
        return name === "reader" ? untilAborted(answer as EventLog, signal) : answer;
      };
    },
  });
}

function pipelineDesk(platform: ConsolePlatform, { analytics, rows }: SystemParts): PipelineDesk {
  const { log, clock } = platform;
  return {
    stages: async () => {
      const [detector, analyticsLags, alerts] = await Promise.all([
        detectorBacklog(log).catch(() => null),
        analytics === null ? null : analytics().catch(() => null),
        alertsLags(platform),
      ]);
      const stored = analyticsLags === null ? null : sumOf(analyticsLags.map(({ lag }) => lag));
      const stages: readonly StageLag[] = [
        { stage: "detector", records: detector },
        { stage: "analytics", records: stored },
        { stage: "alerts", records: sumOf(alerts) },
      ];
      return stages;
    },
    feeds: async () =>
      rows === null
        ? []
        : (await readFeeds(rows, clock.now())).map(({ feed, lastAtMs }) => ({
            feedId: feed,
            lastAt: formatInstant(lastAtMs),
          })),
  };
}

async function alertsLags({ database, log }: ConsolePlatform): Promise<readonly (number | null)[]> {
  const tables = new Kysely<AlertsTables>({ dialect: database.dialect });
  const partitions = await log.partitionCount(Topic.DECISIONS).catch(() => null);
  if (partitions === null) return [null];
  return Promise.all(
    Array.from({ length: partitions }, async (_, partition) => {
      const bounds = await log.bounds(Topic.DECISIONS, partition).catch(() => null);
      const progress = await alertsProgress.stored(tables, partition);
      return bounds && Math.max(0, bounds.end - (progress?.nextOffset ?? 0));
    }),
  );
}

/** null where one is not known. */
function sumOf(lags: readonly (number | null)[]): number | null {
  return lags.reduce<number | null>((sum, lag) => (sum === null || lag === null ? null : sum + lag), 0);
}

function comparedOf({ isEqual, partitions, findingsCount, figures }: Reconciliation) {
  const compared = partitions.reduce(
    (sum, { journal, outcomes }) => sum + journal.logged + outcomes.logged,
    0,
  );
  const miscounted = figures.state === "different" ? figures.differences.length : 0;
  return { isEqual, compared, findings: findingsCount + miscounted };
}

function rulesOf({ running, open, alarms }: RulesStatus): DeliveryFigures["rules"] {
  return {
    version: running?.version ?? null,
    open: open && {
      sequence: open.sequence,
      version: open.version,
      partitions: open.partitions.length,
      answered: open.answered,
      waitingSeconds: open.waitingSeconds,
    },
    alarms: [...alarms],
  };
}
