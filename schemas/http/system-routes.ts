/** The addresses of `/v1/console/system` and `/v1/console/audit`: one table for the console, its pages and their tests. */
import type { ConsoleApiRoute } from "./console-api.js";
import * as system from "./system.js";

const AUDIT = "/v1/console/audit";
const SYSTEM = "/v1/console/system";
const VERIFICATION = {
  permission: "audit.read",
  path: `${AUDIT}/verification`,
  status: 200,
  answer: system.auditVerification,
} as const;

export const AUDIT_ROUTES = {
  entries: {
    permission: "audit.read",
    method: "GET",
    path: AUDIT,
    summary: "Entries of the audit log by who, what, of what and when; the latest first",
    description: "A page looks at a bounded number of entries: it may hold few or none and go on.",
    key: "either",
    query: {
      actor: "a person's name, or the part of Kadun that acted by itself",
      action: "such as case.assigned; with a point at its end a kind, such as case.",
      subject: "such as case:ID",
      from: "ISO 8601 with +08:00: from then on",
      to: "ISO 8601 with +08:00: before then",
      before: "as the last page said",
    },
    status: 200,
    answer: system.auditFoundAnswer,
    problems: ["QUERY_INVALID"],
  },
  signed: {
    permission: "audit.read",
    method: "GET",
    path: `${AUDIT}/checkpoints`,
    summary: "The latest signed places of the log, each with what its signatures are worth",
    key: "either",
    status: 200,
    answer: system.checkedCheckpointsAnswer,
    problems: [],
  },
  verification: {
    ...VERIFICATION,
    method: "GET",
    summary: "How far the verification of the whole chain is, or what it found",
    key: "either",
    problems: [],
  },
  verify: {
    ...VERIFICATION,
    method: "POST",
    summary: "Begins to verify the whole chain, in the background",
    key: "person",
    problems: ["VERIFYING"],
  },
  cancel: {
    ...VERIFICATION,
    method: "DELETE",
    summary: "Ends the verification that is under way",
    key: "person",
    problems: ["NOT_VERIFYING"],
  },
} as const satisfies Readonly<Record<string, ConsoleApiRoute>>;

export const SYSTEM_ROUTES = {
  system: {
    permission: "system.read",
    method: "GET",
    path: SYSTEM,
    summary: "How Kadun is: processes, lag, feeds, outbox, SMS, proofs, versions",
    key: "either",
    status: 200,
    answer: system.systemAnswer,
    problems: [],
  },
  deadLetters: {
    permission: "system.read",
    method: "GET",
    path: `${SYSTEM}/dead-letters`,
    summary: "Records that were refused: place, source, reason; never their content",
    key: "either",
    query: { from: "as the last page said" },
    status: 200,
    answer: system.deadLettersAnswer,
    problems: ["QUERY_INVALID", "GATEWAY_AWAY"],
  },
  redrive: {
    permission: "system.redrive",
    method: "POST",
    path: `${SYSTEM}/dead-letters/redrive`,
    summary: "Accepts them again after what refused them was corrected; what is refused still stays",
    key: "person",
    status: 200,
    answer: system.redriveAnswer,
    problems: ["GATEWAY_AWAY"],
  },
} as const satisfies Readonly<Record<string, ConsoleApiRoute>>;
