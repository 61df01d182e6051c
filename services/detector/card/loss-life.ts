/**
 * The loss life of one card: folded from its events, in order of acceptance (rules.md 1).
 * A late record lies at its place in that order, so it is folded into the past without further ado.
 *
 * An interval is one loss: reported → effective → (expired → lapse) or ended. Open ends are Infinity.
 */

import { STATUS_ACTIONS } from "../../../schemas/fields.js";
import { NUMBERLESS, UNSEEN } from "../person/cards.js";
import { type CardEvent, EventAction } from "../person/events.js";
import { CLOSED_INTERVALS_MAX } from "../person/layout.js";
import { isRefusedCell, LOSS_TRANSITIONS, type LossAction, type LossState } from "./transitions.js";

/** A lapse is watched so long (rules.md 1). */
export const LAPSE_WATCH_MS = 365 * 86_400_000;

export interface LossInterval {
  reportedAtMs: number;
  effectiveAtMs: number;
  /** From here on the loss is formal. */
  formalFromMs: number;
  /** From here on a replacement is filed. */
  replacingFromMs: number;
  expiresAtMinMs: number;
  /** Blocked until here; then lapsed. */
  expiresAtMaxMs: number;
  /** Released, replaced: exclusive. */
  endedAtMs: number;
  /** The lapse was ended by a later record: exclusive. */
  lapseEndedAtMs: number;
  /** A challenge was passed in a home city: the last moment of the lapse. */
  lapsePassedAtMs: number;
  readonly credential: number;
  pendingAction: number;
  blocksECredential: boolean;
}

export interface LossLife {
  /** The last closed ones and the open one, oldest first. */
  readonly intervals: readonly LossInterval[];
  /** The card was replaced by another from here on (Infinity: it was not). */
  readonly replacedAtMs: number;
  readonly cancelledAtMs: number;
}

/** Which card a life is asked for. */
export interface CardIdentity {
  readonly credential: number;
  /** Index of a number, `UNSEEN`, or `NUMBERLESS | credential`. */
  readonly card: number;
  readonly key0: number;
  readonly key1: number;
}

/** Does the event concern this card? Records without a number concern all cards of the credential. */
export function concerns(event: CardEvent, card: CardIdentity): boolean {
  if (event.credential !== card.credential) return false;
  if (event.card === (NUMBERLESS | event.credential) || event.action === EventAction.REPLACE) return true;
  return event.card === card.card && card.card !== UNSEEN;
}

export function foldLossLife(events: readonly CardEvent[], card: CardIdentity): LossLife {
  const fold = new LossFold(card);
  for (const event of events) if (concerns(event, card)) fold.apply(event);
  return fold.life();
}

/** The loss state at a moment, by the intervals' own times. */
export function lossStateAt(life: LossLife, atMs: number): LossState {
  if (life.cancelledAtMs <= atMs) return "cancelled";
  if (life.replacedAtMs <= atMs) return "replaced";
  for (let i = life.intervals.length - 1; i >= 0; i--) {
    const state = intervalStateAt(life.intervals[i]!, atMs);
    if (state !== "active") return state;
  }
  return "active";
}

export function intervalStateAt(interval: LossInterval, atMs: number): LossState {
  if (atMs < Math.min(interval.reportedAtMs, interval.effectiveAtMs) || atMs >= interval.endedAtMs)
    return "active";
  if (isLapsedAt(interval, atMs)) return "lapsed";
  if (atMs >= interval.expiresAtMaxMs) return "active";
  if (atMs < interval.effectiveAtMs) return "loss-pending";
  if (atMs >= interval.replacingFromMs) return "replacing";
  return atMs >= interval.formalFromMs ? "formal" : "provisional";
}

/** Is the interval's loss in effect (R01)? */
export function isEffectiveAt(interval: LossInterval, atMs: number): boolean {
  return interval.effectiveAtMs <= atMs && atMs < interval.endedAtMs && atMs < interval.expiresAtMaxMs;
}

