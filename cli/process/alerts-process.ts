/** The alerts service as every profile starts it. */

import { join } from "node:path";
import type { OpenDatabase } from "../../platform/database/database.js";
import { migrate } from "../../platform/database/migrations.js";
import { compileCalendar } from "../../schemas/working-calendar.js";
import { type AlertsService, startAlertsService } from "../../services/alerts/alerts-service.js";
import type { HolderDeadline } from "../../services/alerts/reminders/reminder-plan.js";
import { loadBundle } from "../bundle-files.js";
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
  /** Deadlines of appeals that are the holders' own and still open; none unless given. */
  readonly holderDeadlines?: () => Promise<readonly HolderDeadline[]>;
}

/** @throws DatabaseError, EventLogError. */
export function startAlerts(
  platform: AlertsPlatform,
  { holderDeadlines = async () => [], ...options }: AlertsOptions,
): Promise<AlertsService> {
  const { log, database, smsGateway, bureauChannel, clock, logger, metrics } = platform;
  const { regions, calendar } = loadBundle().content;
  return startAlertsService({
    log,
    database,
    migrationsFolder: POSTGRES_MIGRATIONS,
    gateway: smsGateway,
    contactOf: (personKey) => contactOf(platform, personKey),
    templates: smsTemplates(),
    regions,
    ...(bureauChannel === null
      ? {}
      : {
          holders: {
            bureau: bureauChannel,
            calendar: compileCalendar(calendar),
            deadlines: holderDeadlines,
          },
        }),
    ...options,
    clock,
    logger,
    metrics,
  });
}
