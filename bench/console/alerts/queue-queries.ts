/** What the queue's page asks: of the nation, a city, a county; by what stands in an index's order and what does not. */

import { NATION, type Scope } from "../../../schemas/console/access.js";
import { type AskedFilter, readQueueFilter } from "../../../schemas/console/queue-filter.js";
import { QUEUE_COUNT_MAX, QUEUE_PAGE_DEFAULT } from "../../../schemas/http/queue.js";
import { CANDIDATES_MAX } from "../../../services/alerts/queue/queue-candidates.js";
import { ALERTS_LOOKED_AT_MAX } from "../../../services/alerts/queue/queue-conditions.js";
import {
  COUNT_SCAN_MAX,
  PAGE_SCAN_MAX,
  queueCount,
  queuePage,
} from "../../../services/alerts/queue/queue-page.js";
import type { AlertsDraw } from "./alerts-draws.js";
import type { AlertsQuery } from "./alerts-query.js";

type Query = Readonly<Record<string, string>>;

/** Beside its alerts: asked for, itself, work, code, proposal, appeal, call, answer, what opened it again. */
const OF_A_ROW = 12;
/** The latest and the earliest of its alerts; most have two or three. */
const ALERTS_OF_A_ROW = 2 * ALERTS_LOOKED_AT_MAX;
const ITEMS = QUEUE_PAGE_DEFAULT * (OF_A_ROW + ALERTS_OF_A_ROW);
/** A row that is looked at: itself and its work. */
const LOOK = 2;
/** Of a case's alerts those that stand: two or three, for each condition. */
const LOOK_AT_ALERTS = LOOK + 4;
/** Ranges of severities that end before the page is full, each once more. */
const SEVERITIES = 4;

/** That were made (fill-few.ts). */
const VIEWS = 200;

const FIRST_LOOK = SEVERITIES * (QUEUE_PAGE_DEFAULT + 1) * LOOK;
const city = ({ region }: AlertsDraw): Scope => [region.slice(0, 4)];

export function filterOf(query: Query, me = "analyst-01"): AskedFilter {
  const read = readQueueFilter(query);
  if (read.kind === "invalid") throw new Error(read.detail);
  const { assignee, ...filter } = read.filter;
  return {
    ...filter,
    assignee: assignee.kind === "person" ? { ...assignee, name: assignee.name ?? me } : assignee,
  };
}

interface PageAsked {
  readonly query?: Query | ((draw: AlertsDraw) => Query);
  readonly scope?: (draw: AlertsDraw) => Scope;
  readonly isFarOn?: boolean;
}

function page(
  name: string,
  bound: Pick<AlertsQuery, "rowsMax" | "why">,
  { query = {}, scope = () => NATION, isFarOn = false }: PageAsked = {},
): AlertsQuery {
  return {
    ...{ name, ...bound, routes: ["QUEUE_ROUTES.page"] },
    ask: ({ database, nowMs }, draw) =>
      queuePage(database, {
        filter: filterOf(typeof query === "function" ? query(draw) : query, draw.assignee),
        scope: scope(draw),
        after: isFarOn ? { severity: "medium", atMs: draw.at.getTime(), caseId: draw.caseId } : null,
        limit: QUEUE_PAGE_DEFAULT,
        nowMs,
      }),
  };
}

function count(name: string, query: Query, scope: (draw: AlertsDraw) => Scope = () => NATION): AlertsQuery {
  return {
    ...{ name, routes: ["QUEUE_ROUTES.count"] },
    rowsMax: COUNT_SCAN_MAX * LOOK_AT_ALERTS + SEVERITIES * QUEUE_COUNT_MAX * LOOK + CANDIDATES_MAX,
    why: "the rows of one look, or as many of few",
    ask: ({ database }, draw) =>
      queueCount(database, { filter: filterOf(query, draw.assignee), scope: scope(draw) }),
  };
}

const direct = { rowsMax: FIRST_LOOK + ITEMS, why: "the page's rows of each severity" };
const searched = {
  rowsMax: PAGE_SCAN_MAX * LOOK_AT_ALERTS + FIRST_LOOK + ITEMS,
  why: "2,000 rows and their alerts, then the page's",
};
const lookedUp = {
  rowsMax: CANDIDATES_MAX * (1 + LOOK_AT_ALERTS) + ITEMS,
  why: "2,000 rows that have it in common, their cases, the page's",
};

export const QUEUE_QUERIES: readonly AlertsQuery[] = [
  page("queue of the nation", direct),
  page("queue of a city", direct, { scope: city }),
  page("queue of a county", searched, { scope: ({ region }) => [region] }),
  page("queue of where there is nothing", direct, { scope: () => ["11"] }),
  page("queue, the latest first", direct, { query: { sort: "latest" } }),
  page("queue, a page far on", direct, { query: { sort: "latest" }, isFarOn: true }),
  page("queue, closed ones too, far on", direct, {
    query: { state: "new,triage,investigating,confirmed,cleared,closed", sort: "latest" },
    isFarOn: true,
  }),
  page("queue by rule", searched, { query: { rule: "R05" } }),
  page("queue by money", searched, { query: { moneyMin: "450000" } }),
  page("queue, disputed, of a city", searched, { query: { disputed: "1" }, scope: city }),
  page("queue of what nobody has", searched, { query: { assignee: "none" } }),
  page("queue, mine", lookedUp, { query: { assignee: "me" } }),
  page("queue, closed ones, mine", searched, { query: { assignee: "me", state: "closed" } }),
  page("queue by state", lookedUp, { query: { state: "confirmed" } }),
  page("queue of an institution", lookedUp, {
    query: ({ institutionId }) => ({ institution: institutionId }),
  }),
  page("queue by code", lookedUp, { query: ({ code }) => ({ text: code }) }),
  page("queue by card tail", lookedUp, { query: ({ cardTail }) => ({ text: cardTail }) }),
  page("queue of a person", lookedUp, { query: ({ personKey }) => ({ text: personKey }) }),
  count("count of the nation", {}),
  count("count of critical ones, a city", { severity: "critical" }, city),
  count("count by rule", { rule: "R05" }),
  count("count of mine", { assignee: "me" }),
  {
    ...{ name: "saved views", routes: ["QUEUE_ROUTES.views"], rowsMax: 2 * VIEWS },
    why: "as many as people have made: so few are read whole, twice",
    ask: ({ views }, { assignee }) => views.list(assignee),
  },
  {
    ...{ name: "own operations", routes: ["QUEUE_ROUTES.operations"], rowsMax: 20 + 40 },
    why: "the latest 20 of one person, and those of the same moment",
    ask: ({ operations }, { assignee }) => operations.list(assignee),
  },
];
