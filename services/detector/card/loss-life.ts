/**
 * The loss life of one card: folded from its events, in order of acceptance (rules.md 1).
 * A late record lies at its place in that order, so it is folded into the past without further ado.
 *
 * An interval is one loss: reported → effective → (expired → lapse) or ended. Open ends are Infinity.
 */

import { STATUS_ACTIONS } from "../../../schemas/fields.js";
import { type CardEvent, EventAction } from "../person/events.js";
import { CLOSED_INTERVALS_MAX } from "../person/layout.js";
import { type CardIdentity, concerns, isNumberless, replacedSinceMs } from "./card-identity.js";
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
  endedByRelease: boolean;
  /** The lapse was ended by a later record: exclusive. */
  lapseEndedAtMs: number;
  /** A challenge was passed in a home city: exclusive, but for the passing swipe itself. */
  lapsePassedAtMs: number;
  readonly credential: number;
  pendingAction: number;
  blocksECredential: boolean;
}

export interface LossLife {
  /** The last closed ones and the open one, oldest first. */
  readonly intervals: readonly LossInterval[];
}

export function foldLossLife(events: readonly CardEvent[], card: CardIdentity): LossLife {
  const fold = new LossFold(card);
  for (const event of events) if (concerns(event, card)) fold.apply(event);
  return fold.life();
}

/** The loss state at a moment, by the intervals' own times. */
export function lossStateAt(life: LossLife, atMs: number): LossState {
  for (let i = life.intervals.length - 1; i >= 0; i--) {
    const state = intervalStateAt(life.intervals[i]!, atMs);
    if (state !== "active") return state;
  }
  return "active";
}

