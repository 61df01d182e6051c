/** What pages of cases, persons, institutions and the search ask: of one thing, so bounded by what that has. */

import { NATION, type Scope } from "../../../schemas/console/access.js";
import { draftsOf } from "../../../services/alerts/case-page/case-drafts.js";
import { caseSubject } from "../../../services/alerts/case-page/case-subject.js";
import { caseStream } from "../../../services/alerts/case-page/work-stream.js";
import { readCase } from "../../../services/alerts/cases/case-detail.js";
import { CASES_LOOKED_AT_MAX, CASES_PAGE_MAX, casePage } from "../../../services/alerts/cases/case-list.js";
import { WORK_KINDS } from "../../../services/console/server/case-page-desk.js";
import type { AlertsDraw } from "./alerts-draws.js";
import type { AlertsQuery } from "./alerts-query.js";

/** The largest case that was made has a hundred alerts, its person three SMS of five. */
const ALERTS = 100;
const SMS = 100;
/** Of a person: two cases, the larger of a hundred alerts. */
const PERSON = 2 * ALERTS;
const city = ({ region }: AlertsDraw): Scope => [region.slice(0, 4)];

const looked = {
  rowsMax: 2 * CASES_LOOKED_AT_MAX + 2 * CASES_PAGE_MAX,
  why: "2,000 rows and their work",
};

export const CASE_QUERIES: readonly AlertsQuery[] = [
  {
    ...{ name: "list of cases", routes: ["CASES_ROUTES.list"], ...looked },
    ask: ({ database }) => casePage(database, { after: null, scope: NATION }),
  },
  {
    ...{ name: "list of cases, a page far on", routes: ["CASES_ROUTES.list"], ...looked },
    ask: ({ database }, { caseId }) => casePage(database, { after: caseId, scope: NATION }),
  },
  {
    ...{ name: "list of a city's, confirmed, mine", routes: ["CASES_ROUTES.list"], ...looked },
    ask: ({ database }, draw) =>
      casePage(database, { after: null, scope: city(draw), state: "confirmed", assignee: draw.assignee }),
  },
  {
    ...{ name: "a case", routes: ["CASES_ROUTES.show"], rowsMax: 2 * ALERTS + SMS + 50 },
    why: "its alerts, its person's SMS, its work",
    ask: ({ database, nowMs }, { caseId }) => readCase(database, { caseId, scope: NATION, nowMs }),
  },
  {
    ...{ name: "a case's timeline", routes: ["CASE_PAGE_ROUTES.timeline"] },
    ...{
      rowsMax: 2 * (ALERTS + SMS) + 100,
      why: "its work, its person's SMS, its findings; found in an index, then in the table",
    },
    ask: async ({ database, tables }, { caseId }) => {
      const subject = (await caseSubject(database, caseId, NATION))!;
      return caseStream(tables, { ...subject, before: null, kinds: WORK_KINDS, limit: 50 });
    },
  },
  {
    ...{
      name: "drafts at a case",
      routes: ["CASE_PAGE_ROUTES.drafts"],
      rowsMax: 100,
      why: "one's own of one case; so few as there are may be read whole",
    },
    ask: async ({ database }, { caseId, assignee, region }) => {
      await caseSubject(database, caseId, [region]);
      return draftsOf(database, { caseId, person: assignee });
    },
  },
  {
    ...{ name: "a person", routes: ["PERSON_ROUTES.person", "PERSON_ROUTES.timeline"] },
    ...{
      rowsMax: 8 * PERSON + SMS + 100,
      why: "swipes, alerts, SMS and cases of one person, swipes seen six times",
    },
    ask: ({ subjects }, { personKey, region }) => subjects.person(personKey, [region]),
  },
  {
    ...{ name: "a person insured elsewhere", routes: ["PERSON_ROUTES.person"] },
    ...{ rowsMax: 4 * PERSON + 20, why: "swipes of one person, for a place in the regions" },
    ask: ({ subjects }, { personKey }) => subjects.person(personKey, ["11"]),
  },
  {
    ...{ name: "an institution", routes: ["INSTITUTION_ROUTES.institution"] },
    ...{ rowsMax: 8 * 50, why: "findings of one place, their alerts and cases" },
    ask: ({ subjects }, { institutionId }) =>
      subjects.placeFacts({ institutionId, terminalId: null }, NATION),
  },
  {
    ...{ name: "a terminal", routes: ["INSTITUTION_ROUTES.terminal"] },
    ...{ rowsMax: 8 * 50, why: "findings of one terminal, their alerts and cases" },
    ask: ({ subjects }, { institutionId }) =>
      subjects.placeFacts({ institutionId, terminalId: "T1" }, NATION),
  },
  {
    ...{ name: "search by case code", routes: ["SEARCH_ROUTES.search"], rowsMax: 4, why: "keys" },
    ask: ({ subjects }, { code }) => subjects.caseOfCode(code, NATION),
  },
  {
    ...{ name: "search by case id", routes: ["SEARCH_ROUTES.search"], rowsMax: 4, why: "keys" },
    ask: ({ subjects }, { caseId, region }) => subjects.caseOfId(caseId, [region]),
  },
  {
    ...{ name: "search by card tail", routes: ["SEARCH_ROUTES.search"] },
    ...{ rowsMax: 3 * 1_000, why: "the latest 1,000 alerts of such cards, their cases" },
    ask: ({ subjects }, { cardTail }) => subjects.casesOfCardTail(cardTail, NATION),
  },
  {
    ...{ name: "search by event", routes: ["SEARCH_ROUTES.search"], rowsMax: 4, why: "keys" },
    ask: ({ subjects }, { decisionId }) => subjects.caseIdOfDecision(decisionId, NATION),
  },
  {
    ...{ name: "search by appeal number", routes: ["SEARCH_ROUTES.search"], rowsMax: 4, why: "keys" },
    ask: ({ subjects }, { appealNumber }) => subjects.appealOfNumber(appealNumber, NATION),
  },
];
