/** What the page "today" asks: what waits for one person, how messages get on, figures of appeals. */

import { NATION, type Scope } from "../../../schemas/console/access.js";
import { NEED_COUNT_MAX, type NeedKind } from "../../../schemas/http/overview.js";
import { APPEALS_COUNTED_MAX } from "../../../services/alerts/overview/appeal-figures.js";
import { SMS_COUNTED_MAX, WAITING_COUNTED_MAX } from "../../../services/alerts/overview/delivery.js";
import { OWN_LOOKED_AT_MAX } from "../../../services/alerts/overview/overdue-cases.js";
import { WAITING_LOOKED_AT_MAX } from "../../../services/alerts/overview/waiting-cases.js";
import type { AlertsDraw } from "./alerts-draws.js";
import type { AlertsQuery } from "./alerts-query.js";

const DAY_MS = 86_400_000;
const MONTH_MS = 30 * DAY_MS;
const city = ({ region }: AlertsDraw): Scope => [region.slice(0, 4)];
const nation = () => NATION;
const EVENTS_OF_AN_APPEAL = 9;

function need(
  kind: NeedKind,
  scope: (draw: AlertsDraw) => Scope,
  bound: Pick<AlertsQuery, "rowsMax" | "why">,
) {
  return {
    name: `waiting: ${kind}${scope === nation ? "" : ", a city"}`,
    routes: ["OVERVIEW_ROUTES.needs"],
    ...bound,
    ask: ({ overview }, draw) => overview.needs({ name: draw.assignee, scope: scope(draw), kinds: [kind] }),
  } satisfies AlertsQuery;
}

const appeals = { rowsMax: 2 * (NEED_COUNT_MAX + 1), why: "what is counted, by the index of days" };
const waiting = { rowsMax: 2 * WAITING_LOOKED_AT_MAX, why: "those that wait longest, and their cases" };
const delivery = { routes: ["OVERVIEW_ROUTES.overview", "OVERVIEW_ROUTES.live"] };

export const OVERVIEW_QUERIES: readonly AlertsQuery[] = [
  need("appeal-due", nation, appeals),
  need("appeal-due", city, appeals),
  need("deadline-missed", nation, appeals),
  need("case-overdue", nation, {
    rowsMax: 5 * OWN_LOOKED_AT_MAX,
    why: "what one person has, each with its first alert",
  }),
  need("phone-call", nation, waiting),
  need("phone-call", city, waiting),
  need("proposal", nation, waiting),
  need("proposal", city, waiting),
  need("unmasking", nation, waiting),
  need("unmasking", city, waiting),
  need("rules-draft", nation, { rowsMax: 200, why: "versions of rules: one a change" }),
  {
    ...{ name: "delivery of the day", ...delivery, rowsMax: SMS_COUNTED_MAX + 4 * WAITING_COUNTED_MAX },
    why: "the day's SMS up to what is counted, calls, records",
    ask: ({ overview, nowMs }) => overview.delivery({ scope: NATION, sinceMs: nowMs - DAY_MS }),
  },
  {
    ...{
      name: "delivery of the day, a city",
      ...delivery,
      rowsMax: 3 * SMS_COUNTED_MAX + 6 * WAITING_COUNTED_MAX,
    },
    why: "the same, with the cases of each person",
    ask: ({ overview, nowMs }, draw) => overview.delivery({ scope: city(draw), sinceMs: nowMs - DAY_MS }),
  },
  {
    ...{ name: "appeals of a month", routes: ["OVERVIEW_ROUTES.appeals"] },
    ...{
      rowsMax: APPEALS_COUNTED_MAX * (4 + EVENTS_OF_AN_APPEAL),
      why: "counted appeals, their cases and events",
    },
    ask: ({ overview, nowMs }) =>
      overview.appealFigures({ scope: NATION, range: { from: nowMs - MONTH_MS, to: nowMs } }),
  },
];
