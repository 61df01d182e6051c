/** The addresses of `/v1/cases` and `/v1/audit`: one table for the console, its OpenAPI document and their tests. */
import type * as z from "zod";
import type { Permission } from "../console/access.js";
import * as cases from "./cases.js";
import type { CasesProblemCode } from "./cases-problem.js";

export interface CasesRoute {
  readonly method: "GET" | "POST";
  /** `{id}` is what lies between two slashes. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  /** Whose key: a person's; a person's or that of the network `local`, which whoever runs the machine has. */
  readonly key: "person" | "either";
  /** Of those who sign in; keys of people without an account may everything. null: the machine only. */
  readonly permission: Permission | null;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: z.ZodType;
  readonly status: 200;
  readonly answer: z.ZodType;
  readonly problems: readonly CasesProblemCode[];
}

const CASE = "/v1/cases/{id}";
const PROPOSAL = `${CASE}/proposals/{proposal}`;
/** Changes answer with the case as it is then. */
const change = { method: "POST", key: "person", status: 200, answer: cases.caseDetail } as const;
const CHANGING: readonly CasesProblemCode[] = ["NOT_FOUND", "CONFLICT", "REBUILDING"];
const DECIDING: readonly CasesProblemCode[] = [...CHANGING, "PROPOSAL_UNKNOWN", "PROPOSAL_EXPIRED"];

export const CASES_ROUTES = {
  list: {
    permission: "cases.read",
    method: "GET",
    path: "/v1/cases",
    summary: "Cases, the latest opened first, some a page",
    description: "A page looks at a bounded number of cases: it may hold few or none and go on.",
    key: "either",
    query: {
      after: "as the last page said",
      state: "only those in this state",
      assignee: "only this person's",
    },
    status: 200,
    answer: cases.casePageAnswer,
    problems: ["BODY_INVALID"],
  },
  show: {
    permission: "cases.read",
    method: "GET",
    path: CASE,
    summary: "A case: its alerts, SMS, work, notes, proposals, history",
    key: "either",
    status: 200,
    answer: cases.caseDetail,
    problems: ["NOT_FOUND"],
  },
  assign: {
    ...change,
    permission: "cases.work",
    path: `${CASE}/assignment`,
    summary: "Takes the case, or gives it to somebody",
    body: cases.assignmentBody,
    problems: [...CHANGING, "PERSON_UNKNOWN", "ASSIGNED_TO_OTHER", "CASE_CLOSED"],
  },
  note: {
    ...change,
    permission: "cases.work",
    path: `${CASE}/notes`,
    summary: "Adds a note, which nobody edits",
    body: cases.noteBody,
    problems: [...CHANGING, "CASE_FULL"],
  },
  strikeNote: {
    ...change,
    permission: "cases.work",
    path: `${CASE}/notes/{note}/strike`,
    summary: "Strikes a note out; it stays readable",
    body: cases.strikeBody,
    problems: [...CHANGING, "NOTE_UNKNOWN"],
  },
  phoned: {
    ...change,
    permission: "cases.work",
    path: `${CASE}/call`,
    summary: "The person was phoned, because SMS do not arrive: ends the task, reached or not",
    description: "Later SMS that do not arrive ask for another call.",
    body: cases.phonedBody,
    problems: [...CHANGING, "NO_CALL_OPEN"],
  },
  move: {
    ...change,
    permission: "cases.work",
    path: `${CASE}/transitions`,
    summary: "Moves the case on, or proposes it where a second person is needed",
    description: "docs/cases.md has the table of states and what each move needs.",
    body: cases.transitionBody,
    problems: [
      ...CHANGING,
      "TRANSITION_UNKNOWN",
      "NOT_ASSIGNED",
      "REASON_MISSING",
      "PROPOSAL_OPEN",
      "APPEAL_OPEN",
      "LATER_CASE",
      "RULES_UNKNOWN",
    ],
  },
  approve: {
    ...change,
    permission: "cases.decide",
    path: `${PROPOSAL}/approval`,
    summary: "The second person agrees: never who proposed it",
    body: cases.approvalBody,
    problems: [...DECIDING, "SAME_PERSON", "PROPOSER_REVOKED", "CASE_GREW", "APPEAL_OPEN", "RULES_UNKNOWN"],
  },
  reject: {
    ...change,
    permission: "cases.decide",
    path: `${PROPOSAL}/rejection`,
    summary: "The proposal is not followed, or taken back",
    body: cases.rejectionBody,
    problems: DECIDING,
  },
  audit: {
    permission: "audit.read",
    method: "GET",
    path: "/v1/audit",
    summary: "Entries of the audit log, in order, some a page",
    key: "either",
    query: { after: "number of the last entry that is known" },
    status: 200,
    answer: cases.auditPageAnswer,
    problems: ["BODY_INVALID"],
  },
  checkpoints: {
    permission: "audit.read",
    method: "GET",
    path: "/v1/audit/checkpoints",
    summary: "Signed places of the audit log",
    key: "either",
    query: { after: "number of the last checkpoint that is known" },
    status: 200,
    answer: cases.auditCheckpointsAnswer,
    problems: ["BODY_INVALID"],
  },
} as const satisfies Readonly<Record<string, CasesRoute>>;

export type CasesRouteName = keyof typeof CASES_ROUTES;
