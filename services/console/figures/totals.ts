/** Charts and tables of sums, from `swipe_figures`; minutes from the list. */

import type {
  CityFiguresAnswer,
  RuleCityFiguresAnswer,
  RuleFigures,
  RuleFiguresAnswer,
  TodayFigures,
  TrendAnswer,
} from "../../../schemas/http/figures.js";
import {
  type FiguresAsked,
  type FiguresDesk,
  MINUTES_DAYS_MAX,
  RANGE_DAYS_MAX,
  type Range,
} from "../server/figures-desk.js";
import { FIGURE_SUMS, figuresOf, instantIn, NO_FIGURES, plus, ROW_SUMS, textIn } from "./figure-sums.js";
import {
  allOf,
  ask,
  type Condition,
  checkRange,
  type FiguresDatabase,
  filterCondition,
  scopeCondition,
} from "./figures-query.js";
import { coverCondition, levelCondition, rangeText, type Sums, widened } from "./range-cover.js";

const RULES_MAX = 100;

export async function today(database: FiguresDatabase, asked: FiguresAsked): Promise<TodayFigures> {
  checkRange(asked.range, MINUTES_DAYS_MAX);
  const range = widened(asked.range, "minute");
  // FINAL: a row that came again after a crash is there twice until its parts are merged.
  const { sql, parameters } = restOf(asked);
  const rows = await ask(
    database,
    {
      sql: `SELECT toFloat64(toUnixTimestamp(toStartOfMinute(at))) * 1000 AS minute, ${ROW_SUMS}
        FROM decision_list AS d FINAL
        WHERE d.action IN ('approve', 'review', 'challenge', 'reject') AND at >= fromUnixTimestamp64Milli({from:Int64})
          AND at < fromUnixTimestamp64Milli({to:Int64}) AND ${sql}
        GROUP BY minute ORDER BY minute`,
      parameters: { ...parameters, ...range },
    },
    asked.signal,
  );
  const minutes = rows.map((row) => ({ minute: instantIn(row, "minute"), ...figuresOf(row) }));
  return {
    range: rangeText(range),
    total: rows.map(figuresOf).reduce(plus, NO_FIGURES),
    minutes: minutes.map(({ minute, swipes, approve, review, challenge, reject }) => ({
      ...{ minute, swipes, approve, review, challenge, reject },
    })),
  };
}

const BUCKETS = {
  hour: { unit: "hour", start: "f.bucket", levels: { swipes: "hour", rules: "rule-hour" } },
  day: { unit: "day", start: "f.bucket", levels: { swipes: "day", rules: "rule-day" } },
  month: {
    unit: "day",
    start: "toDateTime(toStartOfMonth(f.bucket), 'Asia/Shanghai')",
    levels: { swipes: "day", rules: "rule-day" },
  },
} as const;

export async function trend(
  database: FiguresDatabase,
  asked: Parameters<FiguresDesk["trend"]>[0],
): Promise<TrendAnswer> {
  checkRange(asked.range, RANGE_DAYS_MAX);
  const { unit, start, levels } = BUCKETS[asked.bucket];
  const range = widened(asked.range, unit);
  const level = levels[asked.rule === undefined ? "swipes" : "rules"];
  const { sql, parameters } = allOf([levelCondition(range, level), ruleCondition(asked.rule), restOf(asked)]);
  const rows = await ask(
    database,
    {
      sql: `SELECT toFloat64(toUnixTimestamp(${start})) * 1000 AS start, ${FIGURE_SUMS}
        FROM swipe_figures AS f WHERE ${sql} GROUP BY start ORDER BY start`,
      parameters,
    },
    asked.signal,
  );
  return {
    range: rangeText(range),
    buckets: rows.map((row) => ({ from: instantIn(row, "start"), ...figuresOf(row) })),
  };
}

export async function rules(
  database: FiguresDatabase,
  asked: FiguresAsked & { readonly limit?: number },
): Promise<RuleFiguresAnswer> {
  const { range, rows } = await grouped(database, asked, {
    ...{ sums: "rules", keys: ["rule", "mode"], order: "swipes DESC, rule, mode" },
    limit: asked.limit ?? RULES_MAX,
  });
  return { range: rangeText(range), rules: rows.map(ruleFiguresOf) };
}

export async function rulesByCity(
  database: FiguresDatabase,
  asked: FiguresAsked & { readonly rule?: string },
): Promise<RuleCityFiguresAnswer> {
  const { range, rows } = await grouped(database, asked, {
    ...{
      sums: "rules",
      keys: ["rule", "mode", "city"],
      city: "careRegion",
      order: "rule, mode, swipes DESC, city",
    },
    ...{ rule: asked.rule, limit: CITY_ROWS_MAX },
  });
  return {
    range: rangeText(range),
    rules: rows.map((row) => ({ ...ruleFiguresOf(row), city: textIn(row, "city") })),
  };
}

/** 31 rules, live and in shadow, in the 340 cities: the strongest of them. */
const CITY_ROWS_MAX = 10_000;

export async function cities(
  database: FiguresDatabase,
  asked: FiguresAsked & { readonly by: "care" | "insured" },
): Promise<CityFiguresAnswer> {
  const region = asked.by === "care" ? "careRegion" : "insuredRegion";
  const { range, rows } = await grouped(database, asked, {
    ...{ sums: "swipes", keys: ["city"], city: region, order: "city", limit: CITY_ROWS_MAX },
  });
  return {
    range: rangeText(range),
    cities: rows.map((row) => ({ city: textIn(row, "city"), ...figuresOf(row) })),
  };
}

interface Grouping {
  readonly sums: Sums;
  /** Constants of the program. */
  readonly keys: readonly string[];
  /** The region whose first four digits are the city. */
  readonly city?: "careRegion" | "insuredRegion";
  readonly order: string;
  readonly limit: number;
  readonly rule?: string | undefined;
}

async function grouped(database: FiguresDatabase, asked: FiguresAsked, grouping: Grouping) {
  checkRange(asked.range, RANGE_DAYS_MAX);
  const range: Range = widened(asked.range, "hour");
  const { sums, keys, city = "careRegion", order, limit, rule } = grouping;
  const { sql, parameters } = allOf([coverCondition(range, sums), ruleCondition(rule), restOf(asked)]);
  const named = keys.map((key) => (key === "city" ? `substring(${city}, 1, 4) AS city` : key));
  const rows = await ask(
    database,
    {
      sql: `SELECT ${named.join(", ")}, ${FIGURE_SUMS} FROM swipe_figures AS f WHERE ${sql}
        GROUP BY ${keys.join(", ")} ORDER BY ${order} LIMIT {limit:UInt32}`,
      parameters: { ...parameters, limit },
    },
    asked.signal,
  );
  return { range, rows };
}

function restOf({ scope, filter }: FiguresAsked): Condition {
  return allOf([scopeCondition(scope), filterCondition(filter)]);
}

function ruleCondition(rule: string | undefined): Condition | null {
  return rule === undefined ? null : { sql: "rule = {rule:String}", parameters: { rule } };
}

export function ruleFiguresOf(row: Parameters<typeof figuresOf>[0]): RuleFigures {
  return { rule: textIn(row, "rule"), mode: modeOf(textIn(row, "mode")), ...figuresOf(row) };
}

function modeOf(text: string): RuleFigures["mode"] {
  return text === "shadow" || text === "off" ? text : "live";
}