function intervalStateAt(interval: LossInterval, atMs: number): LossState {
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

/**
 * Expired and never cleared up (R03). `byPassing` asks for the swipe whose passed challenge ended the lapse: to it
 * alone the lapse still counts at that moment.
 */
export function isLapsedAt(interval: LossInterval, atMs: number, byPassing = false): boolean {
  const passed = interval.lapsePassedAtMs;
  return (
    atMs >= interval.expiresAtMaxMs &&
    atMs <= interval.expiresAtMaxMs + LAPSE_WATCH_MS &&
    atMs < interval.endedAtMs &&
    atMs < interval.lapseEndedAtMs &&
    (atMs < passed || (byPassing && atMs === passed))
  );
}

class LossFold {
  private readonly intervals: LossInterval[] = [];
  private readonly replacements: CardEvent[] = [];

  constructor(private readonly card: CardIdentity) {}

  life(): LossLife {
    const closed = this.intervals.filter((interval) => isClosed(interval)).slice(-CLOSED_INTERVALS_MAX);
    const kept = this.intervals.filter((interval) => !isClosed(interval) || closed.includes(interval));
    return { intervals: kept };
  }

  /** Events that the state at their time does not allow have no effect on this card. */
  apply(event: CardEvent): void {
    switch (event.action) {
      case EventAction.LAPSE_ENDED:
        this.passLapse(event);
        return;
      case EventAction.REPORT_LOSS:
      case EventAction.CONFIRM_LOSS:
      case EventAction.FILE_REPLACEMENT:
        if (this.allows(event)) this.report(event);
        return;
      case EventAction.RELEASE:
        if (this.allows(event)) this.release(event);
        return;
      case EventAction.REPLACE:
        this.replace(event);
        return;
    }
  }

  private allows(event: CardEvent): boolean {
    const action = STATUS_ACTIONS[event.action] as LossAction;
    return !isRefusedCell(LOSS_TRANSITIONS[this.stateFor(event.acceptedAtMs, action)][action]);
  }

  /**
   * The state an event finds at its acceptance: that of the last interval, unless the card is replaced. A release
   * is refused from the filing of a replacement on, even before that takes effect.
   */
  stateFor(acceptedAtMs: number, action: LossAction): LossState {
    if (!isNumberless(this.card) && replacedSinceMs(this.replacements, this.card, acceptedAtMs) !== null)
      return "replaced";
    const last = this.intervals.at(-1);
    if (last === undefined) return "active";
    if (action === "release" && isReleaseWaiting(last, acceptedAtMs)) return openStateFor(last, acceptedAtMs);
    if (isClosed(last)) return "active";
    const isFiled = last.replacingFromMs !== Number.POSITIVE_INFINITY;
    return action === "release" && isFiled ? "replacing" : openStateFor(last, acceptedAtMs);
  }

  private report(event: CardEvent): void {
    const last = this.intervals.at(-1);
    const isOpen = last !== undefined && !isClosed(last);
    if (isOpen && acceptsMore(last, event.acceptedAtMs)) {
      last.reportedAtMs = Math.min(last.reportedAtMs, event.reportedAtMs);
      last.effectiveAtMs = Math.min(last.effectiveAtMs, event.effectiveAtMs);
      const isFormal = event.formal || last.formalFromMs !== Number.POSITIVE_INFINITY;
      last.expiresAtMinMs = isFormal ? Number.POSITIVE_INFINITY : event.expiresAtMinMs;
      last.expiresAtMaxMs = isFormal ? Number.POSITIVE_INFINITY : event.expiresAtMaxMs;
      last.blocksECredential ||= event.blocksECredential;
      last.pendingAction = event.pendingAction;
      if (event.formal) last.formalFromMs = Math.min(last.formalFromMs, event.effectiveAtMs);
      if (event.action === EventAction.FILE_REPLACEMENT)
        last.replacingFromMs = Math.min(last.replacingFromMs, event.effectiveAtMs);
      this.endWaitingLapse(last.effectiveAtMs);
      return;
    }
    if (isOpen) last.lapseEndedAtMs = event.effectiveAtMs;
    this.intervals.push(newInterval(event));
  }

  /** Of two releases the earlier effect counts. */
  private release(event: CardEvent): void {
    const last = this.intervals.at(-1)!;
    if (isClosed(last)) last.endedAtMs = Math.min(last.endedAtMs, event.effectiveAtMs);
    else this.endOpen(event);
    last.endedByRelease = true;
  }

  /** Ends the open report, and the lapse of an earlier one that would have run until that report's effect. */
  private endOpen(event: CardEvent): void {
    const last = this.intervals.at(-1);
    if (last === undefined || isClosed(last)) return;
    last.endedAtMs = event.effectiveAtMs;
    this.endWaitingLapse(event.effectiveAtMs);
  }

  /** A lapse that runs until the effect of the report after it ends earlier where that report changes. */
  private endWaitingLapse(atMs: number): void {
    const before = this.intervals.at(-2);
    if (before !== undefined) before.lapseEndedAtMs = Math.min(before.lapseEndedAtMs, atMs);
  }

  /** A replacement ends every report of the credential: the new card starts clean, the others are replaced. */
  private replace(event: CardEvent): void {
    this.endOpen(event);
    this.replacements.push(event);
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
    endedByRelease: false,
    lapseEndedAtMs: Number.POSITIVE_INFINITY,
    lapsePassedAtMs: Number.POSITIVE_INFINITY,
    credential: event.credential,
    pendingAction: event.pendingAction,
    blocksECredential: event.blocksECredential,
  };
}

/** Released, but not yet in effect: at this moment the report still stands. */
function isReleaseWaiting(interval: LossInterval, acceptedAtMs: number): boolean {
  return interval.endedByRelease && acceptedAtMs < interval.endedAtMs;
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
  if (acceptedAtMs < interval.effectiveAtMs) return "loss-pending";
  if (acceptedAtMs >= interval.replacingFromMs) return "replacing";
  return acceptedAtMs >= interval.formalFromMs ? "formal" : "provisional";
}

/** The state a new record of the loss life finds at its acceptance. */
export function foundLossState(
  events: readonly CardEvent[],
  card: CardIdentity,
  acceptedAtMs: number,
  action: LossAction,
): LossState {
  const fold = new LossFold(card);
  for (const event of events)
    if (event.acceptedAtMs <= acceptedAtMs && concerns(event, card)) fold.apply(event);
  return fold.stateFor(acceptedAtMs, action);
}
