/** The addresses of `/v1/rules` and `/v1/people`: one table for the service, its OpenAPI document and their tests. */
import type * as z from "zod";
import type { Permission } from "../console/access.js";
import * as rules from "./rules.js";
import { peopleAnswer, peopleList, peopleRequest } from "./rules-people.js";
import type { RulesProblemCode } from "./rules-problem.js";

export interface RulesRoute {
  readonly method: "GET" | "POST";
  /** `{version}` is a whole number. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  /** Whose key: a person's, or that of the network `local`, which whoever runs the machine has. */
  readonly key: "person" | "local";
  /** Of those who sign in; keys of people without an account may everything. null: the machine only. */
  readonly permission: Permission | null;
  readonly body?: z.ZodType;
  readonly status: 200 | 201 | 202;
  readonly answer: z.ZodType;
  /** Besides those of every route. */
  readonly problems: readonly RulesProblemCode[];
}

const VERSION = "/v1/rules/versions/{version}";
const person = { key: "person" } as const;
const PUBLISHING: readonly RulesProblemCode[] = ["PARTIAL", "NOTHING_CHANGES", "NOT_TAKEN_OVER"];

export const RULES_ROUTES = {
  status: {
    ...person,
    permission: "rules.read",
    method: "GET",
    path: "/v1/rules/status",
    summary: "What runs, what is under way, what there is to be alarmed about",
    status: 200,
    answer: rules.rulesStatus,
    problems: [],
  },
  versions: {
    ...person,
    permission: "rules.read",
    method: "GET",
    path: "/v1/rules/versions",
    summary: "Every version there ever was, the latest first",
    status: 200,
    answer: rules.versionList,
    problems: [],
  },
  draft: {
    ...person,
    permission: "rules.draft",
    method: "POST",
    path: "/v1/rules/versions",
    summary: "A new version, whole",
    description: "A version is never changed: what is drafted again is another version.",
    body: rules.draftRequest,
    status: 201,
    answer: rules.versionDetail,
    problems: ["BUNDLE_INVALID"],
  },
  show: {
    ...person,
    permission: "rules.read",
    method: "GET",
    path: VERSION,
    summary: "A version with comments, approvals, checks of the guard and activations",
    status: 200,
    answer: rules.versionDetail,
    problems: ["VERSION_UNKNOWN"],
  },
  content: {
    ...person,
    permission: "rules.read",
    method: "GET",
    path: `${VERSION}/content`,
    summary: "The bundle of a version, whole",
    status: 200,
    answer: rules.contentAnswer,
    problems: ["VERSION_UNKNOWN"],
  },
  diff: {
    ...person,
    permission: "rules.read",
    method: "GET",
    path: `${VERSION}/diff`,
    summary: "What a version changes, value by value",
    description: "Against the version of the query `from`, else against the one activated last.",
    status: 200,
    answer: rules.diffAnswer,
    problems: ["VERSION_UNKNOWN", "NOT_TAKEN_OVER"],
  },
  comment: {
    ...person,
    permission: "rules.draft",
    method: "POST",
    path: `${VERSION}/comments`,
    summary: "A comment on a version",
    body: rules.commentRequest,
    status: 201,
    answer: rules.versionDetail,
    problems: ["VERSION_UNKNOWN"],
  },
  withdraw: {
    ...person,
    permission: "rules.draft",
    method: "POST",
    path: `${VERSION}/withdraw`,
    summary: "A version that nobody shall publish any more",
    status: 200,
    answer: rules.versionDetail,
    problems: ["VERSION_UNKNOWN", "VERSION_WITHDRAWN", "VERSION_ACTIVATED"],
  },
  approve: {
    ...person,
    permission: "rules.publish",
    method: "POST",
    path: `${VERSION}/approve`,
    summary: "The second pair of eyes: never the author's",
    status: 200,
    answer: rules.versionDetail,
    problems: ["VERSION_UNKNOWN", "VERSION_WITHDRAWN", "VERSION_ACTIVATED", "OWN_DRAFT", "SAME_PERSON"],
  },
  check: {
    ...person,
    permission: "rules.draft",
    method: "POST",
    path: `${VERSION}/check`,
    summary: "What the guard says of a version now; may take minutes",
    status: 200,
    answer: rules.versionDetail,
    problems: ["VERSION_UNKNOWN", "NOT_TAKEN_OVER"],
  },
  confirm: {
    ...person,
    permission: "rules.publish",
    method: "POST",
    path: `${VERSION}/confirm`,
    summary: "A third person confirms a version in spite of the guard's last objection",
    status: 200,
    answer: rules.versionDetail,
    problems: [
      "VERSION_UNKNOWN",
      "VERSION_WITHDRAWN",
      "VERSION_ACTIVATED",
      "NOT_APPROVED",
      "OWN_DRAFT",
      "SAME_PERSON",
      "NOTHING_TO_CONFIRM",
    ],
  },
  activate: {
    ...person,
    permission: "rules.publish",
    method: "POST",
    path: `${VERSION}/activate`,
    summary: "Publishes a version: an activation in every partition",
    description:
      "The guard is asked where its last word does not hold any more, which may take minutes. The status says how many partitions have answered.",
    body: rules.activateRequest,
    status: 202,
    answer: rules.activationAnswer,
    problems: [
      "VERSION_UNKNOWN",
      "VERSION_WITHDRAWN",
      "VERSION_ACTIVATED",
      "VERSION_OLD",
      "AUTHOR_REVOKED",
      "NOT_APPROVED",
      "GUARD_OBJECTS",
      "ROLLBACK_OUTDATED",
      ...PUBLISHING,
    ],
  },
  shadow: {
    ...person,
    permission: "rules.draft",
    method: "POST",
    path: "/v1/rules/shadow",
    summary: "A draft beside what runs, whose hits are stored and change nothing; or none",
    description: "One person may do this: no answer changes.",
    body: rules.shadowRequest,
    status: 202,
    answer: rules.activationAnswer,
    problems: ["VERSION_UNKNOWN", "VERSION_WITHDRAWN", ...PUBLISHING],
  },
  rollback: {
    ...person,
    permission: "rules.publish",
    method: "POST",
    path: "/v1/rules/rollback",
    summary: "Back to what ran before: the first person asks for it, the second one's asking activates it",
    body: rules.activateRequest,
    status: 202,
    answer: rules.rollbackAnswer,
    problems: ["NOTHING_BEFORE", "OWN_DRAFT", "ROLLBACK_OUTDATED", ...PUBLISHING],
  },
  people: {
    permission: null,
    key: "local",
    method: "GET",
    path: "/v1/people",
    summary: "Who may change rules, those who were revoked too",
    status: 200,
    answer: peopleList,
    problems: [],
  },
  changePeople: {
    permission: null,
    key: "local",
    method: "POST",
    path: "/v1/people",
    summary: "Adds a person, whose key is shown once, or revokes one",
    body: peopleRequest,
    status: 200,
    answer: peopleAnswer,
    problems: ["NAME_INVALID", "PERSON_EXISTS", "PERSON_UNKNOWN"],
  },
} as const satisfies Readonly<Record<string, RulesRoute>>;

export type RulesRouteName = keyof typeof RULES_ROUTES;
