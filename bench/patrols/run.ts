/**
 * How long each patrol takes on one million journal rows: a first look at all of them, and a minute's worth.
 * `npm run build && node dist/bench/patrols/run.js [ROWS [PATROL]]` prints one JSON object a line.
 *
 * Rows are made by the database itself (35 days, five swipes a person, 400 terminals, one in fifty with a wrong PIN, trace codes
 * and agents, one person of a hundred under another number by now): only columns that patrols read matter to them.
 */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readChecked } from "../../cli/bundle-files.js";
import { packageRoot } from "../../cli/package-root.js";
import type { AnalyticsDatabase } from "../../platform/analytics/analytics-database.js";
import { openChdbDatabase } from "../../platform/analytics/chdb/chdb-database.js";
import { systemClock } from "../../platform/clock/system-clock.js";
import { migrate as migratePostgres } from "../../platform/database/migrations.js";
import { openPgliteDatabase } from "../../platform/database/pglite/pglite-database.js";
import { silentLogger } from "../../platform/logger/logger.js";
import { noMetrics } from "../../platform/metrics/metrics.js";
import { patrolsFile } from "../../schemas/patrols.js";
import { FindingsStore } from "../../services/alerts/patrol/findings-store.js";
import { PatrolMetrics } from "../../services/alerts/patrol/patrol-metrics.js";
import { type RunReport, runRound } from "../../services/alerts/patrol/patrol-round.js";
import { type PatrolQuery, readPatrolQueries } from "../../services/alerts/patrol/patrol-sql.js";
import { migrate, readMigrations } from "../../services/analytics/migrations.js";

const ROWS = Number(process.argv[2] ?? 1_000_000);
/** Only this patrol. */
const ONLY = process.argv[3] ?? null;
const PARTITIONS = 4;
/** 2,000 swipes a second would be twelve times as many. */
const MINUTE_ROWS = 10_000;
const CHUNK_ROWS = 250_000;
const SWIPES_PER_PERSON = 5;
/** Merges come evenly over the time: twenty in the last minute of a million rows. */
const PERSONS_PER_LINK = 100;

const SWIPE = `
  toUInt16(number % ${PARTITIONS}) AS partition, intDiv(number, ${PARTITIONS}) AS place,
  toDateTime64('2026-04-01 00:00:00', 3, 'Asia/Shanghai') + toIntervalMillisecond(intDiv(number * 3024000000, {rows:UInt64})) AS at,
  number AS n, sipHash64(number) AS dice,
  lower(hex(sipHash128('person', dice % intDiv({rows:UInt64}, ${SWIPES_PER_PERSON})))) AS personKey, concat('e-', toString(number)) AS eventId,
  lower(hex(sipHash128('card', dice % intDiv({rows:UInt64}, ${SWIPES_PER_PERSON})))) AS cardKey, 'settle' AS kind, '330100' AS insuredRegion,
  concat('3301', leftPad(toString(dice % 13), 2, '0')) AS careRegion,
  concat('P', toString(intDiv(dice, 7) % 200)) AS institutionId, concat('T', toString(intDiv(dice, 11) % 2)) AS terminalId,
  concat('O', toString(intDiv(dice, 11) % 3)) AS operatorId, if(dice % 50 = 0, 'wrong', 'ok') AS pin,
  if(dice % 100 = 1, lower(hex(sipHash128('agent', dice % intDiv({rows:UInt64}, 10)))), '') AS agentKey,
  at + toIntervalMinute(if(dice % 50 = 0, 90, 0)) AS receivedAt`;

