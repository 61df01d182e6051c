/** Raw record → canonical record: tokens for identities, written instants, only what the journal keeps. */

import { canonicalInstant } from "../../schemas/instant.js";
import type {
  CanonicalActivation,
  CanonicalAnswerGiven,
  CanonicalCardStatus,
  CanonicalFeedback,
  CanonicalHeartbeat,
  CanonicalItem,
  CanonicalPersonFact,
  CanonicalPersonLink,
  CanonicalSwipe,
} from "../../schemas/journal.js";
import type {
  RawActivation,
  RawAnswerGiven,
  RawCardStatus,
  RawFeedback,
  RawHeartbeat,
  RawPersonFact,
  RawPersonLink,
  RawSwipe,
} from "../../schemas/raw.js";
import type { DrugList } from "./drug-list.js";
import { cardTailOf, shortHash, type Tokeniser } from "./tokens.js";

/** A record in the making; fields are set in the order in which they are written. */
type Draft = Record<string, unknown>;

export interface CanonicalContext {
  readonly tokens: Tokeniser;
  /** Of the bundle in force at this moment. */
  readonly drugs: Pick<DrugList, "isListed">;
}

export function canonicalSwipeOf(raw: RawSwipe, { tokens, drugs }: CanonicalContext): CanonicalSwipe {
  const draft: Draft = {
    type: raw.type,
    eventId: raw.eventId,
    kind: raw.kind,
    occurredAt: canonicalInstant(raw.occurredAt),
  };
  draft.personKey = tokens.token(raw.personId);
  setCard(draft, tokens, raw.cardNumber);
  draft.credential = raw.credential;
  draft.insuredRegion = raw.insuredRegion;
  draft.careRegion = raw.careRegion;
  draft.institutionId = raw.institutionId;
  draft.institutionKind = raw.institutionKind;
  for (const field of SWIPE_COPIED) set(draft, field, raw[field]);
  if (isGiven(raw.agentId)) draft.agentKey = tokens.token(raw.agentId);
  for (const field of SWIPE_LINKS) set(draft, field, raw[field]);
  if (isGiven(raw.items)) draft.items = raw.items.map((item) => canonicalItemOf(item, drugs));
  return sealed(
    draft,
    raw.receivedAt,
    isGiven(raw.items) ? JSON.stringify(raw.items, withoutNulls) : "",
  ) as CanonicalSwipe;
}

const SWIPE_COPIED = [
  "institutionName",
  "chainId",
  "terminalId",
  "operatorId",
  "visitKind",
  "totalFen",
  "accountFen",
  "fundFen",
  "cashFen",
  "sharedAccountFen",
  "balanceBeforeFen",
  "balanceAfterFen",
  "pin",
  "pinIsDefault",
  "pinIsBirthday",
  "readError",
  "emergency",
  "agentPurchase",
  "externalPrescription",
] as const;

const SWIPE_LINKS = ["originalEventId", "challengeOf", "challengeResult", "longitude", "latitude"] as const;

/** `null` means "not given", in items too. */
function withoutNulls(_key: string, value: unknown): unknown {
  return value === null ? undefined : value;
}

type RawItem = NonNullable<RawSwipe["items"]>[number];

function canonicalItemOf(item: RawItem, drugs: CanonicalContext["drugs"]): CanonicalItem {
  const draft: Draft = {};
  set(draft, "code", item.code);
  set(draft, "amountFen", item.amountFen);
  draft.listed = drugs.isListed(item.code ?? null, item.name ?? null);
  draft.traceHashes = (item.traceCodes ?? []).map(shortHash);
  return draft as CanonicalItem;
}

/** Whose record it is, as the journal names them. */
export interface RecordKeys {
  readonly personKey: string;
  readonly cardKey?: string;
  readonly cardTail?: string;
}

export function canonicalCardStatusOf(raw: RawCardStatus, { tokens }: CanonicalContext): CanonicalCardStatus {
  const { cardNumber } = raw;
  const card = isGiven(cardNumber)
    ? { cardKey: tokens.token(cardNumber), cardTail: cardTailOf(cardNumber) }
    : {};
  return cardStatusOf(raw, { personKey: tokens.token(raw.personId), ...card }, tokens);
}

/** Of a raw record whose numbers are tokens already, and which names no other ones. */
export function canonicalCardStatusOfKeys(
  raw: Omit<RawCardStatus, "personId" | "cardNumber" | "newCardNumber" | "agent">,
  keys: RecordKeys,
): CanonicalCardStatus {
  return cardStatusOf(raw, keys, null);
}

