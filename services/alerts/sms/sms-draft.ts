/**
 * Which outcomes are told to the cardholder, and with which words. Pure.
 *
 * A mere `review` is not told: the swipe went through, the office looks at it, and a message would alarm honest people
 * and warn the others. A challenge that only a floor asks for (a feed behind) is not told either.
 */

import { storableText } from "../../../platform/database/database.js";
import type { Severity } from "../../../schemas/fields.js";
import { parseInstantMs } from "../../../schemas/instant.js";
import type {
  DecisionOutcome,
  LoggedOutcome,
  Reason,
  RevisionOutcome,
  TransitionOutcome,
} from "../../../schemas/outcomes.js";
import { SMS_SITUATIONS, type SmsSituation } from "../../../schemas/sms-templates.js";
import type { OutcomePosition } from "../../../schemas/topics.js";
import type { SwipesKnown } from "../alert.js";
import { movesMoney } from "../judged-swipe.js";
import { shortPlace } from "../place-name.js";
import type { JudgedSwipeRow } from "../tables.js";
import { newsKeyOf, severityOf } from "./sms-news.js";
import { amountWords, cardWords, codeWords, endWords, momentWords, type SmsValues } from "./sms-text.js";

export interface PlacedOutcome {
  readonly outcome: LoggedOutcome;
  readonly position: OutcomePosition;
  readonly appendedAtMs: number;
}

export interface SmsDraft {
  /** The same whenever the log is read again: an SMS is made once. */
  readonly smsId: string;
  readonly personKey: string;
  readonly situation: SmsSituation;
  /** The alert it tells of, whose case it names; null where it tells of none. */
  readonly alertId: string | null;
  /** Without the code of the case where it has one: `withCode`. */
  readonly values: SmsValues;
  readonly severity: Severity;
  /** The same for what is one piece of news; null where each is its own. */
  readonly newsKey: string | null;
  readonly eventMs: number;
  /** When Kadun judged it. */
  readonly judgedMs: number;
  /** How long after the event Kadun learnt of it; null where that says nothing. */
  readonly lateMs: number | null;
  readonly position: OutcomePosition;
}

export interface DraftOptions {
  readonly known: SwipesKnown;
  readonly placeOf: (region: string) => string;
}

const LOST_RULES = ["R01", "R03", "R04"];
const PIN_RULES = ["R08", "R09"];
const PERSON_PREFIX_LENGTH = 12;

export function smsDraftOf(placed: PlacedOutcome, options: DraftOptions): SmsDraft | null {
  const { outcome } = placed;
  if (outcome.type === "decision") return ofDecision(outcome, placed, options);
  if (outcome.type === "revision") return ofRevision(outcome, placed, options);
  if (outcome.type === "transition") return ofTransition(outcome, placed);
  return null;
}

function ofDecision(
  decision: DecisionOutcome,
  placed: PlacedOutcome,
  options: DraftOptions,
): SmsDraft | null {
  const situation = situationOf(decision);
  if (situation === null) return null;
  const eventMs = parseInstantMs(decision.occurredAt);
  const { receivedAt } = decision.swipe;
  const learntMs = receivedAt === undefined ? placed.appendedAtMs : parseInstantMs(receivedAt);
  return {
    smsId: situation === "default-pin" ? monthlyId(decision) : `sms-${decision.decisionId}`,
    personKey: decision.personKey,
    situation,
    alertId: namesCase({ situation }) ? storableText(decision.decisionId) : null,
    values: swipeValues(options.known.get(decision.decisionId)!, options),
    severity: situation === "default-pin" ? "low" : severityOf(decision.reasons),
    newsKey: situation === "default-pin" ? null : newsKeyOf(cardOf(decision), decision),
    eventMs,
    judgedMs: placed.appendedAtMs,
    lateMs: learntMs - eventMs,
    position: placed.position,
  };
}

function cardOf({ swipe, cardTail }: DecisionOutcome) {
  return { credential: swipe.credential, cardTail };
}

/** Does its text name the code of the person's case? */
function namesCase({ situation }: Pick<SmsDraft, "situation">): boolean {
  return (SMS_SITUATIONS[situation].required as readonly string[]).includes("codeA");
}

/** @param code K7M2-Q9XW. */
export function withCode(draft: SmsDraft, code: string): SmsDraft {
  return { ...draft, values: { ...draft.values, ...codeWords(code) } };
}

