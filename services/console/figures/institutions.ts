/** Institutions by their sums of whole days. */

import type { Row } from "../../../platform/analytics/analytics-database.js";
import type {
  InstitutionAnswer,
  InstitutionFigures,
  InstitutionRankingAnswer,
} from "../../../schemas/http/figures.js";
import {
  type FiguresAsked,
  type FiguresDesk,
  RANGE_DAYS_MAX,
  RANKED_SWIPES_MIN,
} from "../server/figures-desk.js";
import { FIGURE_SUMS, figuresOf, instantIn, numberIn, plus, textIn } from "./figure-sums.js";
import {
  allOf,
  ask,
  careScopeCondition,
  checkRange,
  type FiguresDatabase,
  filterCondition,
} from "./figures-query.js";
import { levelCondition, rangeText, widened } from "./range-cover.js";
import { ruleFiguresOf } from "./totals.js";

/** A list of more nobody reads; a page asks for twenty. */
const RANKED_MAX = 1000;
/** An institution's rules, live and in shadow. */
const RULES_MAX = 100;

const RANKED_BY = {
  rejects: "reject",
  stops: "challenge + reject",
  money: "challengedFen + rejectedFen",
  rate: `if(swipes < ${RANKED_SWIPES_MIN}, 0, reject / swipes)`,
  swipes: "swipes",
} as const;

const WHO = `max(f.institutionName) AS name, max(f.institutionKind) AS sort,
  argMax(f.careRegion, f.swipes) AS place`;

export async function institutions(
  database: FiguresDatabase,
  asked: Parameters<FiguresDesk["institutions"]>[0],
): Promise<InstitutionRankingAnswer> {
  checkRange(asked.range, RANGE_DAYS_MAX);
  const range = widened(asked.range, "day");
  const { sql, parameters } = allOf([levelCondition(range, "institution-day"), ...restOf(asked)]);
  const rows = await ask(
    database,
    {
      sql: `SELECT institutionId, ${WHO}, ${FIGURE_SUMS}, ${RANKED_BY[asked.by]} AS rank
        FROM swipe_figures AS f WHERE ${sql} GROUP BY institutionId
        ORDER BY rank DESC, institutionId LIMIT {limit:UInt32}`,
      parameters: { ...parameters, limit: Math.min(RANKED_MAX, Math.max(1, asked.limit)) },
    },
    asked.signal,
  );
  return { range: rangeText(range), institutions: rows.map(institutionOf) };
}

export async function institution(
  database: FiguresDatabase,
  asked: FiguresAsked & { readonly institutionId: string },
): Promise<InstitutionAnswer | null> {
  checkRange(asked.range, RANGE_DAYS_MAX);
  const range = widened(asked.range, "day");
  const { institutionId, signal } = asked;
  const of = (level: string) => {
    const { sql, parameters } = allOf([
      // Each day named: then the engine goes to the institution within it, and passes by all others.
      {
        sql: "bucket IN arrayMap(day -> toDateTime(day), {dayList:Array(UInt32)})",
        parameters: { dayList: daysOf(range) },
      },
      levelCondition(range, level),
      { sql: "institutionId = {institutionId:String}", parameters: { institutionId } },
      ...restOf(asked),
    ]);
    return { from: `FROM swipe_figures AS f WHERE ${sql}`, parameters };
  };
  const [swipes, hits] = [of("institution-day"), of("institution-rule-day")];
  const read = (select: string, { from, parameters }: typeof swipes, rest: string) =>
    ask(database, { sql: `SELECT ${select} ${from} ${rest}`, parameters }, signal);
  const day = "toFloat64(toUnixTimestamp(f.bucket)) * 1000 AS day";
  const weight = "toFloat64(max(f.swipes)) AS weight";
  const days = await read(`${day}, ${WHO}, ${weight}, ${FIGURE_SUMS}`, swipes, "GROUP BY day ORDER BY day");
  if (days.length === 0) return null;
  const order = `GROUP BY rule, mode ORDER BY swipes DESC, rule, mode LIMIT ${RULES_MAX}`;
  const rules = await read(`rule, mode, ${FIGURE_SUMS}`, hits, order);
  return {
    range: rangeText(range),
    institution: wholeOf(institutionId, days),
    days: days.map((row) => ({ day: instantIn(row, "day"), ...figuresOf(row) })),
    rules: rules.map(ruleFiguresOf),
  };
}

/** Name and kind as the ranking has them; the place of the busiest sum. */
function wholeOf(institutionId: string, days: readonly Row[]): InstitutionFigures {
  const last = (column: string) =>
    days
      .map((row) => textIn(row, column))
      .sort()
      .at(-1);
  const busiest = days.reduce((a, b) => (numberIn(b, "weight") > numberIn(a, "weight") ? b : a));
  return {
    ...institutionOf({ ...busiest, institutionId, name: last("name"), sort: last("sort") }),
    ...days.map(figuresOf).reduce(plus),
  };
}

const DAY_MS = 86_400_000;

/** Epoch seconds at which the days begin. */
function daysOf({ from, to }: { readonly from: number; readonly to: number }): readonly number[] {
  return Array.from({ length: Math.round((to - from) / DAY_MS) }, (_, n) =>
    Math.max(0, Math.floor((from + n * DAY_MS) / 1000)),
  );
}

/** An institution is theirs who are responsible for where it is; its sums do not know where people are insured. */
function restOf({ scope, filter }: FiguresAsked) {
  if (filter?.insuredRegion !== undefined)
    throw new RangeError("insuredRegion: figures of institutions are by region of care alone");
  return [careScopeCondition(scope), filterCondition(filter)];
}

function institutionOf(row: Row): InstitutionFigures {
  return {
    institutionId: textIn(row, "institutionId"),
    institutionName: textIn(row, "name"),
    institutionKind: textIn(row, "sort") === "hospital" ? "hospital" : "pharmacy",
    careRegion: textIn(row, "place"),
    ...figuresOf(row),
  };
}
