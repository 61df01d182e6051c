/** What the pages of appeals, findings, audit and system ask. */

import { CHECKPOINTS_PAGE } from "../../../cli/process/audit-log-desk.js";
import { SCANNED_MAX as AUDIT_SCANNED_MAX, FOUND_MAX } from "../../../platform/audit-log/audit-search.js";
import { NATION, type Scope } from "../../../schemas/console/access.js";
import { APPEALS_LISTED_AT_MAX, APPEALS_PER_PAGE } from "../../../services/alerts/appeals/appeal-list.js";
import { REVERSALS_LOOKED_AT_MAX } from "../../../services/alerts/appeals/reversal-list.js";
import { SMS_WAITING_COUNTED_MAX, smsCounts } from "../../../services/alerts/sms/sms-counts.js";
import {
  FINDINGS_PER_PAGE,
  SCANNED_MAX as FINDINGS_SCANNED_MAX,
} from "../../../services/alerts/subjects/finding-search.js";
import { COUNTED_MAX, outboxFacts } from "../../../services/alerts/system/refused-records.js";
import { CHECKPOINTS_SHOWN_MAX } from "../../../services/console/server/system-routes.js";
import { REQUESTS_SHOWN_MAX, requestsOf } from "../../../services/evidence/unmasking.js";
import type { AlertsDraw } from "./alerts-draws.js";
import type { AlertsQuery } from "./alerts-query.js";

const city = ({ region }: AlertsDraw): Scope => [region.slice(0, 4)];
const instant = (at: Date) => `${new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, -1)}+08:00`;

const listed = {
  ...{ routes: ["APPEALS_ROUTES.list"], rowsMax: 2 * APPEALS_LISTED_AT_MAX + 14 * APPEALS_PER_PAGE },
  why: "looks, each range of states to its first row, what was missed",
};
const reversals = {
  ...{ routes: ["APPEALS_ROUTES.reversals"], rowsMax: 5 * REVERSALS_LOOKED_AT_MAX },
  why: "one look, each with its swipe, appeal and case, and where it ended",
};
const found = {
  ...{ routes: ["FINDING_ROUTES.findings"], rowsMax: 2 * FINDINGS_SCANNED_MAX + 4 * FINDINGS_PER_PAGE },
  why: "one look and where it ended, the page's with query and case",
};
const audited = {
  ...{ routes: ["AUDIT_ROUTES.entries"], rowsMax: 2 * AUDIT_SCANNED_MAX + 8 * FOUND_MAX },
  why: "one look and where it ended, the cases of the page",
};
const ANY_FINDING = {
  patrol: null,
  severity: null,
  subjectKind: null,
  institutionId: null,
  after: null,
} as const;
const ANYTHING = { actor: null, action: null, subject: null, from: null, to: null, before: null } as const;

export const OFFICE_QUERIES: readonly AlertsQuery[] = [
  {
    ...{ name: "list of appeals", ...listed },
    ask: ({ appeals }) => appeals.list({ after: null, state: null, scope: NATION }),
  },
  {
    ...{ name: "appeals in investigation, a city", ...listed },
    ask: ({ appeals }, draw) => appeals.list({ after: null, state: "investigation", scope: city(draw) }),
  },
  {
    ...{ name: "list of appeals, a page far on", ...listed },
    ask: ({ appeals }, { appealId }) => appeals.list({ after: appealId, state: null, scope: NATION }),
  },
  {
    ...{ name: "an appeal", routes: ["APPEALS_ROUTES.show", "APPEALS_ROUTES.national"] },
    ...{ rowsMax: 1_500, why: "its events, swipes and alerts of its person, papers" },
    ask: ({ appeals }, { appealId }) => appeals.show(appealId, NATION),
  },
  {
    ...{ name: "reversals to hand over", ...reversals },
    ask: ({ appeals }) => appeals.reversals({ withHandedOver: false, scope: NATION, after: null }),
  },
  {
    ...{ name: "all reversals", ...reversals },
    ask: ({ appeals }) => appeals.reversals({ withHandedOver: true, scope: NATION, after: null }),
  },
  {
    ...{ name: "findings", ...found },
    ask: ({ subjects }) => subjects.findings({ ...ANY_FINDING, scope: NATION }),
  },
  {
    ...{ name: "findings of a patrol, a city", ...found },
    ask: ({ subjects }, draw) =>
      subjects.findings({ ...ANY_FINDING, scope: city(draw), patrol: "R18", subjectKind: "terminal" }),
  },
  {
    ...{ name: "findings of where there is nothing", ...found },
    ask: ({ subjects }) => subjects.findings({ ...ANY_FINDING, scope: ["11"], severity: "critical" }),
  },
  {
    ...{ name: "a finding", routes: ["FINDING_ROUTES.finding"], rowsMax: 6, why: "keys" },
    ask: ({ subjects }, { findingId }) => subjects.finding(findingId, NATION),
  },
  {
    ...{ name: "audit log", ...audited },
    ask: ({ audit: log }) => log.search(ANYTHING, NATION),
  },
  {
    ...{ name: "audit log of a city", ...audited },
    ask: ({ audit: log }, draw) => log.search(ANYTHING, city(draw)),
  },
  {
    ...{ name: "audit log by who and what", ...audited },
    ask: ({ audit: log }, { assignee }) =>
      log.search({ ...ANYTHING, actor: assignee, action: "case.noted" }, NATION),
  },
  {
    ...{ name: "audit log by a kind that is seldom", ...audited },
    ask: ({ audit: log }) => log.search({ ...ANYTHING, action: "session." }, NATION),
  },
  {
    ...{ name: "audit log by case", ...audited },
    ask: ({ audit: log }, { caseId }) => log.search({ ...ANYTHING, subject: `case:${caseId}` }, NATION),
  },
  {
    ...{ name: "audit log up to a time", ...audited },
    ask: ({ audit: log }, { at }) => log.search({ ...ANYTHING, to: instant(at) }, NATION),
  },
  {
    ...{ name: "audit log, in order", routes: ["CASES_ROUTES.audit"], rowsMax: 500, why: "a page" },
    ask: ({ audit: log }) => log.lines(1_000, 500),
  },
  {
    ...{ name: "checkpoints", routes: ["CASES_ROUTES.checkpoints", "AUDIT_ROUTES.signed"] },
    ...{ rowsMax: CHECKPOINTS_PAGE + CHECKPOINTS_SHOWN_MAX, why: "a page of each" },
    ask: async ({ audit: log }) => [
      await log.checkpoints(0),
      await log.latestCheckpoints(CHECKPOINTS_SHOWN_MAX),
    ],
  },
  {
    ...{ name: "requests to unmask", routes: ["EVIDENCE_ROUTES.requests"] },
    ...{ rowsMax: REQUESTS_SHOWN_MAX, why: "the latest" },
    ask: ({ tables }) => requestsOf(tables, null),
  },
  {
    ...{ name: "what waits, for the system's page", routes: ["SYSTEM_ROUTES.system"] },
    ...{ rowsMax: 4 * SMS_WAITING_COUNTED_MAX + 2 * COUNTED_MAX, why: "counted up to a limit" },
    ask: async ({ database, nowMs }) => [await smsCounts(database, nowMs), await outboxFacts(database)],
  },
];
