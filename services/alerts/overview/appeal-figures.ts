/** Figures of appeals by when they were submitted: states, outcomes, days. Bounded: the latest `APPEALS_COUNTED_MAX`. */

import { type Kysely, sql } from "kysely";
import type { AppealState } from "../../../schemas/appeal.js";
import type { Scope } from "../../../schemas/console/access.js";
import type { AppealFigures } from "../../../schemas/http/analytics.js";
import { formatInstant } from "../../../schemas/instant.js";
import type { OverviewTables } from "./overview-tables.js";
import { withinScope } from "./within-scope.js";

/** A province of fifty million has some thousand a year. */
export const APPEALS_COUNTED_MAX = 5_000;
const DAY_MS = 86_400_000;

export interface AppealFiguresAsked {
  readonly scope: Scope;
  /** Epoch milliseconds; `to` does not belong to it. */
  readonly range: { readonly from: number; readonly to: number };
}

/** One appeal, as its events tell it. */
export interface CountedAppeal {
  readonly state: AppealState;
  readonly submittedAtMs: number;
  readonly acceptedAtMs: number | null;
  readonly decidedAtMs: number | null;
  readonly wasReconsidered: boolean;
  /** Of the last decision; 0 of both before it. */
  readonly claimed: number;
  readonly upheld: number;
  readonly missed: number;
}

export async function appealFigures(
  tables: Kysely<OverviewTables>,
  asked: AppealFiguresAsked,
): Promise<AppealFigures> {
  const found = await countedAppeals(tables, asked);
  return figuresOf(found.slice(0, APPEALS_COUNTED_MAX), found.length > APPEALS_COUNTED_MAX, asked.range);
}

/** An appeal is opened before it is submitted, so the range of openings begins earlier: drafts live so long at most. */
const DRAFT_DAYS_MAX = 90;

async function countedAppeals(
  tables: Kysely<OverviewTables>,
  { scope, range }: AppealFiguresAsked,
): Promise<readonly CountedAppeal[]> {
  const at = (ms: number) => sql`${new Date(ms).toISOString()}::timestamptz`;
  const { rows } = await sql<AppealRow>`
    select a.state, e.*, (select count(*)::int from appeal_escalations m
        where m.appeal_id = a.appeal_id and m.whose = 'office') as missed
    from appeals a
    join cases c on c.case_id = a.case_id
    cross join lateral (
      select min(at) filter (where event->>'type' = 'submitted') as submitted,
        min(at) filter (where event->>'type' = 'accepted') as accepted,
        min(at) filter (where event->>'type' = 'decided') as decided,
        bool_or(event->>'type' = 'reconsidered') as reconsidered,
        (array_agg(event->'outcomes' order by version desc)
          filter (where event->>'type' in ('decided', 'reconsidered')))[1] as outcomes
      from appeal_events where appeal_id = a.appeal_id
    ) e
    where a.opened_at >= ${at(range.from - DRAFT_DAYS_MAX * DAY_MS)} and a.opened_at < ${at(range.to)}
      and a.state <> 'draft' and ${withinScope(scope, sql.ref("c.region"))}
      and e.submitted >= ${at(range.from)} and e.submitted < ${at(range.to)}
    order by a.opened_at desc
    limit ${APPEALS_COUNTED_MAX + 1}`.execute(tables);
  return rows.map(countedOf);
}

interface AppealRow {
  readonly state: AppealState;
  readonly submitted: Date;
  readonly accepted: Date | null;
  readonly decided: Date | null;
  readonly reconsidered: boolean | null;
  readonly outcomes: Readonly<Record<string, string>> | null;
  readonly missed: number;
}

function countedOf(row: AppealRow): CountedAppeal {
  const outcomes = Object.values(row.outcomes ?? {});
  return {
    state: row.state,
    submittedAtMs: row.submitted.getTime(),
    acceptedAtMs: row.accepted?.getTime() ?? null,
    decidedAtMs: row.decided?.getTime() ?? null,
    wasReconsidered: row.reconsidered === true,
    claimed: outcomes.length,
    upheld: outcomes.filter((outcome) => outcome === "upheld").length,
    missed: row.missed,
  };
}

/** Pure. */
export function figuresOf(
  appeals: readonly CountedAppeal[],
  isCut: boolean,
  range: AppealFiguresAsked["range"],
): AppealFigures {
  const states = new Map<AppealState, number>();
  for (const { state } of appeals) states.set(state, (states.get(state) ?? 0) + 1);
  const decided = appeals.filter(({ decidedAtMs }) => decidedAtMs !== null);
  const results = { upheld: 0, partly: 0, rejected: 0 };
  for (const appeal of decided) results[resultOf(appeal)]++;
  const sum = (count: (appeal: CountedAppeal) => number) =>
    appeals.reduce((total, appeal) => total + count(appeal), 0);
  return {
    range: { from: formatInstant(range.from), to: formatInstant(range.to) },
    appeals: appeals.length,
    isCut,
    states: [...states].map(([state, count]) => ({ state, appeals: count })),
    results: (["upheld", "partly", "rejected"] as const).map((result) => ({
      result,
      appeals: results[result],
    })),
    claimedSwipes: sum(({ claimed }) => claimed),
    upheldSwipes: sum(({ upheld }) => upheld),
    reconsidered: appeals.filter(({ wasReconsidered }) => wasReconsidered).length,
    missed: sum(({ missed }) => missed),
    daysToAccept: daysOf(appeals, ({ acceptedAtMs }) => acceptedAtMs),
    daysToDecide: daysOf(appeals, ({ decidedAtMs }) => decidedAtMs),
  };
}

function resultOf({ claimed, upheld }: CountedAppeal): "upheld" | "partly" | "rejected" {
  if (upheld === 0) return "rejected";
  return upheld === claimed ? "upheld" : "partly";
}

function daysOf(
  appeals: readonly CountedAppeal[],
  until: (appeal: CountedAppeal) => number | null,
): AppealFigures["daysToDecide"] {
  const days = appeals
    .flatMap((appeal) => {
      const atMs = until(appeal);
      return atMs === null ? [] : [Math.max(0, atMs - appeal.submittedAtMs) / DAY_MS];
    })
    .sort((a, b) => a - b);
  if (days.length === 0) return null;
  return {
    median: tenths(days[Math.floor((days.length - 1) / 2)]!),
    longest: tenths(days.at(-1)!),
    of: days.length,
  };
}

function tenths(days: number): number {
  return Math.round(days * 10) / 10;
}
