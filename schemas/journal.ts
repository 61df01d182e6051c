/**
 * Canonical records: what the journal holds and the judge reads. Identities are tokens, instants are
 * written as `+08:00` with milliseconds, absent fields are absent. Field order is the order below.
 */
import * as z from "zod";
import {
  ACTIONS,
  amountFen,
  CHALLENGE_RESULTS,
  CHANNELS,
  credential,
  eventId,
  FACTS,
  FILING_KINDS,
  INSTITUTION_KINDS,
  ITEMS_MAX,
  identifier,
  instant,
  label,
  PIN_RESULTS,
  region,
  ruleId,
  STATUS_ACTIONS,
  SWIPE_KINDS,
  sha256,
  TRACE_CODES_MAX,
  token,
  VERDICTS,
} from "./fields.js";

/** First 8 bytes of a SHA-256 over the record without `receivedAt`: tells a repeat from a reused eventId. */
const contentHash = z.string().regex(/^[0-9a-f]{16}$/, "16 lower-case hexadecimal digits");
const cardTail = z.string().max(4);

/** What the journal keeps of a purchased item; `listed` is fixed at ingest by the drug list of that time. */
export const canonicalItem = z.object({
  code: identifier.optional(),
  amountFen: amountFen.optional(),
  listed: z.boolean(),
  traceHashes: z.array(contentHash).max(TRACE_CODES_MAX),
});

export const canonicalSwipe = z.object({
  type: z.literal("swipe"),
  eventId,
  kind: z.enum(SWIPE_KINDS),
  occurredAt: instant,
  receivedAt: instant.optional(),
  personKey: token,
  cardKey: token.optional(),
  cardTail: cardTail.optional(),
  credential,
  insuredRegion: region,
  careRegion: region,
  institutionId: identifier,
  institutionKind: z.enum(INSTITUTION_KINDS),
  institutionName: label.optional(),
  chainId: identifier.optional(),
  terminalId: identifier.optional(),
  operatorId: identifier.optional(),
  visitKind: identifier.optional(),
  totalFen: amountFen,
  accountFen: amountFen.optional(),
  fundFen: amountFen.optional(),
  cashFen: amountFen.optional(),
  sharedAccountFen: amountFen.optional(),
  balanceBeforeFen: amountFen.optional(),
  balanceAfterFen: amountFen.optional(),
  pin: z.enum(PIN_RESULTS).optional(),
  pinIsDefault: z.boolean().optional(),
  pinIsBirthday: z.boolean().optional(),
  readError: z.boolean().optional(),
  emergency: z.boolean().optional(),
  agentPurchase: z.boolean().optional(),
  externalPrescription: z.boolean().optional(),
  agentKey: token.optional(),
  originalEventId: eventId.optional(),
  challengeOf: eventId.optional(),
  challengeResult: z.enum(CHALLENGE_RESULTS).optional(),
  longitude: z.number().optional(),
  latitude: z.number().optional(),
  items: z.array(canonicalItem).max(ITEMS_MAX).optional(),
  contentHash,
});

export const canonicalCardStatus = z.object({
  type: z.literal("card-status"),
  eventId,
  occurredAt: instant,
  receivedAt: instant.optional(),
  personKey: token,
  cardKey: token.optional(),
  cardTail: cardTail.optional(),
  credential,
  action: z.enum(STATUS_ACTIONS),
  channel: z.enum(CHANNELS).optional(),
  region,
  reportedAt: instant.optional(),
  acceptedAt: instant.optional(),
  effectiveAt: instant.optional(),
  expiresAt: instant.optional(),
  newCardKey: token.optional(),
  newCardTail: cardTail.optional(),
  until: instant.optional(),
  receiptNo: identifier.optional(),
  verified: z.boolean(),
  agentKey: token.optional(),
  snapshot: z.union([z.boolean(), identifier]).optional(),
  contentHash,
});

export const canonicalPersonFact = z.object({
  type: z.literal("person-fact"),
  eventId,
  occurredAt: instant,
  receivedAt: instant.optional(),
  personKey: token,
  fact: z.enum(FACTS),
  filingKind: z.enum(FILING_KINDS).optional(),
  region: region.optional(),
  from: instant.optional(),
  to: instant.optional(),
  institutionId: identifier.optional(),
  homeOnly: z.boolean().optional(),
  dailyFen: amountFen.optional(),
  noNight: z.boolean().optional(),
  contentHash,
});

/** The person is another from here on (docs/decisions/0009). `personKey` is the former one, in whose partition it lies. */
export const canonicalPersonLink = z.object({
  type: z.literal("person-link"),
  eventId,
  occurredAt: instant,
  receivedAt: instant.optional(),
  personKey: token,
  toPersonKey: token,
  contentHash,
});

export const canonicalFeedback = z.object({
  type: z.literal("feedback"),
  eventId,
  occurredAt: instant,
  receivedAt: instant.optional(),
  personKey: token,
  rule: ruleId,
  verdict: z.enum(VERDICTS),
  contentHash,
});

/** Where a record was judged as moved on: the sender's key and the offset in the journal partition of that key. */
const sentFrom = { fromPersonKey: token, fromOffset: z.number().int().min(0) };

/** A person record of 32 KiB in base64. */
const STATE_LENGTH_MAX = Math.ceil((1 << 15) / 3) * 4;
export const personState = z.base64().max(STATE_LENGTH_MAX);
export { sha256 };

/** Keys that a state remembers to have come through; a ring of more is opened at the hop limit. */
export const PASSED_MAX = 64;
/** A state that comes home after so many hops opens its ring in any case. Ten persons need less than 100. */
export const STATE_HOPS_MAX = 1_000;