/** @param tokens for other numbers than the person's and the card's; null where there are none. */
function cardStatusOf(
  raw: Omit<RawCardStatus, "personId" | "cardNumber">,
  { personKey, cardKey, cardTail }: RecordKeys,
  tokens: Tokeniser | null,
): CanonicalCardStatus {
  const draft: Draft = { type: raw.type, eventId: raw.eventId, occurredAt: canonicalInstant(raw.occurredAt) };
  draft.personKey = personKey;
  set(draft, "cardKey", cardKey);
  set(draft, "cardTail", cardTail);
  draft.credential = raw.credential ?? (raw.action === "issue-temporary" ? "temporary-card" : "card");
  draft.action = raw.action;
  set(draft, "channel", raw.channel);
  draft.region = raw.region;
  for (const field of STATUS_INSTANTS) setInstant(draft, field, raw[field]);
  if (isGiven(raw.newCardNumber) && tokens !== null) {
    draft.newCardKey = tokens.token(raw.newCardNumber);
    draft.newCardTail = cardTailOf(raw.newCardNumber);
  }
  setInstant(draft, "until", raw.until);
  set(draft, "receiptNo", raw.receiptNo);
  draft.verified = raw.verification?.complete ?? true;
  const agentId = typeof raw.agent === "string" ? raw.agent : raw.agent?.agentId;
  if (isGiven(agentId) && tokens !== null) draft.agentKey = tokens.token(agentId);
  set(draft, "snapshot", raw.snapshot);
  return sealed(draft, raw.receivedAt) as CanonicalCardStatus;
}

const STATUS_INSTANTS = ["reportedAt", "acceptedAt", "effectiveAt", "expiresAt"] as const;

export function canonicalPersonFactOf(raw: RawPersonFact, { tokens }: CanonicalContext): CanonicalPersonFact {
  return canonicalPersonFactOfKey(raw, tokens.token(raw.personId));
}

/** Of a raw record whose person's number is a token already. */
export function canonicalPersonFactOfKey(
  raw: Omit<RawPersonFact, "personId">,
  personKey: string,
): CanonicalPersonFact {
  const draft: Draft = { type: raw.type, eventId: raw.eventId, occurredAt: canonicalInstant(raw.occurredAt) };
  draft.personKey = personKey;
  draft.fact = raw.fact;
  set(draft, "filingKind", raw.filingKind);
  set(draft, "region", raw.region);
  setInstant(draft, "from", raw.from);
  setInstant(draft, "to", raw.to);
  for (const field of ["institutionId", "homeOnly", "dailyFen", "noNight"] as const)
    set(draft, field, raw[field]);
  return sealed(draft, raw.receivedAt) as CanonicalPersonFact;
}

/** It lies under the former number. */
export function canonicalPersonLinkOf(raw: RawPersonLink, { tokens }: CanonicalContext): CanonicalPersonLink {
  const draft: Draft = { type: raw.type, eventId: raw.eventId, occurredAt: canonicalInstant(raw.occurredAt) };
  draft.personKey = tokens.token(raw.formerPersonId);
  draft.toPersonKey = tokens.token(raw.personId);
  return sealed(draft, raw.receivedAt) as CanonicalPersonLink;
}

export function canonicalFeedbackOf(
  raw: RawFeedback & ({ personKey: string } | { personId: string }),
  { tokens }: CanonicalContext,
): CanonicalFeedback {
  const draft: Draft = { type: raw.type, eventId: raw.eventId, occurredAt: canonicalInstant(raw.occurredAt) };
  draft.personKey = isGiven(raw.personKey) ? raw.personKey : tokens.token(raw.personId as string);
  draft.rule = raw.rule;
  draft.verdict = raw.verdict;
  return sealed(draft, raw.receivedAt) as CanonicalFeedback;
}

export function canonicalHeartbeatOf(raw: RawHeartbeat): CanonicalHeartbeat {
  const draft: Draft = { type: raw.type, feedId: raw.feedId, occurredAt: canonicalInstant(raw.occurredAt) };
  setInstant(draft, "receivedAt", raw.receivedAt);
  return draft as CanonicalHeartbeat;
}

export function canonicalAnswerGivenOf(raw: RawAnswerGiven): CanonicalAnswerGiven {
  return { ...raw };
}

export function canonicalActivationOf(raw: RawActivation): CanonicalActivation {
  return { ...raw };
}

/**
 * Adds the content hash, over everything but `receivedAt`, which differs when a message is sent again and is set
 * behind it.
 */
function sealed(draft: Draft, receivedAt: string | null | undefined, more = ""): Draft {
  draft.contentHash = shortHash(JSON.stringify(draft) + more);
  setInstant(draft, "receivedAt", receivedAt);
  return draft;
}

function setCard(draft: Draft, tokens: Tokeniser, cardNumber: string | null | undefined): void {
  if (!isGiven(cardNumber)) return;
  draft.cardKey = tokens.token(cardNumber);
  draft.cardTail = cardTailOf(cardNumber);
}

function setInstant(draft: Draft, field: string, value: string | null | undefined): void {
  if (isGiven(value)) draft[field] = canonicalInstant(value);
}

function set(draft: Draft, field: string, value: unknown): void {
  if (isGiven(value)) draft[field] = value;
}

function isGiven<T>(value: T | null | undefined): value is T {
  return value !== undefined && value !== null;
}
