/** The addresses of `/v1/appeals` and `/v1/reversals`: one table for the console, its OpenAPI document and their tests. */
import type * as z from "zod";
import type { Permission } from "../console/access.js";
import * as appeals from "./appeals.js";
import type { AppealsProblemCode } from "./appeals-problem.js";

export interface AppealsRoute {
  readonly method: "GET" | "POST";
  /** `{id}` is what lies between two slashes. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  /** Whose key: a person's; a person's or that of the network `local`. */
  readonly key: "person" | "either";
  /** Of those who sign in; keys of people without an account may everything. null: the machine only. */
  readonly permission: Permission | null;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: z.ZodType;
  readonly status: 200;
  readonly answer: z.ZodType;
  readonly problems: readonly AppealsProblemCode[];
}

const APPEAL = "/v1/appeals/{id}";
/** Changes answer with the appeal as it is then. */
const change = { method: "POST", key: "person", status: 200, answer: appeals.appealDetail } as const;
const CHANGING: readonly AppealsProblemCode[] = ["NOT_FOUND", "CONFLICT", "NOT_IN_THIS_STATE"];
const OUTCOMES: readonly AppealsProblemCode[] = ["OUTCOMES_INCOMPLETE", "OWN_NOT_REJECTED"];

export const APPEALS_ROUTES = {
  list: {
    permission: "appeals.read",
    method: "GET",
    path: "/v1/appeals",
    summary: "Appeals that were submitted, some a page",
    description: "A page looks at a bounded number of appeals: it may hold few or none and go on.",
    key: "either",
    query: { after: "as the last page said", state: "only those in this state" },
    status: 200,
    answer: appeals.appealPageAnswer,
    problems: ["BODY_INVALID"],
  },
  show: {
    permission: "appeals.read",
    method: "GET",
    path: APPEAL,
    summary: "An appeal: statement, facts of each swipe, sums, deadlines, papers, what was done",
    description: "A person's key only: it opens what the holder wrote.",
    key: "person",
    status: 200,
    answer: appeals.appealDetail,
    problems: ["NOT_FOUND"],
  },
  document: {
    permission: "appeals.read",
    method: "GET",
    path: `${APPEAL}/documents/{document}`,
    summary: "A document of the holder; that it was opened stands in the audit log",
    key: "person",
    status: 200,
    answer: appeals.appealFile,
    problems: ["NOT_FOUND"],
  },
  paper: {
    permission: "appeals.read",
    method: "GET",
    path: `${APPEAL}/papers/{paper}`,
    summary: "A paper as PDF",
    key: "person",
    status: 200,
    answer: appeals.appealFile,
    problems: ["NOT_FOUND"],
  },
  national: {
    permission: "appeals.work",
    method: "GET",
    path: `${APPEAL}/national`,
    summary: "The parts of an appeal grouped by the national platform's 3701 to 3704",
    key: "person",
    status: 200,
    answer: appeals.nationalAnswer,
    problems: ["NOT_FOUND"],
  },
  accept: {
    ...change,
    permission: "appeals.work",
    path: `${APPEAL}/acceptance`,
    summary: "Accepts it (受理)",
    body: appeals.acceptBody,
    problems: CHANGING,
  },
  return: {
    ...change,
    permission: "appeals.work",
    path: `${APPEAL}/return`,
    summary: "Asks the holder for more (补正); the office's deadlines stand still",
    body: appeals.returnBody,
    problems: CHANGING,
  },
  resume: {
    ...change,
    permission: "appeals.work",
    path: `${APPEAL}/resumption`,
    summary: "Goes on with what there is, without what was asked for",
    body: appeals.resumeBody,
    problems: CHANGING,
  },
  review: {
    ...change,
    permission: "appeals.work",
    path: `${APPEAL}/reviews`,
    summary: "First (初审), then by another person second review (复审)",
    body: appeals.reviewBody,
    problems: [...CHANGING, "SAME_PERSON"],
  },
  investigate: {
    ...change,
    permission: "appeals.work",
    path: `${APPEAL}/findings`,
    summary: "Writes down what the investigation (调查) found",
    body: appeals.investigationBody,
    problems: CHANGING,
  },
  decide: {
    ...change,
    permission: "appeals.work",
    path: `${APPEAL}/decision`,
    summary: "Decides; of a person who reviewed it, it is a proposal that another confirms",
    body: appeals.decisionBody,
    problems: [...CHANGING, "NOT_INVESTIGATED", ...OUTCOMES],
  },
  confirm: {
    ...change,
    permission: "appeals.work",
    path: `${APPEAL}/confirmation`,
    summary: "Confirms the decision that somebody else proposed",
    body: appeals.confirmBody,
    problems: [...CHANGING, "NO_PROPOSAL", "NEEDS_ANOTHER_PERSON"],
  },
  drop: {
    ...change,
    permission: "appeals.work",
    path: `${APPEAL}/refusal`,
    summary: "The proposed decision is not followed",
    body: appeals.dropBody,
    problems: [...CHANGING, "NO_PROPOSAL"],
  },
  reconsider: {
    ...change,
    permission: "appeals.work",
    path: `${APPEAL}/reconsideration`,
    summary: "Decides anew (复议), by somebody who took no part; never worse for the holder",
    body: appeals.decisionBody,
    problems: [...CHANGING, "DECIDED_ALREADY_BY_YOU", ...OUTCOMES, "WORSE_FOR_HOLDER"],
  },
  reversals: {
    permission: "appeals.read",
    method: "GET",
    path: "/v1/reversals",
    summary: "Settlements to be taken back (2601), the oldest first, page by page",
    key: "either",
    query: { all: "1: with those that were handed over", after: "as the last page said" },
    status: 200,
    answer: appeals.reversalPageAnswer,
    problems: [],
  },
  handOver: {
    permission: "appeals.work",
    method: "POST",
    path: "/v1/reversals/hand-over",
    summary: "Marks what can be handed over now, once, at most 1000, and answers with it",
    key: "person",
    body: appeals.handOverBody,
    status: 200,
    answer: appeals.reversalsAnswer,
    problems: [],
  },
} as const satisfies Readonly<Record<string, AppealsRoute>>;
export type AppealsRouteName = keyof typeof APPEALS_ROUTES;
