/** A card-status record: which times the policy gives it, whether its state allows it, and what it leaves behind. */

import { ACTIONS, CREDENTIALS, STATUS_ACTIONS } from "../../schemas/fields.js";
import { parseInstantMs } from "../../schemas/instant.js";
import type { CanonicalCardStatus } from "../../schemas/journal.js";
import type { DetectorBundle } from "./bundle.js";
import { addEvent } from "./card/add-event.js";
import { type CardIdentity, isNumberless, replacedSinceMs } from "./card/card-identity.js";
import { temporaryCardEndMs } from "./card/lives.js";
import { foldLossLife } from "./card/loss-life.js";
import { type LossTimes, lossTimes, type SelectedPolicy } from "./card/loss-policy.js";
import { cardsOf, numberlessCard } from "./card/person-loss.js";
import { isOutOfOrder, lifeKindOf, refusalOf, type StatusState, stateOf } from "./card/status-state.js";
import type { TransitionRefusal } from "./card/transitions.js";
import { type CardNumber, NUMBERLESS } from "./person/cards.js";
import { type CardEvent, EventAction } from "./person/events.js";
import type { Person } from "./person/person.js";
import { packRegion } from "./place/region.js";

export interface Transition {
  readonly applied: boolean;
  readonly code: TransitionRefusal | "OUT_OF_ORDER" | null;
  readonly from: StatusState;
  readonly to: StatusState;
  readonly policyId: string | null;
  readonly reportedAtMs: number;
  readonly effectiveAtMs: number;
  readonly expiresAtMinMs: number | null;
  readonly expiresAtMaxMs: number | null;
  readonly calendarUncertain: boolean;
  /** From when on kept swipes are judged anew. */
  readonly rejudgeFromMs: number;
}

/** Times and terms of a status record, fixed when it is applied (rules.md 1). */
interface Terms {
  readonly reportedAtMs: number;
  readonly acceptedAtMs: number;
  readonly effectiveAtMs: number;
  readonly expiresAtMinMs: number | null;
  readonly expiresAtMaxMs: number | null;
  readonly calendarUncertain: boolean;
  readonly policy: SelectedPolicy | null;
}

/** Applies a record to the person; `card` is its number's index or the credential without a number. */
export function applyStatus(
  person: Person,
  record: CanonicalCardStatus,
  bundle: DetectorBundle,
  card: number,
): Transition {
  const terms = termsOf(record, bundle);
  const event = eventOf(record, terms, bundle, card);
  const kind = lifeKindOf(event.action);
  const before = person.events.all();
  const targets = targetsOf(person, event, before);
  const refusal = record.verified ? refusalOf(before, targets, event) : "NOT_VERIFIED";
  const late = isOutOfOrder(before, event, kind);
  const subject = subjectOf(targets, before, event);
  const from = stateOf(before, subject, event, event.acceptedAtMs);
  if (refusal !== null)
    // Nothing lapses by a record that changes nothing.
    return { ...shown(terms), ...NO_EXPIRY, applied: false, code: refusal, from, to: from };
  addEvent(person, event);
  const after = person.events.all();
  const to =
    event.action === EventAction.REPLACE && isNumberless(subject)
      ? "replaced" // what became of the card that the new one stands for
      : stateOf(after, subject, event, stateMomentOf(event));
  const inForce = late ? {} : timesInForce(after, subject, event);
  return { ...shown(terms), ...inForce, applied: true, code: late ? "OUT_OF_ORDER" : null, from, to };
}

function shown(terms: Terms) {
  return {
    policyId: terms.policy?.policyId ?? null,
    reportedAtMs: terms.reportedAtMs,
    effectiveAtMs: Number.isFinite(terms.effectiveAtMs) ? terms.effectiveAtMs : terms.acceptedAtMs,
    expiresAtMinMs: terms.expiresAtMinMs,
    expiresAtMaxMs: terms.expiresAtMaxMs,
    calendarUncertain: terms.calendarUncertain,
    rejudgeFromMs: Math.min(terms.reportedAtMs, terms.effectiveAtMs),
  };
}

/** Of a report that joined an open one: the earliest times stay, and a formal one does not lapse. */
function timesInForce(after: readonly CardEvent[], subject: CardIdentity, event: CardEvent) {
  const interval = foldLossLife(after, subject).intervals.at(-1);
  if (event.action !== EventAction.REPORT_LOSS || interval === undefined) return {};
  const lapses = Number.isFinite(interval.expiresAtMaxMs);
  return {
    reportedAtMs: interval.reportedAtMs,
    effectiveAtMs: interval.effectiveAtMs,
    expiresAtMinMs: lapses ? interval.expiresAtMinMs : null,
    expiresAtMaxMs: lapses ? interval.expiresAtMaxMs : null,
  };
}

// times ------------------------------------------------------------------------------------------------

function termsOf(record: CanonicalCardStatus, bundle: DetectorBundle): Terms {
  const reportedAtMs = instantOf(record.reportedAt) ?? parseInstantMs(record.occurredAt);
  const acceptedAtMs = instantOf(record.acceptedAt) ?? reportedAtMs;
  const policy = policyOf(record, bundle);
  if (policy !== null) return lossTermsOf(record, bundle, policy, { reportedAtMs, acceptedAtMs });
  const effectiveAtMs = instantOf(record.effectiveAt) ?? defaultEffect(record, bundle, acceptedAtMs);
  return {
    reportedAtMs,
    acceptedAtMs,
    effectiveAtMs,
    expiresAtMinMs: null,
    expiresAtMaxMs: null,
    calendarUncertain: false,
    policy: null,
  };
}

