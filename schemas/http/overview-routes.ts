/** The addresses of the pages "today" and "analytics": one table for the console, its OpenAPI document, the pages, tests. */
import * as z from "zod";
import type { Permission } from "../console/access.js";
import * as analytics from "./analytics.js";
import type { CasesProblemCode } from "./cases-problem.js";
import * as figures from "./figures.js";
import * as overview from "./overview.js";

export interface OverviewRoute {
  readonly method: "GET" | "POST";
  /** `{name}` is what lies between two slashes. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly key: "person" | "either";
  readonly permission: Permission | null;
  readonly query?: Readonly<Record<string, string>>;
  readonly status: 200 | 202;
  /** JSON of `answer` where absent. */
  readonly contentType?: "text/event-stream" | "text/csv";
  readonly answer: z.ZodType;
  readonly problems: readonly CasesProblemCode[];
}

const PLACES = {
  insured: "where they are insured: a division code",
  care: "where the care is: a division code",
  institutionKind: "pharmacy or hospital",
  kind: "kind of swipe",
} as const;
const RANGE = {
  from: "instant; 30 days ago where absent",
  to: "instant, not of the range; now where absent",
} as const;
const FILTER = { ...RANGE, ...PLACES } as const;
const ROWS = {
  ...FILTER,
  action: "first answers, separated by commas",
  rule: "a rule that hit",
  institution: "institutionId",
  terminal: "terminalId, with institution",
} as const;

const reading = { method: "GET", key: "either", status: 200 } as const;
const figure = {
  ...reading,
  permission: "analytics.read",
  problems: ["BODY_INVALID", "QUERY_LIMIT"],
} as const;

export const OVERVIEW_ROUTES = {
  overview: {
    ...reading,
    permission: "overview.read",
    path: "/v1/console/overview",
    summary: "Today's figures of the caller's regions, how fresh they are, how messages and records get on",
    description: "A part whose store does not answer says so, with what was read of it last.",
    answer: overview.overviewAnswer,
    problems: [],
  },
  needs: {
    ...reading,
    key: "person",
    permission: "overview.read",
    path: "/v1/console/overview/needs",
    summary: "What waits for the caller, the most urgent kind first",
    answer: overview.needsAnswer,
    problems: [],
  },
  live: {
    ...reading,
    permission: "overview.read",
    path: "/v1/console/live",
    summary:
      "The overview as server-sent events: `figures` when they changed, `beat` while they do not, `ended`",
    description:
      "`figures` has the same JSON as /v1/console/overview. The stream ends with the session; `ended` says why. A header last-event-id names the figures that are known.",
    contentType: "text/event-stream",
    answer: z.string(),
    problems: ["STREAMS_FULL"],
  },
  reconcile: {
    method: "POST",
    key: "person",
    status: 202,
    permission: "system.read",
    path: "/v1/console/reconciliations",
    summary: "Begins to compare the logs with the tables; one comparison at a time",
    answer: overview.reconciliationState,
    problems: [],
  },
  reconciliation: {
    ...reading,
    permission: "system.read",
    path: "/v1/console/reconciliations",
    summary: "The comparison under way, or the last one since this process began",
    answer: overview.reconciliationState,
    problems: [],
  },
  trend: {
    ...figure,
    path: "/v1/console/analytics/trend",
    summary: "Swipes, answers and money by hour, day or month",
    query: { ...FILTER, bucket: "hour, day or month", rule: "hits of this rule instead" },
    answer: figures.trendAnswer,
  },
  rules: {
    ...figure,
    path: "/v1/console/analytics/rules",
    summary: "Hits of each rule and mode",
    query: FILTER,
    answer: figures.ruleFiguresAnswer,
  },
  cities: {
    ...figure,
    path: "/v1/console/analytics/cities",
    summary: "Figures by city",
    query: { ...FILTER, by: "care or insured" },
    answer: figures.cityFiguresAnswer,
  },
  institutions: {
    ...figure,
    path: "/v1/console/analytics/institutions",
    summary: "Institutions in the order of a figure",
    query: { ...FILTER, by: "rejects, stops, money, rate or swipes", limit: "1 to 100" },
    answer: figures.institutionRankingAnswer,
  },
  precision: {
    ...figure,
    path: "/v1/console/analytics/precision",
    summary: "What became of the findings of each rule, over everything that is stored",
    description: "Counted in the background, some minutes apart; `asOf` says when.",
    answer: analytics.precisionAnswer,
  },
  appeals: {
    ...figure,
    permission: "appeals.read",
    path: "/v1/console/analytics/appeals",
    summary: "Appeals submitted within a range: states, outcomes, how long they took",
    query: RANGE,
    answer: analytics.appealFigures,
  },
  decisions: {
    ...figure,
    permission: "cases.read",
    path: "/v1/console/analytics/decisions",
    summary: "The rows behind a figure, newest first, some a page",
    query: { ...ROWS, after: "`after` of the page before", limit: "1 to 100" },
    answer: figures.decisionPage,
  },
  exportFigures: {
    ...figure,
    path: "/v1/console/analytics/export/{figure}",
    summary: "A figure as CSV: trend, rules, cities, institutions or precision",
    query: { ...FILTER, bucket: "of a trend", by: "of cities and institutions", rule: "of a trend" },
    contentType: "text/csv",
    answer: z.string(),
    problems: ["BODY_INVALID", "NOT_FOUND", "QUERY_LIMIT"],
  },
  exportDecisions: {
    ...figure,
    permission: "cases.read",
    path: "/v1/console/analytics/decisions/export",
    summary: `Rows as CSV, the newest ${analytics.EXPORT_ROWS_MAX}`,
    query: ROWS,
    contentType: "text/csv",
    answer: z.string(),
  },
} as const satisfies Readonly<Record<string, OverviewRoute>>;