/** How a state was sent on by a key that has moved: which link it went by, how often that key's own state had come home. */
export const hop = z.object({ link: z.number().int().min(0), returns: z.number().int().min(0) });

/** What was known of a former key, on its way into the record of the key it was linked to. */
export const canonicalPersonState = z.object({
  type: z.literal("person-state"),
  /** Of the link. */
  eventId,
  occurredAt: instant,
  personKey: token,
  formerPersonKey: token,
  ...sentFrom,
  /** Keys it came through, each as at the last time; at most PASSED_MAX. */
  passed: z.array(hop.extend({ personKey: token })).max(PASSED_MAX),
  /** All since it was at home last were passed before, on the same links. */
  isSamePath: z.boolean(),
  /** Smallest since then, its own included, of the keys whose own state came home meanwhile. */
  smallestKey: token,
  hops: z.number().int().min(0),
  /** The person record, base64; it says nothing of any log. */
  state: personState,
  stateSha256: sha256,
});

/** A record of a key that has moved, sent on to where it moved: judged there, as that person's. */
export const canonicalCarried = z.object({
  type: z.literal("carried"),
  /** Of the record. */
  eventId,
  personKey: token,
  ...sentFrom,
  record: z.discriminatedUnion("type", [
    canonicalSwipe,
    canonicalCardStatus,
    canonicalPersonFact,
    canonicalPersonLink,
    canonicalFeedback,
  ]),
});

export const canonicalHeartbeat = z.object({
  type: z.literal("heartbeat"),
  feedId: identifier,
  occurredAt: instant,
  receivedAt: instant.optional(),
});

export const canonicalAnswerGiven = z.object({
  type: z.literal("answer-given"),
  personKey: token,
  eventId,
  action: z.enum(ACTIONS),
  reason: label,
});

/** Author, approver, and who confirmed what the guard objected to. */
export const PUBLISHERS_MAX = 3;

/** From here on the partition is judged by this bundle and engine (docs/decisions/0010). */
export const canonicalActivation = z.object({
  type: z.literal("activation"),
  /** Grows with each; a partition takes a higher one than it goes by. */
  sequence: z.number().int().min(0),
  bundleHash: sha256,
  /** A draft asked beside it, whose hits change nothing; none where absent. */
  shadowBundleHash: sha256.optional(),
  engineVersion: z.string().min(1).max(32),
  publishedBy: z.array(label).max(PUBLISHERS_MAX),
});

/**
 * From here on the partition knows the state of every card: a snapshot of all known losses was imported, or somebody
 * said that there is none to wait for. Until then answers are marked as degraded.
 */
export const canonicalBootstrap = z.object({
  type: z.literal("bootstrap"),
  source: z.enum(["snapshot", "cold-start"]),
  occurredAt: instant,
  /** Which snapshot, its records counted; null for a cold start. */
  snapshot: identifier.nullable(),
  records: z.number().int().min(0),
});

export type CanonicalItem = z.infer<typeof canonicalItem>;
export type CanonicalSwipe = z.infer<typeof canonicalSwipe>;
export type CanonicalCardStatus = z.infer<typeof canonicalCardStatus>;
export type CanonicalPersonFact = z.infer<typeof canonicalPersonFact>;
export type CanonicalFeedback = z.infer<typeof canonicalFeedback>;
export type CanonicalPersonLink = z.infer<typeof canonicalPersonLink>;
export type Hop = z.infer<typeof hop>;
export type CanonicalPersonState = z.infer<typeof canonicalPersonState>;
export type CanonicalCarried = z.infer<typeof canonicalCarried>;
export type CanonicalHeartbeat = z.infer<typeof canonicalHeartbeat>;
export type CanonicalAnswerGiven = z.infer<typeof canonicalAnswerGiven>;
export type CanonicalActivation = z.infer<typeof canonicalActivation>;
export type CanonicalBootstrap = z.infer<typeof canonicalBootstrap>;
/** Records about one person; the others concern the whole partition. */
export type PersonRecordEvent =
  | CanonicalSwipe
  | CanonicalCardStatus
  | CanonicalPersonFact
  | CanonicalFeedback
  | CanonicalAnswerGiven;
/** Records by which a person moves from one key to another. */
export type PersonMoveEvent = CanonicalPersonLink | CanonicalPersonState | CanonicalCarried;
/** Records about the whole partition: appended to each. */
export type PartitionRecordEvent = CanonicalHeartbeat | CanonicalActivation | CanonicalBootstrap;
export type JournalRecord = PersonRecordEvent | PersonMoveEvent | PartitionRecordEvent;

const strict = { strict: true } as const;

/** The compiled schema of each journal record type: parse once when a record enters the judge. */
export const JOURNAL_SCHEMAS = {
  swipe: z.compile(canonicalSwipe, strict),
  "card-status": z.compile(canonicalCardStatus, strict),
  "person-fact": z.compile(canonicalPersonFact, strict),
  "person-link": z.compile(canonicalPersonLink, strict),
  "person-state": z.compile(canonicalPersonState, strict),
  carried: z.compile(canonicalCarried, strict),
  feedback: z.compile(canonicalFeedback, strict),
  heartbeat: z.compile(canonicalHeartbeat, strict),
  "answer-given": z.compile(canonicalAnswerGiven, strict),
  activation: z.compile(canonicalActivation, strict),
  bootstrap: z.compile(canonicalBootstrap, strict),
} as const;