/** Reported, not yet in effect (R02). */
export function isPendingAt(interval: LossInterval, atMs: number): boolean {
  return interval.reportedAtMs <= atMs && atMs < interval.effectiveAtMs && atMs < interval.endedAtMs;
}

/** Expired and never cleared up (R03). */
export function isLapsedAt(interval: LossInterval, atMs: number): boolean {
  return (
    atMs >= interval.expiresAtMaxMs &&
    atMs <= interval.expiresAtMaxMs + LAPSE_WATCH_MS &&
    atMs < interval.endedAtMs &&
    atMs < interval.lapseEndedAtMs &&
    atMs <= interval.lapsePassedAtMs
  );
}

class LossFold {
  private readonly intervals: LossInterval[] = [];
  private replacedAtMs = Number.POSITIVE_INFINITY;
  private cancelledAtMs = Number.POSITIVE_INFINITY;

  constructor(private readonly card: CardIdentity) {}

  life(): LossLife {
    const closed = this.intervals.filter((interval) => isClosed(interval)).slice(-CLOSED_INTERVALS_MAX);
    const kept = this.intervals.filter((interval) => !isClosed(interval) || closed.includes(interval));
    return { intervals: kept, replacedAtMs: this.replacedAtMs, cancelledAtMs: this.cancelledAtMs };
  }

  /** Events that the state at their time does not allow have no effect on this card. */
  apply(event: CardEvent): void {
    switch (event.action) {
      case EventAction.ISSUE:
        if (event.card === this.card.card) this.cancelledAtMs = Number.POSITIVE_INFINITY;
        return;
      case EventAction.LAPSE_ENDED:
        this.passLapse(event);
        return;
      case EventAction.REPORT_LOSS:
      case EventAction.CONFIRM_LOSS:
      case EventAction.FILE_REPLACEMENT:
        if (this.allows(event)) this.report(event);
        return;
      case EventAction.RELEASE:
        if (this.allows(event)) this.endOpen(event);
        return;
      case EventAction.REPLACE:
        this.replace(event);
        return;
      case EventAction.CANCEL:
        if (this.allows(event)) this.cancelledAtMs = event.effectiveAtMs;
        return;
    }
  }

  private allows(event: CardEvent): boolean {
    const action = STATUS_ACTIONS[event.action] as LossAction;
    return !isRefusedCell(LOSS_TRANSITIONS[this.stateFor(event.acceptedAtMs)][action]);
  }

  /**
   * The state an event finds: that of the last interval, where a formal report counts as formal from its
   * acceptance on, and cancelled and replaced likewise.
   */
  private stateFor(acceptedAtMs: number): LossState {
    if (this.cancelledAtMs !== Number.POSITIVE_INFINITY) return "cancelled";
    if (this.replacedAtMs !== Number.POSITIVE_INFINITY) return "replaced";
    const last = this.intervals.at(-1);
    if (last === undefined || isClosed(last)) return "active";
    return openStateFor(last, acceptedAtMs);
  }

  private report(event: CardEvent): void {
    const last = this.intervals.at(-1);
    const isOpen = last !== undefined && !isClosed(last);
    if (isOpen && acceptsMore(last, event.acceptedAtMs)) {
      last.reportedAtMs = Math.min(last.reportedAtMs, event.reportedAtMs);
      last.effectiveAtMs = Math.min(last.effectiveAtMs, event.effectiveAtMs);
      last.expiresAtMinMs = event.expiresAtMinMs;
      last.expiresAtMaxMs = event.expiresAtMaxMs;
      last.blocksECredential ||= event.blocksECredential;
      last.pendingAction = event.pendingAction;
      if (event.formal) last.formalFromMs = Math.min(last.formalFromMs, event.effectiveAtMs);
      if (event.action === EventAction.FILE_REPLACEMENT) last.replacingFromMs = event.effectiveAtMs;
      return;
    }
    if (isOpen) last.lapseEndedAtMs = event.effectiveAtMs;
    this.intervals.push(newInterval(event));
  }

