/** The addresses of persons, institutions, findings and the search: one table for the console, its pages and their tests. */
import type { ConsoleApiRoute } from "./console-api.js";
import { timelinePage } from "./figures.js";
import * as subjects from "./subjects.js";

const of = { permission: "cases.read", method: "GET", key: "either", status: 200 } as const;
const PERSON = "/v1/console/persons/{key}";
const INSTITUTION = "/v1/console/institutions/{id}";
const DAYS = "7, 30 or 90: how far back figures and swipes are shown; 30 where absent";
const AFTER = "as the last page said";

export const PERSON_ROUTES = {
  person: {
    ...of,
    path: PERSON,
    summary: "A person by its token, under whichever of its keys: cards, limits, cases, messages, appeals",
    answer: subjects.personAnswer,
    problems: ["NOT_FOUND"],
  },
  timeline: {
    ...of,
    path: `${PERSON}/timeline`,
    summary: "What happened to the person, newest first",
    query: { after: AFTER },
    answer: timelinePage,
    problems: ["NOT_FOUND", "FIGURES_AWAY"],
  },
} as const satisfies Readonly<Record<string, ConsoleApiRoute>>;

export const INSTITUTION_ROUTES = {
  institution: {
    ...of,
    path: INSTITUTION,
    summary:
      "An institution: register, figures by day, rules that hit, findings, cases, terminals, operators",
    query: { days: DAYS, after: AFTER },
    answer: subjects.institutionDetail,
    problems: ["NOT_FOUND", "QUERY_INVALID"],
  },
  terminal: {
    ...of,
    path: `${INSTITUTION}/terminals/{terminal}`,
    summary: "A terminal of an institution: swipes, findings, cases",
    query: { days: DAYS, after: AFTER },
    answer: subjects.terminalDetail,
    problems: ["NOT_FOUND", "QUERY_INVALID"],
  },
} as const satisfies Readonly<Record<string, ConsoleApiRoute>>;

export const FINDING_ROUTES = {
  findings: {
    ...of,
    path: "/v1/console/findings",
    summary: "What patrols found, seen last first",
    description: "A page looks at a bounded number of findings: it may hold few or none and go on.",
    query: {
      patrol: "such as R18",
      severity: "low, medium, high or critical",
      subjectKind: "institution, terminal, operator, agent, trace-code or card",
      institution: "institutionId",
      after: AFTER,
    },
    answer: subjects.findingPage,
    problems: ["QUERY_INVALID"],
  },
  finding: {
    ...of,
    path: "/v1/console/findings/{id}",
    summary: "A finding with its facts, the query that found it, and its evidence",
    answer: subjects.findingDetail,
    problems: ["NOT_FOUND"],
  },
} as const satisfies Readonly<Record<string, ConsoleApiRoute>>;

export const SEARCH_ROUTES = {
  search: {
    ...of,
    path: "/v1/console/search",
    summary: "Case code, case id, card tail, event id, institution, appeal number or person token",
    query: { q: "what was typed" },
    answer: subjects.searchAnswer,
    problems: ["QUERY_INVALID"],
  },
} as const satisfies Readonly<Record<string, ConsoleApiRoute>>;
