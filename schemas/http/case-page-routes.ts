/** The addresses behind the page of a case: one table for the console, its OpenAPI document, the pages and their tests. */
import type * as z from "zod";
import type { Permission } from "../console/access.js";
import * as page from "./case-page.js";
import type { CasePageProblemCode } from "./case-page-problem.js";

export interface CasePageRoute {
  readonly method: "GET" | "POST" | "PUT";
  /** `{id}` is what lies between two slashes. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly key: "person" | "either";
  readonly permission: Permission;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: z.ZodType;
  readonly status: 200;
  readonly answer: z.ZodType;
  readonly problems: readonly CasePageProblemCode[];
}

const CASE = "/v1/console/cases/{id}";

export const CASE_PAGE_ROUTES = {
  timeline: {
    permission: "cases.read",
    method: "GET",
    path: `${CASE}/timeline`,
    summary:
      "Everything that happened, newest first: swipes explained, status changes, SMS, answers, work, custody",
    key: "either",
    query: {
      after: "where the page begins: `after` of the page before",
      kinds: `some of ${page.TIMELINE_KINDS.join(", ")}; all where absent`,
    },
    status: 200,
    answer: page.caseTimelineAnswer,
    problems: ["NOT_FOUND", "BODY_INVALID"],
  },
  graph: {
    permission: "cases.read",
    method: "GET",
    path: `${CASE}/graph`,
    summary: "Whom the person shares terminals, institutions and agents with: two hops, bounded",
    key: "either",
    query: { days: "1 to 31 up to now; 31 where absent" },
    status: 200,
    answer: page.caseGraphAnswer,
    problems: ["NOT_FOUND", "BODY_INVALID", "NO_PERSON", "FIGURES_AWAY"],
  },
  drafts: {
    permission: "cases.work",
    method: "GET",
    path: `${CASE}/drafts`,
    summary: "What the caller has typed and not sent",
    key: "person",
    status: 200,
    answer: page.draftsAnswer,
    problems: ["NOT_FOUND"],
  },
  keepDraft: {
    permission: "cases.work",
    method: "PUT",
    path: `${CASE}/drafts`,
    summary: "Keeps what the caller has typed, so that a restart does not lose it; an empty text forgets it",
    key: "person",
    body: page.draftBody,
    status: 200,
    answer: page.draftsAnswer,
    problems: ["NOT_FOUND", "BODY_INVALID"],
  },
  unmask: {
    permission: "person.unmask",
    method: "POST",
    path: `${CASE}/unmask`,
    summary: "Shows name and tails of the case's person, after a reason was written down",
    description:
      "The entry in the audit log is made before anything is shown, also where there is nothing to show.",
    key: "person",
    body: page.unmaskBody,
    status: 200,
    answer: page.unmaskAnswer,
    problems: ["NOT_FOUND", "BODY_INVALID", "NO_PERSON", "UNMASKED_TOO_OFTEN"],
  },
  colleagues: {
    permission: "cases.work",
    method: "GET",
    path: `${CASE}/colleagues`,
    summary: "Who can be given the case",
    key: "person",
    status: 200,
    answer: page.colleaguesAnswer,
    problems: ["NOT_FOUND"],
  },
} as const satisfies Readonly<Record<string, CasePageRoute>>;

export type CasePageRouteName = keyof typeof CASE_PAGE_ROUTES;
