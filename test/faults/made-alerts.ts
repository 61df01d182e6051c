/**
 * Alerts, cases and SMS: what the disturbed Kadun has, and what a service without faults makes of the same log.
 *
 * Owns: the second database and outbox. They go on from one comparison to the next.
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Kysely, sql } from "kysely";
import type { AlertsPlatform, ProcessPlatform } from "../../cli/platforms.js";
import { type AlertsOptions, startAlerts } from "../../cli/process/alerts-process.js";
import { openPostgresDatabase } from "../../platform/database/postgres/postgres-database.js";
import type { EventLog } from "../../platform/event-log/event-log.js";
import { openDatabaseKeyValue } from "../../platform/key-value/database/database-key-value.js";
import { openKeyFile } from "../../platform/lifecycle/key-file.js";
import { SealedBox } from "../../platform/sealed-box/sealed-box.js";
import { openSmsOutbox } from "../../platform/sms-gateway/outbox/sms-outbox.js";
import { type TemporaryPostgres, temporaryPostgres } from "../int/temporary-postgres.js";
import { until } from "./until.js";

export interface MadeAlerts {
  /** Table and key → row, without what a clock made. */
  readonly rows: ReadonlyMap<string, string>;
  /** Lines of the outbox without their time, sorted. */
  readonly smsSent: readonly string[];
}

const OPTIONS: AlertsOptions = { smsStaleAfterMs: null };
const VAULT_KEY_ID = "vault-1";

export class UndisturbedAlerts {
  private constructor(
    private readonly database: TemporaryPostgres,
    private readonly outbox: string,
  ) {}

  /** @param postgresUrl the server of the disturbed one. */
  static async open(postgresUrl: string, folder: string): Promise<UndisturbedAlerts> {
    return new UndisturbedAlerts(
      await temporaryPostgres(postgresUrl),
      join(folder, "undisturbed-outbox.ndjson"),
    );
  }

  /** Works off the log to its end and stops. */
  async make(options: {
    readonly log: EventLog;
    readonly platform: ProcessPlatform;
    readonly postgresUrl: string;
    readonly vaultKeyFile: string;
  }): Promise<MadeAlerts> {
    const { log, platform, postgresUrl, vaultKeyFile } = options;
    const database = await openPostgresDatabase({ url: this.database.url });
    const registers = await openPostgresDatabase({ url: postgresUrl });
    try {
      const alerts: AlertsPlatform = {
        ...platform,
        log,
        database,
        box: new SealedBox({ id: VAULT_KEY_ID, key: openKeyFile(vaultKeyFile, { mayMake: false }) }),
        contacts: openDatabaseKeyValue({ database: registers, namespace: "contacts", readOnly: true }),
        moved: openDatabaseKeyValue({ database: registers, namespace: "moved", readOnly: true }),
        smsGateway: await openSmsOutbox({ path: this.outbox, clock: platform.clock }),
        bureauChannel: null,
      };
      const service = await startAlerts(alerts, OPTIONS);
      await until("the undisturbed alerts have caught up", async () => {
        const isRead = (await service.status()).every(({ lag }) => lag === 0);
        return isRead && (await service.smsPending()) === 0;
      });
      await service.close();
      await service.ended;
    } finally {
      await registers.close();
      await database.close();
    }
    return readMadeAlerts(this.database.url, this.outbox);
  }
}

export async function readMadeAlerts(postgresUrl: string, outbox: string): Promise<MadeAlerts> {
  const database = await openPostgresDatabase({ url: postgresUrl });
  try {
    const kysely = new Kysely<unknown>({ dialect: database.dialect });
    const rows = new Map<string, string>();
    for (const { table, id, without } of TABLES) {
      const read = await sql<Record<string, unknown>>`select * from ${sql.table(table)}`.execute(kysely);
      // Alerts of patrols have no person: what they find depends on what was stored when they looked.
      for (const row of read.rows.filter(({ person_key }) => person_key !== null))
        rows.set(`${table} ${String(row[id])}`, rowText(row, without));
    }
    return { rows, smsSent: sentTo(outbox) };
  } finally {
    await database.close();
  }
}

const TABLES = [
  { table: "alerts", id: "alert_id", without: [] },
  { table: "cases", id: "case_id", without: [] },
  {
    table: "sms",
    id: "sms_id",
    without: ["sending_at", "sent_at", "settled_at", "check_at", "attempts", "asks", "values"],
  },
] as const;

export function alertFindings(expected: MadeAlerts, found: MadeAlerts): string[] {
  const findings: string[] = [];
  for (const [key, row] of expected.rows) {
    const other = found.rows.get(key);
    if (other === undefined) findings.push(`${key} is lost: ${row}`);
    else if (other !== row) findings.push(`${key} differs: expected ${row}, found ${other}`);
  }
  for (const key of found.rows.keys()) if (!expected.rows.has(key)) findings.push(`${key} is too many`);
  if (expected.smsSent.join("\n") !== found.smsSent.join("\n"))
    findings.push(...smsFindings(expected.smsSent, found.smsSent));
  return findings;
}

function smsFindings(expected: readonly string[], found: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const line of expected) counts.set(line, (counts.get(line) ?? 0) + 1);
  for (const line of found) counts.set(line, (counts.get(line) ?? 0) - 1);
  return [...counts]
    .filter(([, count]) => count !== 0)
    .map(
      ([line, count]) =>
        `SMS ${count > 0 ? `lost ${count} times` : `sent ${-count} times too often`}: ${line}`,
    );
}

function rowText(row: Readonly<Record<string, unknown>>, without: readonly string[]): string {
  const fields = Object.entries(row).filter(([name]) => !without.includes(name));
  return withoutCodes(JSON.stringify(Object.fromEntries(fields.sort(([a], [b]) => (a < b ? -1 : 1)))));
}

function sentTo(outbox: string): string[] {
  let text: string;
  try {
    text = readFileSync(outbox, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  const lines = text.split("\n").filter((line) => line !== "");
  return lines
    .map((line) => {
      const { at: _, ...sms } = JSON.parse(line) as Record<string, unknown>;
      return withoutCodes(JSON.stringify(sms));
    })
    .sort();
}

/** Codes of cases are drawn. */
function withoutCodes(text: string): string {
  return text.replaceAll(/编号[0-9A-Z]{4}-[0-9A-Z]{4}/g, "编号");
}