function situationOf(decision: DecisionOutcome): SmsSituation | null {
  const { action, reasons } = decision;
  if (!movesMoney(decision)) {
    const isStopped = action === "challenge" || action === "reject";
    return decision.kind === "pin-check" && isStopped && has(reasons, PIN_RULES) ? "pin-failures" : null;
  }
  switch (action) {
    case "reject":
      return has(reasons, LOST_RULES) ? "lost-card-rejected" : "rejected";
    case "challenge":
      return isOfARule(reasons) ? "challenge" : null;
    case "review":
      return null;
    case "approve":
      return has(reasons, ["R10"]) ? "default-pin" : null;
  }
}

/** A floor (R00) says that Kadun's own news is late, nothing about the card: no phone needs to ring for that. */
function isOfARule(reasons: readonly Reason[]): boolean {
  return reasons.some(
    ({ rule, mode, action }) => mode === "live" && action === "challenge" && rule !== "R00",
  );
}

function has(reasons: readonly Reason[], rules: readonly string[]): boolean {
  return reasons.some(({ rule, mode }) => mode === "live" && rules.includes(rule));
}

/** The nudge to change an initial PIN comes once in a calendar month. */
function monthlyId({ personKey, occurredAt }: DecisionOutcome): string {
  return `sms-default-pin-${personKey}-${occurredAt.slice(0, 7)}`;
}

/** One for all the revisions that one status record causes: it names the first of the swipes. */
function ofRevision(
  revision: RevisionOutcome,
  placed: PlacedOutcome,
  options: DraftOptions,
): SmsDraft | null {
  const swipe = options.known.get(revision.decisionId);
  if (swipe === null || !wentThrough(swipe)) return null;
  const isStopped = revision.action === "challenge" || revision.action === "reject";
  if (!isStopped || !has(revision.reasons, [...LOST_RULES, "R02"])) return null;
  return {
    smsId: `sms-late-hit-${revision.personKey.slice(0, PERSON_PREFIX_LENGTH)}-${revision.causedBy}`,
    personKey: revision.personKey,
    situation: "late-hit",
    alertId: storableText(revision.revisionId),
    values: swipeValues(swipe, options),
    severity: severityOf(revision.reasons),
    newsKey: null,
    eventMs: parseInstantMs(swipe.occurred_at),
    judgedMs: placed.appendedAtMs,
    lateMs: null,
    position: placed.position,
  };
}

function wentThrough({ kind, action }: JudgedSwipeRow): boolean {
  return kind === "settle" && (action === "approve" || action === "review");
}

function swipeValues(swipe: JudgedSwipeRow, { placeOf }: DraftOptions): SmsValues {
  return {
    card: cardWords(swipe.credential, swipe.card_tail),
    ...momentWords(parseInstantMs(swipe.occurred_at)),
    amount: amountWords(swipe.total_fen),
    place: shortPlace(placeOf(swipe.care_region)),
  };
}

/** Only a report that changed something now: late ones fold into the past, where an SMS would confuse. */
function ofTransition(transition: TransitionOutcome, placed: PlacedOutcome): SmsDraft | null {
  const { action, applied, code, personKey, eventId } = transition;
  if (action !== "report-loss" || !applied || code !== null) return null;
  const eventMs = parseInstantMs(transition.reportedAt);
  return {
    smsId: `sms-loss-${personKey.slice(0, PERSON_PREFIX_LENGTH)}-${eventId}`,
    personKey,
    ...lossWords(transition),
    alertId: null,
    severity: "high",
    newsKey: null,
    eventMs,
    judgedMs: placed.appendedAtMs,
    lateMs: isRenewal(transition) ? null : placed.appendedAtMs - eventMs,
    position: placed.position,
  };
}

/** A second report carries the time of the first. */
function isRenewal({ from }: TransitionOutcome): boolean {
  return from === "loss-pending" || from === "provisional";
}

function lossWords(transition: TransitionOutcome): Pick<SmsDraft, "situation" | "values"> {
  const card = cardWords(transition.credential, transition.cardTail);
  if (transition.to === "loss-pending") {
    const begin = momentWords(parseInstantMs(transition.effectiveAt));
    return { situation: "loss-pending", values: { card, ...begin } };
  }
  if (transition.expiresAtMin === null) return { situation: "loss-reported", values: { card } };
  // The earliest end: who acts by then is in time whatever the range.
  const end = endWords(parseInstantMs(transition.expiresAtMin));
  return { situation: "loss-reported-until", values: { card, ...end } };
}
