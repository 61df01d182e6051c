/** `/v1/rules/…`: versions of bundles, who approved them, what is activated. Every call carries a person's key. */
import * as z from "zod";

/** Each pair of eyes reads it; more belongs into a document of its own. */
export const COMMENT_LENGTH_MAX = 2_000;

const version = z.number().int().min(1);
const sequence = z.number().int().min(0);
const bundleHash = z.string().regex(/^[0-9a-f]{64}$/, "64 lower-case hexadecimal digits");
const time = z.string().describe("ISO 8601, +08:00");
const person = z.string();
const comment = z
  .string()
  .trim()
  .min(1, "at least a word: what changes, and why")
  .max(COMMENT_LENGTH_MAX, `at most ${COMMENT_LENGTH_MAX} characters`);

export const draftRequest = z.object({
  content: z.unknown().describe("the whole bundle: ruleset, lossPolicies, calendar, regions, drugs …"),
  comment,
});
export const commentRequest = z.object({ text: comment });
/** `replace`: although the activation before is not answered by every partition. */
export const activateRequest = z.object({ replace: z.boolean().default(false) });
export const shadowRequest = z.object({
  version: version.nullable().describe("null: no draft in shadow any more"),
  replace: z.boolean().default(false),
});

export const VERSION_STATES = ["draft", "approved", "withdrawn", "activating", "running", "retired"] as const;
export const VERSION_ORIGINS = ["draft", "rollback", "breaker", "found"] as const;
export const ACTIVATION_KINDS = ["publish", "rollback", "shadow", "breaker", "found"] as const;
export const ACTIVATION_STATUSES = ["open", "complete", "replaced", "refused"] as const;

export const versionSummary = z.object({
  version,
  bundleHash,
  state: z.enum(VERSION_STATES),
  isInShadow: z.boolean(),
  origin: z.enum(VERSION_ORIGINS),
  madeOf: version.nullable().describe("the version a rollback goes back to, or the breaker changed"),
  author: person,
  createdAt: time,
  comment: z.string(),
});

/** What the guard found out. */
export const checkSummary = z.object({
  result: z.enum(["ok", "objection"]),
  text: z.string(),
  numbers: z.record(z.string(), z.number()),
  againstHash: bundleHash.describe("the bundle that ran then"),
  checkedAt: time,
  confirmedBy: person.nullable(),
  confirmedAt: time.nullable(),
});

export const activationSummary = z.object({
  sequence,
  version,
  bundleHash,
  shadowVersion: version.nullable(),
  kind: z.enum(ACTIVATION_KINDS),
  status: z.enum(ACTIVATION_STATUSES),
  reason: z.string().nullable().describe("why it was refused"),
  publishedBy: z.array(person),
  engineVersion: z.string().nullable().describe("null until the gateway took it"),
  createdAt: time,
  completedAt: time.nullable(),
});

export const versionDetail = z.object({
  ...versionSummary.shape,
  withdrawnBy: person.nullable(),
  comments: z.array(z.object({ author: person, text: z.string(), writtenAt: time })),
  approvals: z.array(
    z.object({ person, approvedAt: time, counts: z.boolean().describe("false: revoked since") }),
  ),
  checks: z.array(checkSummary).describe("the latest first"),
  activations: z.array(activationSummary),
});

const change = z.object({
  path: z.string().describe("such as ruleset.rules.R14.params.limitFen"),
  before: z.unknown().optional().describe("missing: was not there"),
  after: z.unknown().optional().describe("missing: is not there any more"),
});
export const diffAnswer = z.object({
  version,
  against: version,
  isSame: z.boolean(),
  changes: z.array(change),
});

export const partitionAnswer = z.object({
  partition: z.number().int().min(0),
  answer: z.string().nullable().describe("activated, the code of a refusal; null: silent"),
});
export const openActivation = z.object({
  ...activationSummary.shape,
  partitions: z.array(partitionAnswer),
  answered: z.number().int().min(0),
  timesSent: z.number().int().min(0),
  sentAt: time.nullable().describe("null: the gateway has not taken it yet"),
  waitingSeconds: z.number().int().min(0),
  trouble: z.string().nullable().describe("what kept it from being sent the last time"),
});

export const rulesStatus = z.object({
  running: activationSummary.nullable().describe("null: not taken over from the journal yet"),
  shadowVersion: version.nullable(),
  open: openActivation.nullable().describe("the activation that not every partition has answered"),
  lastRefused: activationSummary.nullable().describe("refused after the running one was activated"),
  alarms: z.array(z.string()),
});

/** 202: what goes on from here is in the status. */
export const activationAnswer = z.object({ activation: activationSummary });
/** 202: asked for; somebody else has to ask for the same. */
export const rollbackAnswer = z.object({
  version: versionSummary,
  activation: activationSummary.nullable().describe("null: waits for a second person"),
});
export const versionList = z.object({ versions: z.array(versionSummary).describe("the latest first") });
export const contentAnswer = z.object({ version, bundleHash, content: z.unknown() });

export type VersionState = (typeof VERSION_STATES)[number];
export type VersionOrigin = (typeof VERSION_ORIGINS)[number];
export type ActivationKind = (typeof ACTIVATION_KINDS)[number];
export type ActivationStatus = (typeof ACTIVATION_STATUSES)[number];
export type VersionSummary = z.infer<typeof versionSummary>;
export type VersionDetail = z.infer<typeof versionDetail>;
export type CheckSummary = z.infer<typeof checkSummary>;
export type ActivationSummary = z.infer<typeof activationSummary>;
export type OpenActivation = z.infer<typeof openActivation>;
export type RulesStatus = z.infer<typeof rulesStatus>;
export type Change = z.infer<typeof change>;
export type DiffAnswer = z.infer<typeof diffAnswer>;
export type RollbackAnswer = z.infer<typeof rollbackAnswer>;
