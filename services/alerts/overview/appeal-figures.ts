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

/** One appeal, as its row keeps it (appeals/counted-appeal.ts). */
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
  return figuresOf(await countedAppeals(tables, asked), await isCut(tables, asked), asked.range);
}

async function countedAppeals(
  tables: Kysely<OverviewTables>,
  { scope, range }: AppealFiguresAsked,
): Promise<readonly CountedAppeal[]> {
  const { rows } = await sql<AppealRow>`
    select a.*, (select count(*)::int from appeal_escalations m
        where m.appeal_id = a.appeal_id and m.whose = 'office') as missed
    from (${latestSubmitted(range, APPEALS_COUNTED_MAX)}) a
    cross join lateral (select region from cases where case_id = a.case_id limit 1) c
    where ${withinScope(scope, sql.ref("c.region"))}`.execute(tables);
  return rows.map(countedOf);
}

/** Are there more than were looked at, of whatever region? */
async function isCut(tables: Kysely<OverviewTables>, { range }: AppealFiguresAsked): Promise<boolean> {
  const { rows } = await sql<{ looked: number }>`
    select count(*)::int as looked from (${latestSubmitted(range, APPEALS_COUNTED_MAX + 1)}) a`.execute(
    tables,
  );
  return rows[0]!.looked > APPEALS_COUNTED_MAX;
}

function latestSubmitted({ from, to }: AppealFiguresAsked["range"], limit: number) {
  const at = (ms: number) => sql`${new Date(ms).toISOString()}::timestamptz`;
  return sql`
    select appeal_id, case_id, state, submitted_at, accepted_at, decided_at, was_reconsidered, claimed, upheld from appeals
    where submitted_at >= ${at(from)} and submitted_at < ${at(to)} order by submitted_at desc limit ${sql.lit(limit)}`;
}

interface AppealRow {
  readonly state: AppealState;
  readonly submitted_at: Date;
  readonly accepted_at: Date | null;
  readonly decided_at: Date | null;
  readonly was_reconsidered: boolean;
  readonly claimed: number;
  readonly upheld: number;
  readonly missed: number;
}

function countedOf({ state, claimed, upheld, missed, ...row }: AppealRow): CountedAppeal {
  return {
    state,
    submittedAtMs: row.submitted_at.getTime(),
    acceptedAtMs: row.accepted_at?.getTime() ?? null,
    decidedAtMs: row.decided_at?.getTime() ?? null,
    wasReconsidered: row.was_reconsidered,
    claimed,
    upheld,
    missed,
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
