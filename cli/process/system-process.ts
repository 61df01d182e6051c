/** What the console's system and audit pages ask, as every profile answers it. */

import { Kysely, sql } from "kysely";
import type { AnalyticsDatabase } from "../../platform/analytics/analytics-database.js";
import { appendAudit } from "../../platform/audit-log/audit-log.js";
import type { Clock } from "../../platform/clock/clock.js";
import type { OpenDatabase } from "../../platform/database/database.js";
import type { EventLog } from "../../platform/event-log/event-log.js";
import type { Readiness } from "../../schemas/http/readiness.js";
import type { SystemAnswer, SystemCheck } from "../../schemas/http/system.js";
import { formatInstant } from "../../schemas/instant.js";
import { Topic } from "../../schemas/topics.js";
import { alertsProgress } from "../../services/alerts/alerts-progress.js";
import { isAlertsRebuilding } from "../../services/alerts/empty-tables.js";
import { smsCounts } from "../../services/alerts/sms/sms-counts.js";
import { outboxFacts } from "../../services/alerts/system/refused-records.js";
import type { AlertsTables } from "../../services/alerts/tables.js";
import { readFeeds } from "../../services/analytics/feeds.js";
import type { SystemDesk } from "../../services/console/server/system-desk.js";
import { ENGINE_VERSION } from "../../services/detector/outcome.js";
import type { DayProofs } from "../../services/evidence/day-proofs/day-proofs-service.js";
import { checkShippedBundle } from "../doctor/data.js";
import { checkClock, checkDisk, checkNode } from "../doctor/machine.js";
import { packageVersion } from "../package-root.js";
import type { Gateway } from "./activation-client.js";
import { DeadLetterClient } from "./dead-letter-client.js";

export interface SystemPlatform {
  readonly database: OpenDatabase;
  readonly log: Pick<EventLog, "partitionCount" | "bounds">;
  readonly clock: Clock;
}

/** What a process knows beside its databases. */
export interface SystemParts {
  readonly gateway: () => Gateway;
  /** Of this process. */
  readonly readiness: () => Promise<Readiness>;
  readonly proofs: Pick<DayProofs, "status">;
  /** For feeds; null where the rows cannot be asked. */
  readonly rows: Pick<AnalyticsDatabase, "query"> | null;
  /** Of the writers of rows; null where another process has them. */
  readonly analytics: (() => Promise<NonNullable<SystemAnswer["analytics"]>>) | null;
  /** Whose disk is looked at; empty: of no folder. */
  readonly dataFolder: string;
}

export function systemDesk(platform: SystemPlatform, parts: SystemParts): SystemDesk {
  const { database, clock } = platform;
  const gateway = new DeadLetterClient(parts.gateway);
  return {
    status: () => statusOf(platform, parts, gateway),
    deadLetters: (from) => gateway.list(from),
    redrive: async (by) => {
      const driven = await gateway.redrive();
      if (driven === null) return null;
      await new Kysely<AlertsTables>({ dialect: database.dialect }).transaction().execute((trx) =>
        appendAudit(trx, formatInstant(clock.now()), {
          actor: by,
          action: "dead-letters.redriven",
          subject: "system:dead-letters",
          detail: { redriven: driven.redriven, stillRefused: driven.stillRefused.length },
        }),
      );
      return driven;
    },
  };
}

async function statusOf(
  platform: SystemPlatform,
  { readiness, proofs, rows, analytics, dataFolder }: SystemParts,
  gateway: DeadLetterClient,
): Promise<SystemAnswer> {
  const { database, clock } = platform;
  const nowMs = clock.now();
  return {
    at: formatInstant(nowMs),
    office: await readiness(),
    gateway: await gateway.readiness(),
    checks: checksOf(nowMs, dataFolder),
    alerts: await alertsLag(platform),
    analytics: analytics === null ? null : await analytics().catch(() => null),
    feeds: rows === null ? null : await feedsOf(rows, nowMs),
    outbox: await outboxOf(database),
    sms: await smsCounts(database, nowMs),
    proofs: (await proofs.status()).map((one) => ({ ...one })),
    rebuilding: await isAlertsRebuilding(database),
    versions: await versionsOf(database),
  };
}

/** What `kadun doctor` looks at and is true of a process that runs. */
function checksOf(nowMs: number, dataFolder: string): SystemCheck[] {
  const disk = dataFolder === "" ? [] : [checkDisk(dataFolder)];
  return [checkNode(process.versions.node), checkClock(nowMs), checkShippedBundle(), ...disk].map((one) => ({
    ...one,
  }));
}

async function alertsLag({ database, log }: SystemPlatform): Promise<SystemAnswer["alerts"]> {
  const tables = new Kysely<AlertsTables>({ dialect: database.dialect });
  const partitions = await log.partitionCount(Topic.DECISIONS).catch(() => 0);
  return Promise.all(
    Array.from({ length: partitions }, async (_, partition) => {
      const nextOffset = (await alertsProgress.stored(tables, partition))?.nextOffset ?? 0;
      const bounds = await log.bounds(Topic.DECISIONS, partition).catch(() => null);
      return { partition, nextOffset, lag: bounds && Math.max(0, bounds.end - nextOffset) };
    }),
  );
}

/** null where the rows do not answer: the page says so, and tells the rest. */
async function feedsOf(
  rows: NonNullable<SystemParts["rows"]>,
  nowMs: number,
): Promise<SystemAnswer["feeds"]> {
  const feeds = await readFeeds(rows, nowMs).catch(() => null);
  return feeds?.map(({ feed, lastAtMs }) => ({ feed, lastAt: formatInstant(lastAtMs) })) ?? null;
}

async function outboxOf(database: OpenDatabase): Promise<SystemAnswer["outbox"]> {
  const { pending, refused } = await outboxFacts(database);
  return { pending, refused: refused.map((record) => ({ ...record })) };
}

interface VersionsRow {
  readonly number: number | null;
  readonly name: string | null;
  readonly version: number | null;
  readonly bundle_hash: string | null;
  readonly created_at: Date | null;
}

async function versionsOf({ dialect }: OpenDatabase): Promise<SystemAnswer["versions"]> {
  const { rows } = await sql<VersionsRow>`
    select (select number from schema_migrations order by number desc limit 1) as number,
      (select name from schema_migrations order by number desc limit 1) as name, last.*
    from (select 1) as one left join lateral (
      select v.version, v.bundle_hash, a.created_at
      from bundle_activations a join bundle_versions v on v.version = a.version
      where a.status = 'complete' order by a.sequence desc limit 1
    ) as last on true`.execute(new Kysely<AlertsTables>({ dialect }));
  const { number, name, version, bundle_hash: bundleHash, created_at: activatedAt } = rows[0]!;
  return {
    program: packageVersion(),
    engine: ENGINE_VERSION,
    node: process.versions.node,
    schema: number === null || name === null ? null : { number, name },
    bundle:
      version === null || bundleHash === null || activatedAt === null
        ? null
        : { version, bundleHash, activatedAt: formatInstant(activatedAt.getTime()) },
  };
}
