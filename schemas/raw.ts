/**
 * Raw records: what settlement networks send (docs/design.md section 5). One object a line in NDJSON.
 * Unknown fields are dropped; `null` means "not given". Compiled once at load: a valid record costs
 * well under a microsecond, an invalid one falls back to the explaining parser.
 */
import * as z from "zod";
import {
  amountFen,
  CHALLENGE_RESULTS,
  CHANNELS,
  credential,
  eventId,
  FACTS,
  type FactKind,
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
  TRACE_CODES_MAX,
  token,
  VERDICTS,
  VERIFICATION_METHODS_MAX,
} from "./fields.js";
import { canonicalActivation, canonicalAnswerGiven, canonicalBootstrap } from "./journal.js";

const item = z.object({
  code: identifier.nullish(),
  name: label.nullish(),
  count: z.number().min(0).nullish(),
  amountFen: amountFen.nullish(),
  days: z.number().min(0).nullish(),
  traceCodes: z.array(identifier).max(TRACE_CODES_MAX).nullish(),
});

export const rawSwipe = z.object({
  type: z.literal("swipe"),
  eventId,
  kind: z.enum(SWIPE_KINDS),
  occurredAt: instant,
  receivedAt: instant.nullish(),
  personId: identifier,
  cardNumber: identifier.nullish(),
  credential,
  insuredRegion: region,
  careRegion: region,
  institutionId: identifier,
  institutionKind: z.enum(INSTITUTION_KINDS),
  institutionName: label.nullish(),
  chainId: identifier.nullish(),
  terminalId: identifier.nullish(),
  operatorId: identifier.nullish(),
  visitKind: identifier.nullish(),
  totalFen: amountFen,
  accountFen: amountFen.nullish(),
  fundFen: amountFen.nullish(),
  cashFen: amountFen.nullish(),
  sharedAccountFen: amountFen.nullish(),
  balanceBeforeFen: amountFen.nullish(),
  balanceAfterFen: amountFen.nullish(),
  pin: z.enum(PIN_RESULTS).nullish(),
  pinIsDefault: z.boolean().nullish(),
  pinIsBirthday: z.boolean().nullish(),
  readError: z.boolean().nullish(),
  emergency: z.boolean().nullish(),
  agentPurchase: z.boolean().nullish(),
  externalPrescription: z.boolean().nullish(),
  agentId: identifier.nullish(),
  originalEventId: eventId.nullish(),
  challengeOf: eventId.nullish(),
  challengeResult: z.enum(CHALLENGE_RESULTS).nullish(),
  longitude: z.number().min(-180).max(180).nullish(),
  latitude: z.number().min(-90).max(90).nullish(),
  items: z.array(item).max(ITEMS_MAX).nullish(),
});

export const rawCardStatus = z.object({
  type: z.literal("card-status"),
  eventId,
  occurredAt: instant,
  receivedAt: instant.nullish(),
  personId: identifier,
  cardNumber: identifier.nullish(),
  credential: credential.nullish(),
  action: z.enum(STATUS_ACTIONS),
  channel: z.enum(CHANNELS).nullish(),
  region,
  reportedAt: instant.nullish(),
  acceptedAt: instant.nullish(),
  effectiveAt: instant.nullish(),
  expiresAt: instant.nullish(),
  newCardNumber: identifier.nullish(),
  until: instant.nullish(),
  receiptNo: identifier.nullish(),
  verification: z
    .object({ complete: z.boolean(), methods: z.array(label).max(VERIFICATION_METHODS_MAX).nullish() })
    .nullish(),
  agent: z.union([identifier, z.object({ agentId: identifier.nullish() })]).nullish(),
  snapshot: z.union([z.boolean(), identifier]).nullish(),
});

/** Facts that would say nothing without these fields, and take the place of one that does (services/ingest/accept.ts). */
export const REQUIRED_BY_FACT: Readonly<Partial<Record<FactKind, readonly ["region"]>>> = {
  filing: ["region"],
  "home-region": ["region"],
};

export const rawPersonFact = z.object({
  type: z.literal("person-fact"),
  eventId,
  occurredAt: instant,
  receivedAt: instant.nullish(),
  personId: identifier,
  fact: z.enum(FACTS),
  filingKind: z.enum(FILING_KINDS).nullish(),
  region: region.nullish().describe("needed by filing and home-region: the place that is filed or lived in"),
  from: instant.nullish(),
  to: instant.nullish(),
  institutionId: identifier.nullish(),
  homeOnly: z.boolean().nullish(),
  dailyFen: amountFen.nullish(),
  noNight: z.boolean().nullish(),
});

/** One person appears under a new number: what is known of the former number is the new one's from here on. */
export const rawPersonLink = z.object({
  type: z.literal("person-link"),
  eventId,
  occurredAt: instant,
  receivedAt: instant.nullish(),
  /** The new number. */
  personId: identifier,
  formerPersonId: identifier,
});

export const rawHeartbeat = z.object({
  type: z.literal("heartbeat"),
  feedId: identifier,
  occurredAt: instant,
  receivedAt: instant.nullish(),
});

export const rawFeedback = z.object({
  type: z.literal("feedback"),
  eventId,
  occurredAt: instant,
  receivedAt: instant.nullish(),
  personKey: token.nullish(),
  personId: identifier.nullish(),
  rule: ruleId,
  verdict: z.enum(VERDICTS),
});

/** Kadun's own records have no raw form of their own. */
export const rawAnswerGiven = canonicalAnswerGiven;
export const rawActivation = canonicalActivation;
export const rawBootstrap = canonicalBootstrap;

export type RawSwipe = z.infer<typeof rawSwipe>;
export type RawCardStatus = z.infer<typeof rawCardStatus>;
export type RawPersonFact = z.infer<typeof rawPersonFact>;
export type RawPersonLink = z.infer<typeof rawPersonLink>;
export type RawHeartbeat = z.infer<typeof rawHeartbeat>;
export type RawFeedback = z.infer<typeof rawFeedback>;
export type RawAnswerGiven = z.infer<typeof rawAnswerGiven>;
export type RawActivation = z.infer<typeof rawActivation>;
export type RawBootstrap = z.infer<typeof rawBootstrap>;
export type RawRecord =
  | RawSwipe
  | RawCardStatus
  | RawPersonFact
  | RawPersonLink
  | RawHeartbeat
  | RawFeedback
  | RawAnswerGiven
  | RawActivation
  | RawBootstrap;

const strict = { strict: true } as const;

/** The compiled schema of each record type. */
export const RAW_SCHEMAS = {
  swipe: z.compile(rawSwipe, strict),
  "card-status": z.compile(rawCardStatus, strict),
  "person-fact": z.compile(rawPersonFact, strict),
  "person-link": z.compile(rawPersonLink, strict),
  heartbeat: z.compile(rawHeartbeat, strict),
  feedback: z.compile(rawFeedback, strict),
  "answer-given": z.compile(rawAnswerGiven, strict),
  activation: z.compile(rawActivation, strict),
  bootstrap: z.compile(rawBootstrap, strict),
} as const;

export type RawType = keyof typeof RAW_SCHEMAS;
