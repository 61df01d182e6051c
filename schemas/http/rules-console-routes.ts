/** The addresses of `/v1/console/rules` and `/v1/console/policies`: one table for the console, the pages and their tests. */
import type * as z from "zod";
import type { Permission } from "../console/access.js";
import { policiesAnswer, policyLookup } from "./policies-console.js";
import * as rules from "./rules-console.js";
import type { RulesConsoleProblemCode } from "./rules-console-problem.js";
import * as jobs from "./rules-jobs.js";

export interface RulesConsoleRoute {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly key: "person" | "either";
  readonly permission: Permission;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: z.ZodType;
  readonly status: 200 | 201 | 202;
  readonly answer: z.ZodType;
  readonly problems: readonly RulesConsoleProblemCode[];
}

const RULES = "/v1/console/rules";
const DRAFT = `${RULES}/drafts/{draft}`;
const JOB = `${RULES}/jobs/{job}`;
const reading = { method: "GET", key: "either", permission: "rules.read", status: 200 } as const;
const drafting = { key: "person", permission: "rules.draft" } as const;
const EDITING = ["NOT_FOUND", "CONFLICT"] as const satisfies readonly RulesConsoleProblemCode[];

export const RULES_CONSOLE_ROUTES = {
  catalogue: {
    ...reading,
    path: RULES,
    summary: "Every rule in words, with its parameters and the regions' overrides",
    query: { version: "of this version instead of the running one" },
    answer: rules.catalogueAnswer,
    problems: ["VERSION_UNKNOWN"],
  },
  figures: {
    ...reading,
    path: `${RULES}/figures`,
    summary: "How often each rule hit in the last days, by what the swipe was answered",
    query: { days: "1 to 31; 7 where absent" },
    answer: rules.ruleFiguresAnswer,
    problems: ["BODY_INVALID", "NO_FIGURES"],
  },
  breaker: {
    ...reading,
    path: `${RULES}/breaker`,
    summary: "What the breaker counts now, its limits, and what it lowered",
    answer: rules.breakerAnswer,
    problems: [],
  },
  drafts: {
    ...drafting,
    method: "GET",
    path: `${RULES}/drafts`,
    summary: "Your own drafts of the editor",
    status: 200,
    answer: rules.draftList,
    problems: [],
  },
  startDraft: {
    ...drafting,
    method: "POST",
    path: `${RULES}/drafts`,
    summary: "A draft that begins as a version is",
    body: rules.draftStart,
    status: 201,
    answer: rules.draftDetail,
    problems: ["VERSION_UNKNOWN", "NOT_TAKEN_OVER", "DRAFTS_FULL"],
  },
  draft: {
    ...drafting,
    method: "GET",
    path: DRAFT,
    summary: "A draft with its mistakes and what it changes",
    status: 200,
    answer: rules.draftDetail,
    problems: ["NOT_FOUND"],
  },
  editRule: {
    ...drafting,
    method: "PUT",
    path: `${DRAFT}/rules/{rule}`,
    summary: "One rule of a draft, whole; stored with its mistakes, which the answer names",
    body: rules.ruleEdit,
    status: 200,
    answer: rules.draftDetail,
    problems: EDITING,
  },
  lintRule: {
    ...drafting,
    method: "POST",
    path: `${DRAFT}/rules/{rule}/lint`,
    summary: "What would be said of the draft with this rule so; nothing is stored",
    body: rules.ruleEdit,
    status: 200,
    answer: rules.draftDetail,
    problems: ["NOT_FOUND"],
  },
  commentDraft: {
    ...drafting,
    method: "PUT",
    path: `${DRAFT}/comment`,
    summary: "The comment of a draft, kept while it is written",
    body: rules.draftComment,
    status: 200,
    answer: rules.draftDetail,
    problems: EDITING,
  },
  saveDraft: {
    ...drafting,
    method: "POST",
    path: `${DRAFT}/version`,
    summary: "Makes a version of a draft, which is gone then",
    body: rules.draftSave,
    status: 201,
    answer: rules.draftSaved,
    problems: [...EDITING, "BUNDLE_INVALID"],
  },
  dropDraft: {
    ...drafting,
    method: "DELETE",
    path: DRAFT,
    summary: "Throws a draft of the editor away",
    status: 200,
    answer: rules.done,
    problems: ["NOT_FOUND"],
  },
  jobs: {
    ...reading,
    path: `${RULES}/jobs`,
    summary: "Long work under way and done, the latest first",
    query: { kind: "only of this kind" },
    answer: jobs.jobList,
    problems: ["BODY_INVALID"],
  },
  startJob: {
    ...drafting,
    method: "POST",
    path: `${RULES}/jobs`,
    summary: "Begins long work; one of each kind at a time",
    body: jobs.jobStart,
    status: 202,
    answer: jobs.jobSummary,
    problems: ["VERSION_UNKNOWN", "JOB_RUNNING", "NO_FIGURES"],
  },
  job: {
    ...reading,
    path: JOB,
    summary: "How far work is, or what came of it",
    answer: jobs.jobDetail,
    problems: ["NOT_FOUND"],
  },
  cancelJob: {
    ...drafting,
    method: "POST",
    path: `${JOB}/cancel`,
    summary: "Ends work that is under way",
    status: 202,
    answer: jobs.jobSummary,
    problems: ["NOT_FOUND", "JOB_ENDED"],
  },
  policies: {
    ...reading,
    path: "/v1/console/policies",
    summary: "Loss policies in force by region, and what the sources say beside them",
    answer: policiesAnswer,
    problems: [],
  },
  policyLookup: {
    ...reading,
    path: "/v1/console/policies/lookup",
    summary:
      "Which row decides for a region, and when a report accepted at an instant takes effect and lapses",
    query: {
      region: "division code of 2, 4 or 6 digits",
      credential: "card where absent",
      acceptedAt: "an instant; now where absent",
    },
    answer: policyLookup,
    problems: ["BODY_INVALID"],
  },
} as const satisfies Readonly<Record<string, RulesConsoleRoute>>;

export type RulesConsoleRouteName = keyof typeof RULES_CONSOLE_ROUTES;