function policyOf(record: CanonicalCardStatus, bundle: DetectorBundle): SelectedPolicy | null {
  const { action, region, credential, channel } = record;
  if (action !== "report-loss" && action !== "confirm-loss" && action !== "file-replacement") return null;
  return bundle.policies.selectPolicy({ region, credential, channel, action });
}

function lossTermsOf(
  record: CanonicalCardStatus,
  bundle: DetectorBundle,
  policy: SelectedPolicy,
  moments: { reportedAtMs: number; acceptedAtMs: number },
): Terms {
  const times = lossTimes(policy, moments, bundle.calendar);
  const given = { effectiveAtMs: instantOf(record.effectiveAt), expiresAtMs: instantOf(record.expiresAt) };
  const lapses = policy.kind === "provisional" && LAPSING.includes(record.credential);
  const expiry = lapses ? expiryOf(times, given.expiresAtMs) : NO_EXPIRY;
  const isByPolicy = given.effectiveAtMs === null || (lapses && given.expiresAtMs === null);
  return {
    ...moments,
    ...expiry,
    effectiveAtMs: given.effectiveAtMs ?? times.effectiveAtMs,
    calendarUncertain: isByPolicy && times.calendarUncertain,
    policy,
  };
}

/** A lost temporary card or identity document stays blocked or watched until its release or replacement. */
const LAPSING: readonly string[] = ["card", "e-credential"];

const NO_EXPIRY = { expiresAtMinMs: null, expiresAtMaxMs: null };

function expiryOf(times: LossTimes, givenMs: number | null) {
  if (givenMs !== null) return { expiresAtMinMs: givenMs, expiresAtMaxMs: givenMs };
  return { expiresAtMinMs: times.expiresAtMinMs, expiresAtMaxMs: times.expiresAtMaxMs };
}

/** An issued card waits for its activation, or the region's days; everything else takes effect when accepted. */
function defaultEffect(record: CanonicalCardStatus, bundle: DetectorBundle, acceptedAtMs: number): number {
  if (record.action !== "issue") return acceptedAtMs;
  const { activationDelayCd } = bundle.policies.regionSettings(record.region);
  if (activationDelayCd === null) return Number.POSITIVE_INFINITY;
  return bundle.calendar.endOfCalendarDays(acceptedAtMs, activationDelayCd);
}

function instantOf(text: string | undefined): number | null {
  return text === undefined ? null : parseInstantMs(text);
}

// the event --------------------------------------------------------------------------------------------

function eventOf(record: CanonicalCardStatus, terms: Terms, bundle: DetectorBundle, card: number): CardEvent {
  const { policy } = terms;
  return {
    action: STATUS_ACTIONS.indexOf(record.action),
    card,
    credential: CREDENTIALS.indexOf(record.credential),
    formal: policy?.kind === "formal",
    blocksECredential: policy !== null && bundle.policies.regionSettings(record.region).blockECredential,
    pendingAction: policy === null ? 0 : ACTIONS.indexOf(policy.pendingAction),
    region: packRegion(record.region),
    acceptedAtMs: terms.acceptedAtMs,
    reportedAtMs: terms.reportedAtMs,
    effectiveAtMs: terms.effectiveAtMs,
    expiresAtMinMs: terms.expiresAtMinMs ?? Number.POSITIVE_INFINITY,
    expiresAtMaxMs: endOf(record, terms),
    newKey0: keyPart(record.newCardKey, 0),
    newKey1: keyPart(record.newCardKey, 8),
  };
}

/** Expiry of a report, `until` of everything that ends by itself. */
function endOf(record: CanonicalCardStatus, terms: Terms): number {
  if (terms.policy !== null) return terms.expiresAtMaxMs ?? Number.POSITIVE_INFINITY;
  const untilMs = instantOf(record.until);
  if (record.action === "issue-temporary") return untilMs ?? temporaryCardEndMs(terms.acceptedAtMs);
  return untilMs ?? Number.POSITIVE_INFINITY;
}

function keyPart(key: string | undefined, from: number): number {
  return key === undefined ? 0 : Number.parseInt(key.slice(from, from + 8), 16);
}

// whom it concerns -------------------------------------------------------------------------------------

/** The cards the record names: one number, or without a number all of the credential that are not replaced. */
function targetsOf(person: Person, event: CardEvent, before: readonly CardEvent[]): CardIdentity[] {
  const all = cardsOf(person, event.credential);
  if (event.card !== (NUMBERLESS | event.credential)) return all.filter((card) => card.card === event.card);
  return all.filter(
    (card) => replacedSinceMs(before, card, event.acceptedAtMs) === null || isNumberless(card),
  );
}

/** The card whose states the transition shows: the first that allows the record, else the first. */
function subjectOf(targets: readonly CardIdentity[], before: readonly CardEvent[], event: CardEvent) {
  const allowing = targets.find((card) => refusalOf(before, [card], event) === null);
  return allowing ?? targets[0] ?? numberlessCard(event.credential);
}

const LATER_OF_BOTH: readonly number[] = [
  EventAction.REPLACE,
  EventAction.RELEASE,
  EventAction.ACTIVATE,
  EventAction.CONFIRM_LOSS,
  EventAction.CANCEL,
  EventAction.FILE_REPLACEMENT,
];

/** `to` is the state at acceptance, or at the later effect of what acts only then. */
function stateMomentOf(event: CardEvent): number {
  return LATER_OF_BOTH.includes(event.action)
    ? Math.max(event.acceptedAtMs, event.effectiveAtMs)
    : event.acceptedAtMs;
}

/** The number a record names, or null. */
export function cardNumberOf(record: CanonicalCardStatus): CardNumber | null {
  if (record.cardKey === undefined) return null;
  return {
    cardKey0: keyPart(record.cardKey, 0),
    cardKey1: keyPart(record.cardKey, 8),
    cardTail: record.cardTail ?? "",
  };
}
