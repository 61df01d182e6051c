/** Both logs, both databases and the patrols over them: rows come there by the analytics service's own writer. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sql } from "kysely";
import { packageRoot } from "../../../cli/package-root.js";
import { systemClock } from "../../../platform/clock/system-clock.js";
import { silentLogger } from "../../../platform/logger/logger.js";
import { type Metrics, noMetrics } from "../../../platform/metrics/metrics.js";
import type { JournalRecord } from "../../../schemas/journal.js";
import {
  mergePatrols,
  PATROL_IDS,
  type PatrolId,
  type PatrolsFile,
  type PatrolsOverlayFile,
  patrolsFile,
} from "../../../schemas/patrols.js";
import { FindingsStore } from "../../../services/alerts/patrol/findings-store.js";
import { PatrolMetrics } from "../../../services/alerts/patrol/patrol-metrics.js";
import { type RoundOptions, type RunReport, runRound } from "../../../services/alerts/patrol/patrol-round.js";
import { readPatrolQueries } from "../../../services/alerts/patrol/patrol-sql.js";
import { acceptBytes, isRefusal } from "../../../services/ingest/accept.js";
import { ALL_ZERO_KEY, Tokeniser } from "../../../services/ingest/tokens.js";
import { writeAll } from "../../analytics/running-service.js";
import { migratedDatabase, type ScratchDatabase } from "../../analytics/scratch-database.js";
import { TwoLogs } from "../../analytics/two-logs.js";
import { defaultBundle } from "../../support/judge.js";
import { AlertsDesk } from "../alerts-desk.js";
import { SQL_FOLDER } from "./patrol-cases.js";

export const shippedPatrols: PatrolsFile = patrolsFile.parse(
  JSON.parse(readFileSync(join(packageRoot, "rulesets", "patrols.json"), "utf8")),
);

const PARTITIONS = 3;
/** Behind everything that is planted, so that `receivedAt` is the arrival. */
const LOG_NOW_MS = Date.UTC(2026, 7, 1);

export class PatrolWorld {
  logs = newLogs();
  decoyCards: readonly string[] = [];
  nowMs = LOG_NOW_MS;
  /** Patrols of a round; all of them take a second and a half even over nothing. */
  only: readonly PatrolId[] = PATROL_IDS;

  private constructor(
    readonly scratch: ScratchDatabase,
    readonly desk: AlertsDesk,
  ) {}

  static async open(): Promise<PatrolWorld> {
    return new PatrolWorld(await migratedDatabase(), await AlertsDesk.open());
  }

  /** Appends raw records, judges them and stores the rows. */
  async plant(raw: readonly object[]): Promise<void> {
    for (const record of acceptedRecords(raw)) {
      // As on a log: what came later has a later time.
      this.logs.nowMs++;
      this.logs.append([record]);
    }
    await writeAll(this.logs.log, this.scratch.database);
  }

  /** One round by a process that has just started. */
  round(
    change: PatrolsOverlayFile = { patrols: {} },
    options: Partial<RoundOptions> & { readonly metricsOf?: Metrics } = {},
  ): Promise<readonly RunReport[]> {
    return runRound(
      {
        analytics: this.scratch.database,
        store: new FindingsStore(this.desk.database),
        queries: readPatrolQueries(SQL_FOLDER).filter(({ patrol }) => this.only.includes(patrol.id)),
        settings: mergePatrols(shippedPatrols, change),
        decoyCards: async () => this.decoyCards,
        partitions: PARTITIONS,
        clock: { ...systemClock, now: () => this.nowMs },
        logger: silentLogger,
        metrics: new PatrolMetrics(options.metricsOf ?? noMetrics),
        ...options,
      },
      new AbortController().signal,
    );
  }

  /** As new, for the next test: to open both databases takes five seconds. */
  async empty(): Promise<void> {
    for (const table of ["journal_records", "outcomes"])
      await this.scratch.database.run(`TRUNCATE TABLE ${table}`);
    await this.forgetFindings();
    this.logs = newLogs();
    this.decoyCards = [];
    this.nowMs = LOG_NOW_MS;
    this.only = PATROL_IDS;
  }

  /** As if nothing had been found and nothing looked at yet. */
  async forgetFindings(): Promise<void> {
    await sql`truncate alerts, cases, case_work, case_closings, case_closing_findings, patrol_findings, patrol_queries`.execute(
      this.desk.tables,
    );
    await this.forget();
  }

  /** As if nothing had been looked at yet. */
  forget(): Promise<void> {
    return new FindingsStore(this.desk.database).forgetProgress();
  }

  findings() {
    return this.desk.tables.selectFrom("patrol_findings").selectAll().orderBy("finding_id").execute();
  }

  async remove(): Promise<void> {
    await this.scratch.remove();
    await this.desk.close();
  }
}

function newLogs(): TwoLogs {
  const logs = new TwoLogs(PARTITIONS);
  logs.nowMs = LOG_NOW_MS;
  return logs;
}

function acceptedRecords(raw: readonly object[]): readonly JournalRecord[] {
  const context = { tokens: new Tokeniser(ALL_ZERO_KEY), drugs: defaultBundle.drugs };
  return raw.map((record) => {
    const accepted = acceptBytes(Buffer.from(JSON.stringify(record)), context);
    if (isRefusal(accepted)) throw new Error(`a planted record was refused: ${JSON.stringify(accepted)}`);
    return accepted;
  });
}
