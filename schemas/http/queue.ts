/** The queue of cases: what stands in a row, saved views, and what is done to several cases at once. */
import * as z from "zod";
import { CASE_STATES } from "../case-transitions.js";
import { ACTIONS, instant, SEVERITIES } from "../fields.js";

/** Cases of one page; half a kilobyte each. */
export const QUEUE_PAGE_MAX = 100;
export const QUEUE_PAGE_DEFAULT = 50;
/** Of a count; more is "99+". */
export const QUEUE_COUNT_MAX = 99;
/** Cases of one operation: what fits on a page and can be looked over before it is pressed. */
export const OPERATION_CASES_MAX = 50;
/** Until an operation is done it can be taken back: time to see that it was the wrong key. */
export const OPERATION_WAITS_MS = 10_000;
/** Of one person; a menu longer than this is none. */
export const VIEWS_MAX = 30;
/** Of other people's, the first by name. */
export const SHARED_VIEWS_MAX = 100;
/** A few sentences, a page of text: as of single cases (cases.ts). */
const REASON_LENGTH_MAX = 1_000;
const NOTE_LENGTH_MAX = 4_000;

export const queueItem = z.object({
  caseId: z.string(),
  code: z.string().nullable().describe("by which the cardholder knows it; null where nobody was told"),
  subjectKind: z.string().describe("person, institution, terminal, operator, agent, trace-code, card"),
  subject: z.string().describe("personKey, or the key of what it is about"),
  region: z.string().describe("where it belongs; empty where not known"),
  severity: z.enum(SEVERITIES),
  action: z.enum(ACTIONS).describe("the strongest of its standing alerts"),
  rules: z.array(z.string()).describe("of standing alerts among its latest 100"),
  moneyAtRiskFen: z.number().int(),
  cardTails: z.array(z.string()),
  institutions: z
    .array(
      z.object({ institutionId: z.string(), name: z.string().nullable().describe("null: in no register") }),
    )
    .describe("those of the latest alerts first, at most 5"),
  institutionCount: z.number().int().describe("among its latest 100 alerts"),
  careRegions: z.array(z.string()).describe("at most 5"),
  alerts: z.number().int(),
  standing: z.number().int(),
  isDisputed: z.boolean(),
  isDegraded: z.boolean(),
  openedAt: instant,
  lastAlertAt: instant.nullable(),
  state: z.enum(CASE_STATES),
  assignee: z.string().nullable(),
  version: z.number().int().min(0),
  takeBy: instant.nullable().describe("null: taken, or nothing stands"),
  decideBy: instant.nullable().describe("null: decided, or nothing stands"),
  proposal: z
    .object({ to: z.enum(CASE_STATES), proposedBy: z.string() })
    .nullable()
    .describe("waits for a second person"),
  hasOpenAppeal: z.boolean(),
  isToBePhoned: z.boolean().describe("SMS could not be delivered; somebody has to call"),
  saidNotMine: z.boolean().describe("the holder said of a swipe that it was not theirs"),
});

export const queueAnswer = z.object({
  items: z.array(queueItem),
  after: z.string().nullable().describe("for the next page; null where there is none"),
  searchedTo: z
    .object({ severity: z.enum(SEVERITIES), at: instant })
    .nullable()
    .describe("where the page is not full and the search stopped at its limit: go on with `after`"),
  now: instant.describe("by which clocks are read"),
});

export const queueCountAnswer = z.object({
  count: z.number().int().max(QUEUE_COUNT_MAX),
  isMore: z.boolean().describe("there are, or may be, more: the search ends at its limit"),
});

const viewQuery = z
  .string()
  .max(1_000)
  .regex(/^[\x21-\x7e]*$/, "a query as it stands in an address");
const viewName = z.string().trim().min(1).max(40);
export const queueView = z.object({
  viewId: z.string(),
  owner: z.string(),
  isOwn: z.boolean(),
  name: z.string(),
  query: z.string(),
  isShared: z.boolean(),
});
export const queueViewsAnswer = z.object({ views: z.array(queueView) });
export const queueViewBody = z.strictObject({
  name: viewName.describe("another query under a name of one's own takes its place"),
  query: viewQuery,
  isShared: z.boolean(),
});

const reason = z.string().trim().min(1).max(REASON_LENGTH_MAX);
export const queueCommand = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("assign"),
    assignee: z.string().min(1).max(64).optional().describe("yourself where absent"),
    reason: reason.optional().describe("needed for cases that somebody else has"),
  }),
  z
    .strictObject({ kind: z.literal("triage") })
    .describe("takes those that nobody has, and moves them to triage"),
  z.strictObject({ kind: z.literal("note"), text: z.string().trim().min(1).max(NOTE_LENGTH_MAX) }),
  z
    .strictObject({ kind: z.literal("clear"), reason })
    .describe("proposes 'cleared'; a second person decides"),
]);
export const queueOperationBody = z.strictObject({
  cases: z
    .array(z.strictObject({ caseId: z.string().min(1).max(128), version: z.number().int().min(0) }))
    .min(1)
    .max(OPERATION_CASES_MAX)
    .refine((cases) => new Set(cases.map(({ caseId }) => caseId)).size === cases.length, "each case once")
    .describe("each with the version that was seen"),
  command: queueCommand,
});

export const OPERATION_STATUSES = ["waiting", "running", "done", "taken-back", "expired"] as const;
export const queueOperation = z.object({
  operationId: z.string(),
  command: z.enum(["assign", "triage", "note", "clear"]),
  cases: z.number().int(),
  status: z.enum(OPERATION_STATUSES),
  askedAt: instant,
  runsAt: instant,
  results: z
    .array(
      z.object({
        caseId: z.string(),
        code: z.string().nullable().describe("null: done; else why not, as of a single case"),
        detail: z.string().nullable(),
      }),
    )
    .describe("of those looked at so far"),
});
export const queueOperationsAnswer = z.object({
  operations: z.array(queueOperation),
  now: instant.describe("by which `runsAt` is read"),
});

export type QueueItem = z.infer<typeof queueItem>;
export type QueueAnswer = z.infer<typeof queueAnswer>;
export type QueueCount = z.infer<typeof queueCountAnswer>;
export type QueueView = z.infer<typeof queueView>;
export type QueueViewBody = z.infer<typeof queueViewBody>;
export type QueueCommand = z.infer<typeof queueCommand>;
export type QueueOperation = z.infer<typeof queueOperation>;
export type QueueOperationsAnswer = z.infer<typeof queueOperationsAnswer>;
export type QueueOperationBody = z.infer<typeof queueOperationBody>;
