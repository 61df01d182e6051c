/** The alerts service as every profile starts it. */

import { join } from "node:path";
import { Kysely } from "kysely";
import type { BureauChannel } from "../../platform/bureau-channel/bureau-channel.js";
import type { OpenDatabase } from "../../platform/database/database.js";
import { migrate } from "../../platform/database/migrations.js";
import { appealDeadlinesFile } from "../../schemas/appeal-deadlines.js";
import { compileCalendar } from "../../schemas/working-calendar.js";
import {
  type AlertsService,
  type HolderOptions,
  startAlertsService,
} from "../../services/alerts/alerts-service.js";
import { openHolderDeadlines } from "../../services/alerts/appeals/holder-deadlines.js";
import type { AlertsTables } from "../../services/alerts/tables.js";
import { loadBundle, readChecked } from "../bundle-files.js";
import { packageRoot } from "../package-root.js";
import type { AlertsPlatform } from "../platforms.js";
import { contactOf } from "./contact-of.js";
import { smsTemplates } from "./sms-templates.js";

const POSTGRES_MIGRATIONS = join(packageRoot, "schemas", "postgres");

/** Alerts and registers lie in one database. @throws DatabaseError. */
export async function migratePostgres({ dialect }: OpenDatabase): Promise<void> {
  await migrate(dialect, POSTGRES_MIGRATIONS);
}

export interface AlertsOptions {
  /** Later news is not sent by SMS; null sends all (a demo plays old times). */
  readonly smsStaleAfterMs: number | null;
  /** false: fills the tables and sends nothing. */
  readonly isSending?: boolean;
}

/** @throws DatabaseError, EventLogError. */
export function startAlerts(platform: AlertsPlatform, options: AlertsOptions): Promise<AlertsService> {
  const { log, database, smsGateway, bureauChannel, clock, logger, metrics } = platform;
  return startAlertsService({
    log,
    database,
    migrationsFolder: POSTGRES_MIGRATIONS,
    gateway: smsGateway,
    contactOf: (personKey) => contactOf(platform, personKey),
    templates: smsTemplates(),
    regions: loadBundle().content.regions,
    ...(bureauChannel === null ? {} : { holders: holdersOf(platform, bureauChannel) }),
    ...options,
    clock,
    logger,
    metrics,
  });
}

function holdersOf({ database, clock }: AlertsPlatform, bureau: BureauChannel): HolderOptions {
  const calendar = compileCalendar(loadBundle().content.calendar);
  const policy = readChecked(join(packageRoot, "rulesets", "appeal-deadlines.json"), appealDeadlinesFile);
  const tables = new Kysely<AlertsTables>({ dialect: database.dialect });
  const appeals = { tables, options: { policy, calendar, clock } };
  return { bureau, calendar, deadlines: () => openHolderDeadlines(appeals) };
}
