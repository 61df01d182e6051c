/** The reminders of one person, under whichever key, from what the database holds of the cards. */

import { type Kysely, sql } from "kysely";
import type { WorkingCalendar } from "../../../schemas/working-calendar.js";
import { cardReportOf } from "../card-reports/card-report-row.js";
import { type CardSeen, cardStandings } from "../card-reports/card-standing.js";
import { cardsSeen } from "../card-reports/cards-of.js";
import { personKeysOf } from "../person-keys.js";
import type { AlertsTables } from "../tables.js";
import { cardReminders, type PersonReport, type Reminder } from "./reminder-plan.js";

export interface ReminderFacts {
  readonly calendar: WorkingCalendar;
  readonly atMs: number;
}

export interface PersonReminders {
  readonly keys: readonly string[];
  readonly reminders: readonly Reminder[];
  /** Of the last report read under the key that was asked for. */
  readonly lastPlace: { readonly journalOffset: number; readonly sequence: number };
}

/** As in card-reports: the latest say how things stand. */
const REPORTS_MAX = 500;

export async function remindersOfPerson(
  database: Kysely<AlertsTables>,
  personKey: string,
  { calendar, atMs }: ReminderFacts,
): Promise<PersonReminders> {
  const keys = await personKeysOf(database, personKey);
  const rows = await database
    .selectFrom("card_reports")
    .selectAll()
    .where("person_key", "=", sql<string>`any(${keys}::text[])`)
    .orderBy("journal_offset", "desc")
    .orderBy("sequence", "desc")
    .limit(REPORTS_MAX)
    .execute();
  const reports = rows
    .reverse()
    .map((row, place) => ({ ...cardReportOf(row), place, personKey: row.person_key }));
  const last = rows.filter((row) => row.person_key === personKey).at(-1);
  const newCardTail = await newCardTailOf(database, { keys, reports, atMs });
  return {
    keys,
    reminders: cardReminders(reports, { calendar, newCardTail }),
    lastPlace: { journalOffset: last?.journal_offset ?? -1, sequence: last?.sequence ?? 0 },
  };
}

/** Asked of swipes only where there is a new card. */
async function newCardTailOf(
  database: Kysely<AlertsTables>,
  asked: {
    readonly keys: readonly string[];
    readonly reports: readonly PersonReport[];
    readonly atMs: number;
  },
): Promise<string | null> {
  const { keys, reports, atMs } = asked;
  if (!reports.some(({ action, applied }) => action === "replace" && applied)) return null;
  return cardInUse(reports, await cardsSeen(database, keys, atMs), atMs);
}

/** The one that was used last. */
function cardInUse(reports: readonly PersonReport[], seen: readonly CardSeen[], atMs: number): string | null {
  const inUse = cardStandings(reports, seen, atMs).find(
    ({ credential, standing }) => credential === "card" && standing === "in-use",
  );
  return inUse?.cardTail ?? null;
}
