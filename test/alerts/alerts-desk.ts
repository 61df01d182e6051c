/** One database of alerts for a test file, emptied between tests; outcomes go through the real consumer. */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Kysely } from "kysely";
import { packageRoot } from "../../cli/package-root.js";
import type { Clock } from "../../platform/clock/clock.js";
import { systemClock } from "../../platform/clock/system-clock.js";
import type { OpenDatabase } from "../../platform/database/database.js";
import { migrate } from "../../platform/database/migrations.js";
import { openPgliteDatabase } from "../../platform/database/pglite/pglite-database.js";
import type { EventLog, LogEntry } from "../../platform/event-log/event-log.js";
import { MemoryEventLog } from "../../platform/event-log/memory/memory-event-log.js";
import { MemoryLogWorld } from "../../platform/event-log/memory/memory-log-world.js";
import { type Logger, silentLogger } from "../../platform/logger/logger.js";
import { noMetrics } from "../../platform/metrics/metrics.js";
import { regionsFile } from "../../schemas/bundle/regions.js";
import type { LoggedOutcome } from "../../schemas/outcomes.js";
import { smsTemplatesFile } from "../../schemas/sms-templates.js";
import { Topic } from "../../schemas/topics.js";
import { AlertsMetrics } from "../../services/alerts/alerts-metrics.js";
import { AlertsSink } from "../../services/alerts/alerts-sink.js";
import { consumeDecisions } from "../../services/alerts/decisions-consumer.js";
import { placeName } from "../../services/alerts/place-name.js";
import type { AlertsTables } from "../../services/alerts/tables.js";
import { emptyTables } from "../support/empty-tables.js";
import { newMigratedDatabase } from "../support/new-database.js";
import { START_MS } from "../support/records.js";
import { entries } from "./outcome-records.js";

export const migrationsFolder = join(packageRoot, "schemas", "postgres");
export const templates = smsTemplatesFile.parse(
  JSON.parse(readFileSync(join(packageRoot, "rulesets", "sms-templates.json"), "utf8")),
);
export const regions = regionsFile.parse(
  JSON.parse(readFileSync(join(packageRoot, "rulesets", "regions.json"), "utf8")),
);

/** Records are appended an hour after the first event; nobody sleeps. */
export const logClock: Clock = { now: () => START_MS + 3_600_000, sleep: () => Promise.resolve() };

const OF_THE_LOG = [
  "consumer_progress",
  "judged_swipes",
  "undone_swipes",
  "card_reports",
  "person_links",
  "person_moves",
  "alerts",
  "cases",
];
const OF_WORK = [
  "sms",
  "sms_escalations",
  "audit_log",
  "journal_outbox",
  "case_work",
  "case_history",
  "case_notes",
  "case_proposals",
  "case_closings",
  "case_closing_findings",
];

/** Where a desk has its database. */
export interface DeskEngine {
  open(folder: string): Promise<OpenDatabase>;
  /** After the database was closed. */
  remove(): Promise<void>;
}

const pglite: DeskEngine = {
  open: async (folder) => openPgliteDatabase({ path: await newMigratedDatabase(join(folder, "postgres")) }),
  remove: async () => {},
};
let engineOfFile: () => Promise<DeskEngine> = async () => pglite;

/** Before the tests of a file are loaded: has them all on another engine (test/int). */
export function putDesksOn(engine: () => Promise<DeskEngine>): void {
  engineOfFile = engine;
}

export class AlertsDesk {
  private constructor(
    readonly folder: string,
    private readonly engine: DeskEngine,
    readonly database: OpenDatabase,
    readonly tables: Kysely<AlertsTables>,
  ) {}

  static async open(given?: DeskEngine): Promise<AlertsDesk> {
    const engine = given ?? (await engineOfFile());
    const folder = mkdtempSync(join(tmpdir(), "kadun-alerts-"));
    const database = await engine.open(folder);
    await migrate(database.dialect, migrationsFolder);
    return new AlertsDesk(folder, engine, database, new Kysely<AlertsTables>({ dialect: database.dialect }));
  }

  sink(
    staleAfterMs: number | null = 86_400_000,
    { log = logOf([]), logger = silentLogger }: { readonly log?: EventLog; readonly logger?: Logger } = {},
  ): AlertsSink {
    return new AlertsSink({
      database: this.database,
      log,
      clock: systemClock,
      logger,
      templates,
      staleAfterMs,
      placeOf: (code) => placeName(regions.regions, code),
      onApplied: () => {},
    });
  }

  /** Appends the outcomes to a new log and consumes it to its end. */
  async consume(outcomes: readonly LoggedOutcome[], sink = this.sink()): Promise<void> {
    await this.consumeEntries(entries(outcomes), sink);
  }

  async consumeEntries(logged: readonly LogEntry[], sink = this.sink()): Promise<void> {
    const log = logOf(logged);
    await consumeToEnd(log, sink);
    await log.close();
  }

  /** All that a rebuild must give again; the ledger too. */
  async rows() {
    const [alerts, cases, sms, swipes, progress] = await Promise.all([
      this.tables.selectFrom("alerts").selectAll().orderBy("alert_id").execute(),
      this.tables.selectFrom("cases").selectAll().orderBy("case_id").execute(),
      this.tables.selectFrom("sms").selectAll().orderBy("sms_id").execute(),
      this.tables.selectFrom("judged_swipes").selectAll().orderBy("decision_id").execute(),
      this.tables.selectFrom("consumer_progress").selectAll().orderBy("partition").execute(),
    ]);
    return { alerts, cases, sms, swipes, progress };
  }

  async forgetAllButSms(): Promise<void> {
    await emptyTables(this.tables, OF_THE_LOG);
  }

  async empty(): Promise<void> {
    await emptyTables(this.tables, [...OF_THE_LOG, ...OF_WORK]);
  }

  async close(): Promise<void> {
    await this.database.close();
    await this.engine.remove();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export function logOf(logged: readonly LogEntry[]): EventLog {
  const world = new MemoryLogWorld({ [Topic.DECISIONS]: 1 }, { clock: logClock });
  if (logged.length > 0) world.append(Topic.DECISIONS, 0, logged);
  return new MemoryEventLog(world);
}

export async function consumeToEnd(
  log: EventLog,
  sink: AlertsSink,
  clock: Clock = systemClock,
): Promise<void> {
  const { end } = await log.bounds(Topic.DECISIONS, 0);
  if (((await sink.progress(0))?.nextOffset ?? 0) >= end) return;
  const done = new AbortController();
  await consumeDecisions({
    log,
    partition: 0,
    sink,
    clock,
    logger: silentLogger,
    metrics: new AlertsMetrics(noMetrics),
    signal: done.signal,
    onProgress: ({ nextOffset }) => {
      if (nextOffset >= end) done.abort();
    },
  });
}
