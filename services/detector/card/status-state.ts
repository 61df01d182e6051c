/** Status records against the transition table: which life they belong to, whether it allows them, what state they show. */

import { STATUS_ACTIONS, type StatusAction } from "../../../schemas/fields.js";
import { NUMBERLESS } from "../person/cards.js";
import { type CardEvent, EventAction } from "../person/events.js";
import { type CardIdentity, isNumberless, replacedSinceMs } from "./card-identity.js";
import { cancelledSinceMs, isInactiveAt, personBlocksAt, pinLockAt } from "./lives.js";
import { foldLossLife, foundLossState, lossStateAt } from "./loss-life.js";
import {
  ACTIVATION_TRANSITIONS,
  isRefusedCell,
  LOSS_TRANSITIONS,
  type LossState,
  PERSON_TRANSITIONS,
  type PersonState,
  PIN_TRANSITIONS,
  type TransitionRefusal,
  VALIDITY_TRANSITIONS,
} from "./transitions.js";

/** Records of one kind are in order among themselves (rules.md 1). */
export type LifeKind = "loss" | "pin" | "activation" | "person";
export type StatusState =
  | LossState
  | "cancelled"
  | "inactive"
  | "pin-locked"
  | "frozen"
  | "suspended"
  | "deceased";

const LIFE_KINDS: Readonly<Record<StatusAction, LifeKind>> = {
  "report-loss": "loss",
  "confirm-loss": "loss",
  release: "loss",
  "file-replacement": "loss",
  replace: "loss",
  cancel: "loss",
  issue: "activation",
  activate: "activation",
  "issue-temporary": "activation",
  "rebind-e-credential": "activation",
  "pin-lock": "pin",
  "pin-unlock": "pin",
  freeze: "person",
  unfreeze: "person",
  suspend: "person",
  resume: "person",
  deceased: "person",
};

export function lifeKindOf(action: number): LifeKind {
  return LIFE_KINDS[STATUS_ACTIONS[action]!];
}

/** Kadun's own events are not status records. */
function isStatusRecord(event: CardEvent): boolean {
  return event.action < STATUS_ACTIONS.length;
}

/** Why none of the cards allows the record, by the table of its life; null where one does. */
export function refusalOf(
  events: readonly CardEvent[],
  cards: readonly CardIdentity[],
  event: CardEvent,
): TransitionRefusal | null {
  const cells = cards.map((card) => cellOf(events, card, event));
  const refusals = cells.filter(isRefusedCell);
  if (refusals.length < cells.length) return null;
  return REFUSALS_GRAVEST_FIRST.find((refusal) => refusals.includes(refusal)) ?? "NO_SUCH_TRANSITION";
}

/** What the table says of the record in the state it finds at its acceptance. */
function cellOf(events: readonly CardEvent[], card: CardIdentity, event: CardEvent): string {
  const action = STATUS_ACTIONS[event.action]!;
  const atMs = event.acceptedAtMs;
  switch (action) {
    case "cancel":
      return VALIDITY_TRANSITIONS[cancelledSinceMs(events, card, atMs) === null ? "valid" : "cancelled"]
        .cancel;
    case "report-loss":
    case "confirm-loss":
    case "file-replacement":
    case "release":
    case "replace":
      return LOSS_TRANSITIONS[foundLossState(events, card, atMs, action)][action];
    case "issue":
    case "activate":
    case "issue-temporary":
    case "rebind-e-credential":
      return ACTIVATION_TRANSITIONS[isInactiveAt(events, card, atMs) ? "inactive" : "active"][action];
    case "pin-lock":
    case "pin-unlock":
      return PIN_TRANSITIONS[pinLockAt(events, card, atMs) === null ? "active" : "pin-locked"][action];
    case "freeze":
    case "unfreeze":
      return PERSON_TRANSITIONS.freeze[
        personBlocksAt(events, atMs).frozenSinceMs === null ? "active" : "frozen"
      ][action];
    case "suspend":
    case "resume":
      return PERSON_TRANSITIONS.suspension[
        personBlocksAt(events, atMs).suspendedSinceMs === null ? "active" : "suspended"
      ][action];
    case "deceased":
      return PERSON_TRANSITIONS.death[
        personBlocksAt(events, atMs).deceasedSinceMs === null ? "active" : "deceased"
      ][action];
  }
}

/** Of several cards' refusals the one that says most is shown. */
const REFUSALS_GRAVEST_FIRST: readonly Exclude<TransitionRefusal, "NOT_VERIFIED">[] = [
  "RELEASE_AFTER_REPLACEMENT",
  "RELEASE_OF_FORMAL",
  "NOTHING_TO_RELEASE",
  "NO_SUCH_TRANSITION",
];

/** Was a later record of the same life, of the same card, accepted before this one arrived? */
export function isOutOfOrder(events: readonly CardEvent[], event: CardEvent, kind: LifeKind): boolean {
  return events.some(
    (other) =>
      isStatusRecord(other) &&
      lifeKindOf(other.action) === kind &&
      other.acceptedAtMs > event.acceptedAtMs &&
      (kind === "person" || sharesCard(other, event)),
  );
}

function sharesCard(a: CardEvent, b: CardEvent): boolean {
  if (a.credential !== b.credential) return false;
  const numberless = NUMBERLESS | a.credential;
  return a.card === b.card || a.card === numberless || b.card === numberless;
}

/** The state that the record's life shows at a moment: of a card, the gravest of its validity, loss and activation. */
export function stateOf(
  events: readonly CardEvent[],
  card: CardIdentity,
  event: CardEvent,
  atMs: number,
): StatusState {
  switch (lifeKindOf(event.action)) {
    case "loss":
    case "activation":
      return cardStateShown(events, card, event, atMs);
    case "pin":
      return pinLockAt(events, card, atMs) === null ? "active" : "pin-locked";
    case "person":
      return personStateShown(events, event, atMs);
  }
}

function cardStateShown(
  events: readonly CardEvent[],
  card: CardIdentity,
  event: CardEvent,
  atMs: number,
): StatusState {
  const isReplaced = !isNumberless(card) && replacedSinceMs(events, card, atMs) !== null;
  if (isReplaced && event.action === EventAction.REPLACE) return "replaced";
  if (cancelledSinceMs(events, card, atMs) !== null) return "cancelled";
  if (isReplaced) return "replaced";
  const state = lossStateAt(foldLossLife(events, card), atMs);
  return state === "active" && isInactiveAt(events, card, atMs) ? "inactive" : state;
}

function personStateShown(events: readonly CardEvent[], event: CardEvent, atMs: number): PersonState {
  const blocks = personBlocksAt(events, atMs);
  switch (event.action) {
    case EventAction.FREEZE:
    case EventAction.UNFREEZE:
      return blocks.frozenSinceMs === null ? "active" : "frozen";
    case EventAction.SUSPEND:
    case EventAction.RESUME:
      return blocks.suspendedSinceMs === null ? "active" : "suspended";
    default:
      return blocks.deceasedSinceMs === null ? "active" : "deceased";
  }
}
