/** Everything a run made, in a form that can be compared with another run's. */

import { readFileSync } from "node:fs";
import { Kysely, sql } from "kysely";
import { openLogReadOnly } from "../../cli/compose/embedded.js";
import { pathsOf } from "../../cli/embedded/paths.js";
import { openPgliteDatabase } from "../../platform/database/pglite/pglite-database.js";
import { readLoggedOutcomes } from "../load/logged-outcomes.js";

export interface Made {
  /** personKey → bodies of decisions, revisions and transitions, in order. */
  readonly outcomes: ReadonlyMap<string, readonly string[]>;
  /** `duplicate` outcomes: lines that were sent again, by the city's networks or by the load. */
  readonly duplicates: number;
  /** Records of the decisions log that consumers drop. */
  readonly repeats: number;
  /**
   * alertId → row: alerts and cases of persons. What a patrol finds depends on what was stored when it looked, and so on
   * when the office was killed.
   */
  readonly alerts: ReadonlyMap<string, string>;
  readonly cases: ReadonlyMap<string, string>;
  /** Ledger: smsId → row without what a clock, a draw or the journal's numbering made. */
  readonly smsRows: ReadonlyMap<string, string>;
  /** Lines of the outbox file, without their time. */
  readonly smsLines: readonly string[];
}

/** Call after the run has stopped: the office's database has one owner. */
export async function readMade(dataDirectory: string, partitions: number): Promise<Made> {
  return {
    ...(await outcomesOf(dataDirectory, partitions)),
    ...(await rowsOf(dataDirectory)),
    smsLines: smsLinesOf(pathsOf(dataDirectory).outbox),
  };
}

async function outcomesOf(dataDirectory: string, partitions: number) {
  const outcomes = new Map<string, string[]>();
  let duplicates = 0;
  const log = await openLogReadOnly(pathsOf(dataDirectory), partitions);
  try {
    const { repeats } = await readLoggedOutcomes(log, ({ personKey, json }) => {
      const { type } = JSON.parse(json) as { type: string };
      if (type === "duplicate") duplicates++;
      else if (type !== "activated") outcomes.set(personKey, [...(outcomes.get(personKey) ?? []), json]);
    });
    return { outcomes, duplicates, repeats };
  } finally {
    await log.close();
  }
}

async function rowsOf(dataDirectory: string) {
  const database = await openPgliteDatabase({ path: pathsOf(dataDirectory).database });
  try {
    const kysely = new Kysely<unknown>({ dialect: database.dialect });
    const rows = async (table: string, id: string, without: readonly string[] = []) => {
      const { rows } = await sql<Record<string, unknown>>`select * from ${sql.table(table)}`.execute(kysely);
      const ofPersons = rows.filter(({ person_key }) => person_key !== null);
      return new Map(ofPersons.map((row) => [String(row[id]), rowText(row, without)]));
    };
    return {
      alerts: await rows("alerts", "alert_id"),
      cases: await rows("cases", "case_id"),
      smsRows: await rows("sms", "sms_id", [
        ...["sending_at", "sent_at", "settled_at", "check_at", "attempts", "asks", "values"],
        ...["journal_offset", "sequence"],
      ]),
    };
  } finally {
    await database.close();
  }
}

function rowText(row: Readonly<Record<string, unknown>>, without: readonly string[]): string {
  const fields = Object.entries(row).filter(([name]) => !without.includes(name));
  return withoutCodes(JSON.stringify(Object.fromEntries(fields.sort(([a], [b]) => (a < b ? -1 : 1)))));
}

function smsLinesOf(path: string): string[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map((line) => {
    const { at: _, ...sms } = JSON.parse(line) as Record<string, unknown>;
    return withoutCodes(JSON.stringify(sms));
  });
}

/** Codes of cases are drawn. */
function withoutCodes(text: string): string {
  return text.replaceAll(/编号[0-9A-Z]{4}-[0-9A-Z]{4}/g, "编号");
}
