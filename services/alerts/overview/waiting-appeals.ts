/**
 * Appeals whose day comes: missed deadlines of the office, and those that run out within some working days.
 *
 * Which day it is follows from the events, so appeals under way are read and looked at one by one: at most
 * `APPEALS_READ_MAX`, those that stand still longest first, for theirs is the nearest day. They are looked for among
 * `APPEALS_LOOKED_AT_MAX` of each state, of whatever region.
 */

import { type Kysely, sql } from "kysely";
import type { AppealState } from "../../../schemas/appeal.js";
import type { AppealDeadlinesFile } from "../../../schemas/appeal-deadlines.js";
import type { Scope } from "../../../schemas/console/access.js";
import { APPEAL_DUE_WORKING_DAYS, type NeedItem } from "../../../schemas/http/overview.js";
import { formatInstant } from "../../../schemas/instant.js";
import type { WorkingCalendar } from "../../../schemas/working-calendar.js";
import type { PlacedEvent } from "../appeals/appeal.js";
import { type Deadline, isMissed, runningDeadlines } from "../appeals/appeal-deadlines.js";
import { numberOf } from "../appeals/appeal-store.js";
import type { OverviewTables } from "./overview-tables.js";
import type { Looking } from "./waiting-cases.js";
import { withinScope } from "./within-scope.js";

/** Some 3,000 events; an office with more under way at a time works by region. */
export const APPEALS_READ_MAX = 500;
/** Some ten milliseconds; ten thousand under way are what a nation of a billion has. */
export const APPEALS_LOOKED_AT_MAX = 2_000;
/** In these something is asked of the office. */
const WITH_THE_OFFICE: readonly AppealState[] = [
  "submitted",
  "first-review",
  "second-review",
  "investigation",
  "reconsideration",
];

export interface AppealTerms {
  readonly policy: AppealDeadlinesFile;
  readonly calendar: WorkingCalendar;
}

export interface WaitingAppeals {
  readonly missed: readonly NeedItem[];
  readonly due: readonly NeedItem[];
}

/** Each appeal once, by the nearest of its days; the earliest first. */
export async function waitingAppeals(
  { tables, scope, nowMs }: Looking,
  terms: AppealTerms,
): Promise<WaitingAppeals> {
  const soonMs = terms.calendar.endOfWorkingDays(nowMs, APPEAL_DUE_WORKING_DAYS).endMs;
  const found = (await appealsUnderWay(tables, scope)).flatMap((appeal) => {
    const deadline = officeDeadline(appeal.events, terms);
    return deadline === null || deadline.dueMs > soonMs ? [] : [{ appeal, deadline }];
  });
  found.sort((a, b) => a.deadline.dueMs - b.deadline.dueMs);
  const items = (missed: boolean) =>
    found.filter(({ deadline }) => isMissed(deadline, nowMs) === missed).map(itemOf);
  return { missed: items(true), due: items(false) };
}

/** What the office has to do first. The earliest swipe is asked for by deadlines of holders only. */
function officeDeadline(events: readonly PlacedEvent[], terms: AppealTerms): Deadline | null {
  const running = runningDeadlines(events, { ...terms, earliestSwipeAt: null });
  return running.find(({ whose }) => whose === "office") ?? null;
}

interface AppealUnderWay {
  readonly appealId: string;
  readonly caseId: string;
  readonly number: string;
  readonly region: string;
  readonly changedAtMs: number;
  readonly events: readonly PlacedEvent[];
}

interface AppealRow {
  readonly appeal_id: string;
  readonly case_id: string;
  readonly place: number;
  readonly opened_at: Date;
  readonly changed_at: Date;
  readonly region: string;
}

async function appealsUnderWay(
  tables: Kysely<OverviewTables>,
  scope: Scope,
): Promise<readonly AppealUnderWay[]> {
  const ofStates = WITH_THE_OFFICE.map(
    (
      state,
    ) => sql`(select appeal_id, case_id, place, opened_at, changed_at from appeals where state = ${state}
      order by changed_at limit ${sql.lit(APPEALS_LOOKED_AT_MAX)})`,
  );
  const { rows } = await sql<AppealRow>`
    select a.*, c.region from (${sql.join(ofStates, sql` union all `)}) a
    cross join lateral (select region from cases where case_id = a.case_id limit 1) c
    where ${withinScope(scope, sql.ref("c.region"))}
    order by a.changed_at limit ${sql.lit(APPEALS_READ_MAX)}`.execute(tables);
  if (rows.length === 0) return [];
  const events = await eventsByAppeal(
    tables,
    rows.map(({ appeal_id }) => appeal_id),
  );
  return rows.map((row) => ({
    appealId: row.appeal_id,
    caseId: row.case_id,
    number: numberOf(row.place, row.opened_at.getTime()),
    region: row.region,
    changedAtMs: row.changed_at.getTime(),
    events: events.get(row.appeal_id) ?? [],
  }));
}

async function eventsByAppeal(tables: Kysely<OverviewTables>, appealIds: readonly string[]) {
  const rows = await tables
    .selectFrom("appeal_events")
    .select(["appeal_id", "version", "at", "event"])
    .where("appeal_id", "in", [...appealIds])
    .orderBy("appeal_id")
    .orderBy("version")
    .execute();
  const events = new Map<string, PlacedEvent[]>();
  for (const { appeal_id, version, at, event } of rows) {
    const placed = { version, at: formatInstant(at.getTime()), event };
    events.set(appeal_id, [...(events.get(appeal_id) ?? []), placed]);
  }
  return events;
}

function itemOf({ appeal, deadline }: { appeal: AppealUnderWay; deadline: Deadline }): NeedItem {
  return {
    id: appeal.appealId,
    caseId: appeal.caseId,
    what: `${appeal.number} · ${deadline.name}`,
    by: null,
    severity: null,
    region: appeal.region,
    since: formatInstant(appeal.changedAtMs),
    dueAt: formatInstant(deadline.dueMs),
  };
}