  private endOpen(event: CardEvent): void {
    const last = this.intervals.at(-1);
    if (last !== undefined && !isClosed(last)) last.endedAtMs = event.effectiveAtMs;
  }

  /** The new number starts a life of its own; all others of the credential end theirs. */
  private replace(event: CardEvent): void {
    const isNumbered = this.card.card !== (NUMBERLESS | this.card.credential);
    const isNew = isNumbered && event.newKey0 === this.card.key0 && event.newKey1 === this.card.key1;
    this.endOpen(event);
    if (isNew) {
      this.replacedAtMs = Number.POSITIVE_INFINITY;
      this.cancelledAtMs = Number.POSITIVE_INFINITY;
    } else if (isNumbered) this.replacedAtMs = Math.min(this.replacedAtMs, event.effectiveAtMs);
  }

  private passLapse(event: CardEvent): void {
    const last = this.intervals.at(-1);
    if (last !== undefined && isLapsedAt(last, event.acceptedAtMs)) last.lapsePassedAtMs = event.acceptedAtMs;
  }
}

function newInterval(event: CardEvent): LossInterval {
  return {
    reportedAtMs: event.reportedAtMs,
    effectiveAtMs: event.effectiveAtMs,
    formalFromMs: event.formal ? event.effectiveAtMs : Number.POSITIVE_INFINITY,
    replacingFromMs:
      event.action === EventAction.FILE_REPLACEMENT ? event.effectiveAtMs : Number.POSITIVE_INFINITY,
    expiresAtMinMs: event.expiresAtMinMs,
    expiresAtMaxMs: event.expiresAtMaxMs,
    endedAtMs: Number.POSITIVE_INFINITY,
    lapseEndedAtMs: Number.POSITIVE_INFINITY,
    lapsePassedAtMs: Number.POSITIVE_INFINITY,
    credential: event.credential,
    pendingAction: event.pendingAction,
    blocksECredential: event.blocksECredential,
  };
}

function isClosed(interval: LossInterval): boolean {
  return (
    interval.endedAtMs !== Number.POSITIVE_INFINITY ||
    interval.lapseEndedAtMs !== Number.POSITIVE_INFINITY ||
    interval.lapsePassedAtMs !== Number.POSITIVE_INFINITY
  );
}

/** Still open at the acceptance of another report: pending, provisional or formal, not lapsed. */
function acceptsMore(interval: LossInterval, acceptedAtMs: number): boolean {
  return acceptedAtMs < interval.expiresAtMaxMs;
}

function openStateFor(interval: LossInterval, acceptedAtMs: number): LossState {
  if (!acceptsMore(interval, acceptedAtMs)) return isLapsedAt(interval, acceptedAtMs) ? "lapsed" : "active";
  if (interval.replacingFromMs !== Number.POSITIVE_INFINITY) return "replacing";
  if (acceptedAtMs < interval.effectiveAtMs) return "loss-pending";
  return acceptedAtMs >= interval.formalFromMs ? "formal" : "provisional";
}

/** The state a new record of the loss life finds at its acceptance. */
export function foundLossState(
  events: readonly CardEvent[],
  card: CardIdentity,
  acceptedAtMs: number,
): LossState {
  const earlier = events.filter((event) => event.acceptedAtMs <= acceptedAtMs);
  const fold = foldLossLife(earlier, card);
  if (fold.cancelledAtMs !== Number.POSITIVE_INFINITY) return "cancelled";
  if (fold.replacedAtMs !== Number.POSITIVE_INFINITY) return "replaced";
  const last = fold.intervals.at(-1);
  return last === undefined || isClosed(last) ? "active" : openStateFor(last, acceptedAtMs);
}
