/** Outcomes: what the judge writes and `kadun replay` prints, one object a line (docs/design.md section 5). */
import * as z from "zod";
import { ACTIONS, credential, eventId, instant, MODES, SEVERITIES, STATUS_ACTIONS, token } from "./fields.js";
import { canonicalSwipe, hop, personState, sha256 } from "./journal.js";

const bundleHash = z.string().regex(/^[0-9a-f]{64}$/);
const action = z.enum(ACTIONS);
const bilingual = z.object({ "zh-CN": z.string(), en: z.string() });

export const reason = z.object({
  rule: z.string(),
  version: z.number().int(),
  mode: z.enum(MODES),
  action,
  severity: z.enum(SEVERITIES),
  /** The terminal response code where the rule has one (B7, A6 …), else the rule's own reason. */
  code: z.string(),
  facts: z.record(z.string(), z.unknown()),
  /** eventIds the finding rests on, as far as the person record still holds them. */
  evidence: z.array(eventId),
  text: bilingual,
  /** Found by the draft in shadow (`shadowBundleHash` of the decision), not by a rule of the bundle in force. */
  draft: z.literal(true).optional(),
});

/** What analysts need of the swipe; tokens only. */
export const outcomeSwipe = canonicalSwipe.omit({
  type: true,
  eventId: true,
  kind: true,
  occurredAt: true,
  personKey: true,
  cardTail: true,
  contentHash: true,
});

export const decision = z.object({
  type: z.literal("decision"),
  decisionId: z.string(),
  eventId,
  personKey: token,
  cardTail: z.string().nullable(),
  kind: canonicalSwipe.shape.kind,
  action,
  reasons: z.array(reason),
  responseCode: z.string(),
  advice: bilingual.nullable(),
  disputed: z.boolean(),
  degraded: z.boolean(),
  clockClamped: z.boolean(),
  bundleHash,
  engineVersion: z.string(),
  occurredAt: instant,
  swipe: outcomeSwipe,
  /** The draft that was asked in shadow beside the bundle in force; absent where none was. */
  shadowBundleHash: bundleHash.optional(),
});

export const revision = z.object({
  type: z.literal("revision"),
  revisionId: z.string(),
  decisionId: z.string(),
  eventId,
  personKey: token,
  cardTail: z.string().nullable(),
  action,
  reasons: z.array(reason),
  causedBy: eventId,
  disputed: z.boolean(),
  bundleHash,
});

export const transition = z.object({
  type: z.literal("transition"),
  eventId,
  personKey: token,
  cardTail: z.string().nullable(),
  credential,
  action: z.enum(STATUS_ACTIONS),
  from: z.string(),
  to: z.string(),
  applied: z.boolean(),
  code: z.string().nullable(),
  policyId: z.string().nullable(),
  reportedAt: instant,
  effectiveAt: instant,
  expiresAtMin: instant.nullable(),
  expiresAtMax: instant.nullable(),
  calendarUncertain: z.boolean(),
  bundleHash,
});

export const duplicate = z.object({
  type: z.literal("duplicate"),
  eventId,
  decisionId: z.string().nullable(),
  action: action.nullable(),
  responseCode: z.string().nullable(),
});

/** A link took effect: from here on everything of this person belongs to `toPersonKey`. */
export const personMoved = z.object({
  type: z.literal("person-moved"),
  eventId,
  personKey: token,
  toPersonKey: token,
  /** Keys that had moved to this one before. */
  formerPersonKeys: z.array(token),
  /** The person record as it goes there, base64. */
  state: personState,
  stateSha256: sha256,
});

/** What was known of a former key is part of this person; revisions of kept swipes follow. */
export const personMerged = z.object({
  type: z.literal("person-merged"),
  /** Of the link. */
  eventId,
  personKey: token,
  formerPersonKey: token,
  /** Entries of either that found no place, by array of the person record; arrays that held all are missing. */
  dropped: z.record(z.string(), z.number().int()),
  bundleHash,
});

/** A record of a key that has moved: judged where it moved to, not here. */
export const forwarded = z.object({
  type: z.literal("forwarded"),
  eventId,
  personKey: token,
  toPersonKey: token,
  /** Of a person-state. */
  hop: hop.optional(),
});

/**
 * A partition goes by this activation: from this record on, or (the same activation again) since before. Only in the
 * decisions log, for whoever published it (docs/decisions/0010); `kadun replay` does not print it.
 */
export const activated = z.object({
  type: z.literal("activated"),
  sequence: z.number().int().min(0),
  bundleHash,
  shadowBundleHash: bundleHash.nullable(),
  engineVersion: z.string(),
});

/**
 * A journal record that changed nothing because the judge refused it. Only in the decisions log, so that every journal
 * record of a person is answered for; `kadun replay` names it on standard error instead.
 */
export const refused = z.object({
  type: z.literal("refused"),
  eventId: eventId.nullable(),
  personKey: token.nullable(),
  code: z.enum([
    "EVENT_ID_REUSED",
    "LINK_CYCLE",
    "CARRIED_BEFORE",
    /** Of an activation: the partition goes by a later one. */
    "ACTIVATION_SUPERSEDED",
    /** Of an activation: the partition goes by another of the same sequence. */
    "ACTIVATION_CONFLICT",
    /** Of an activation in a replay: what it names is not at hand. A detector stops instead. */
    "BUNDLE_UNKNOWN",
    "ENGINE_UNKNOWN",
  ]),
  /** Of an activation. */
  sequence: z.number().int().min(0).optional(),
});

export type Bilingual = z.infer<typeof bilingual>;
export type Reason = z.infer<typeof reason>;
export type DecisionOutcome = z.infer<typeof decision>;
export type RevisionOutcome = z.infer<typeof revision>;
export type TransitionOutcome = z.infer<typeof transition>;
export type DuplicateOutcome = z.infer<typeof duplicate>;
export type PersonMovedOutcome = z.infer<typeof personMoved>;
export type PersonMergedOutcome = z.infer<typeof personMerged>;
export type ForwardedOutcome = z.infer<typeof forwarded>;
export type Outcome =
  | DecisionOutcome
  | RevisionOutcome
  | TransitionOutcome
  | DuplicateOutcome
  | PersonMovedOutcome
  | PersonMergedOutcome
  | ForwardedOutcome;
export type ActivatedOutcome = z.infer<typeof activated>;
export type RefusedOutcome = z.infer<typeof refused>;
/** What the decisions log holds. */
export type LoggedOutcome = Outcome | ActivatedOutcome | RefusedOutcome;

export const OUTCOME_SCHEMAS = {
  decision,
  revision,
  transition,
  duplicate,
  "person-moved": personMoved,
  "person-merged": personMerged,
  forwarded,
  activated,
  refused,
} as const;