async function fill(database: AnalyticsDatabase): Promise<void> {
  for (let from = 0; from < ROWS; from += CHUNK_ROWS) {
    const parameters = { rows: ROWS, from, count: Math.min(CHUNK_ROWS, ROWS - from) };
    const source = `FROM numbers({from:UInt64}, {count:UInt64})`;
    await database.run(
      `INSERT INTO journal_records (partition, logOffset, appendedAt, type, personKey, eventId, occurredAt, receivedAt, cardKey,
         kind, insuredRegion, careRegion, institutionId, terminalId, operatorId, pin, agentKey, body)
       SELECT partition, place, at + toIntervalMinute(120), 'swipe', personKey, eventId, at, receivedAt, cardKey, kind,
         insuredRegion, careRegion, institutionId, terminalId, operatorId, pin, agentKey, '{}'
       FROM (SELECT ${SWIPE} ${source})`,
      parameters,
    );
    await database.run(
      `INSERT INTO outcomes (partition, logOffset, journalOffset, sequence, appendedAt, type, personKey, eventId, occurredAt,
         receivedAt, cardKey, kind, insuredRegion, careRegion, institutionId, terminalId, operatorId, pin, agentKey, rules,
         traceKeys, basketKey, body)
       SELECT partition, place, place, 0, at + toIntervalMinute(120), 'decision', personKey, eventId, at, receivedAt, cardKey,
         kind, insuredRegion, careRegion, institutionId, terminalId, operatorId, pin, agentKey,
         if(dice % 4000 = 0, ['R08'], if(dice % 4000 = 1, ['R15'], [])),
         [lower(hex(sipHash64('trace', n))), lower(hex(sipHash64('trace', n, 1)))],
         if(dice % 3 = 0, '', lower(hex(sipHash64(dice % 5000)))), '{}'
       FROM (SELECT ${SWIPE} ${source})`,
      parameters,
    );
  }
}

async function link(database: AnalyticsDatabase): Promise<void> {
  const persons = Math.floor(ROWS / SWIPES_PER_PERSON);
  const links = Math.floor(persons / PERSONS_PER_LINK);
  const apart = Math.floor(ROWS / PARTITIONS / links);
  await database.run(
    `INSERT INTO outcomes (partition, logOffset, journalOffset, sequence, appendedAt, type, personKey, body)
     SELECT 0, number * {apart:UInt64}, number * {apart:UInt64}, 1, toDateTime64('2026-05-05 10:00:00', 3, 'Asia/Shanghai'),
       'person-merged', lower(hex(sipHash128('person', number + {links:UInt64}))),
       concat('{"formerPersonKey":"', lower(hex(sipHash128('person', number))), '"}')
     FROM numbers({links:UInt64})`,
    { links, apart },
  );
}

const folder = await mkdtemp(join(tmpdir(), "kadun-patrols-"));
const analytics = await openChdbDatabase({ directory: join(folder, "analytics") });
const database = await openPgliteDatabase({ path: join(folder, "database") });
try {
  await migrate(analytics, await readMigrations(join(packageRoot, "schemas", "clickhouse")), () => 0);
  await migratePostgres(database.dialect, join(packageRoot, "schemas", "postgres"));
  await fill(analytics);
  await link(analytics);
  const store = new FindingsStore(database);
  const queries = readPatrolQueries(join(packageRoot, "services", "alerts", "patrol", "sql")).filter(
    ({ patrol }) => ONLY === null || patrol.id === ONLY,
  );
  const round = async (query: PatrolQuery) => {
    const before = process.cpuUsage();
    const [report] = await runRound(
      {
        analytics,
        store,
        queries: [query],
        settings: readChecked(join(packageRoot, "rulesets", "patrols.json"), patrolsFile),
        decoyCards: async () => ["0".repeat(32)],
        partitions: PARTITIONS,
        clock: systemClock,
        logger: silentLogger,
        metrics: new PatrolMetrics(noMetrics),
      },
      new AbortController().signal,
    );
    const { user, system } = process.cpuUsage(before);
    return { ...report!, cpuSeconds: (user + system) / 1e6 };
  };
  for (const query of queries)
    for (let report = await round(query); report.result !== "idle"; report = await round(query))
      print("first look", report);
  const nextOffsets = new Array<number>(PARTITIONS).fill(Math.floor((ROWS - MINUTE_ROWS) / PARTITIONS));
  for (const query of queries) {
    await store.saveProgress(query.patrol.id, {
      standing: { nextOffsets, clockMs: Date.UTC(2026, 4, 5, 10) },
      recordsMax: ROWS,
    });
    print("one minute", await round(query));
  }
} finally {
  await database.close();
  await analytics.close();
  await rm(folder, { recursive: true, force: true });
}

/** Where other programs keep the cores busy, `cpuSeconds` says more than `seconds`. */
function print(look: string, report: RunReport & { readonly cpuSeconds: number }): void {
  const peakMb = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(JSON.stringify({ rows: ROWS, look, ...report, peakMb }));
}
