/**
 * The allowed transitions of card states: one table, used by the judge, the console and the docs
 * (rules.md 1, docs/design.md section 8). A cell is the state an action leads to, or why it is refused.
 *
 * Seven lives run side by side: the loss of a card, its validity, its activation, its PIN, and three blocks of the person.
 */

export type LossState =
  | "active"
  | "loss-pending"
  | "provisional"
  | "lapsed"
  | "formal"
  | "replacing"
  | "replaced";
export type LossAction = "report-loss" | "confirm-loss" | "file-replacement" | "release" | "replace";

export type TransitionRefusal =
  | "NO_SUCH_TRANSITION"
  | "NOTHING_TO_RELEASE"
  | "RELEASE_OF_FORMAL"
  | "RELEASE_AFTER_REPLACEMENT"
  | "NOT_VERIFIED";

/** `reported` is loss-pending or provisional until the effect, then provisional or formal by the policy row. */
export type LossTarget = "reported" | "formal" | "replacing" | "active" | "replaced";
export type LossCell = LossTarget | TransitionRefusal;

export const LOSS_TRANSITIONS = {
  active: {
    "report-loss": "reported",
    "confirm-loss": "formal",
    "file-replacement": "replacing",
    release: "NOTHING_TO_RELEASE",
    replace: "replaced",
  },
  "loss-pending": {
    "report-loss": "reported",
    "confirm-loss": "formal",
    "file-replacement": "replacing",
    release: "active",
    replace: "replaced",
  },
  provisional: {
    "report-loss": "reported",
    "confirm-loss": "formal",
    "file-replacement": "replacing",
    release: "active",
    replace: "replaced",
  },
  lapsed: {
    "report-loss": "reported",
    "confirm-loss": "formal",
    "file-replacement": "replacing",
    release: "active",
    replace: "replaced",
  },
  formal: {
    "report-loss": "NO_SUCH_TRANSITION",
    "confirm-loss": "formal",
    "file-replacement": "replacing",
    release: "RELEASE_OF_FORMAL",
    replace: "replaced",
  },
  replacing: {
    "report-loss": "NO_SUCH_TRANSITION",
    "confirm-loss": "replacing",
    "file-replacement": "replacing",
    release: "RELEASE_AFTER_REPLACEMENT",
    replace: "replaced",
  },
  replaced: {
    "report-loss": "NO_SUCH_TRANSITION",
    "confirm-loss": "NO_SUCH_TRANSITION",
    "file-replacement": "NO_SUCH_TRANSITION",
    release: "RELEASE_AFTER_REPLACEMENT",
    replace: "replaced",
  },
} as const satisfies Record<LossState, Record<LossAction, LossCell>>;

/** Where `reported` ends: by its effect, and by the kind of the policy row. */
export const REPORTED_IS = {
  "loss-pending": "reported, not yet in effect",
  provisional: "in effect by a provisional row",
  formal: "in effect by a formal row",
} as const satisfies Partial<Record<LossState, string>>;

/** What changes a loss without a status record. The fold reads the moments of the interval; this table is what docs and tests name. */
export interface LossPassage {
  readonly from: LossState;
  readonly to: LossState;
  readonly by: "effect" | "expiry" | "challenge-passed-at-home" | "lapse-over";
}
export const LOSS_PASSAGES: readonly LossPassage[] = [
  { from: "loss-pending", to: "provisional", by: "effect" },
  { from: "loss-pending", to: "formal", by: "effect" },
  { from: "loss-pending", to: "replacing", by: "effect" },
  { from: "provisional", to: "lapsed", by: "expiry" },
  { from: "lapsed", to: "active", by: "challenge-passed-at-home" },
  { from: "lapsed", to: "active", by: "lapse-over" },
];

export type ValidityState = "valid" | "cancelled";
/** A cancelled number stays cancelled. */
export const VALIDITY_TRANSITIONS = {
  valid: { cancel: "cancelled" },
  cancelled: { cancel: "cancelled" },
} as const satisfies Record<ValidityState, Record<"cancel", ValidityState | TransitionRefusal>>;

export type ActivationState = "inactive" | "active";
export type ActivationAction = "issue" | "activate" | "issue-temporary" | "rebind-e-credential";
/** Issued again, a card starts inactive again; an activation also ends an interim certificate. */
export const ACTIVATION_TRANSITIONS = {
  inactive: {
    issue: "inactive",
    activate: "active",
    "issue-temporary": "inactive",
    "rebind-e-credential": "inactive",
  },
  active: {
    issue: "inactive",
    activate: "active",
    "issue-temporary": "active",
    "rebind-e-credential": "active",
  },
} as const satisfies Record<ActivationState, Record<ActivationAction, ActivationState | TransitionRefusal>>;

export type PinAction = "pin-lock" | "pin-unlock";
export type PinState = "active" | "pin-locked";
/** An unlock of a card that is not locked ends the count of wrong PINs. */
export const PIN_TRANSITIONS = {
  active: { "pin-lock": "pin-locked", "pin-unlock": "active" },
  "pin-locked": { "pin-lock": "pin-locked", "pin-unlock": "active" },
} as const satisfies Record<PinState, Record<PinAction, PinState | TransitionRefusal>>;

export type PersonState = "active" | "frozen" | "suspended" | "deceased";
export type PersonAction = "freeze" | "unfreeze" | "suspend" | "resume" | "deceased";
/** The blocks are independent of each other: a life each. Nothing ends `deceased`. */
export const PERSON_TRANSITIONS = {
  freeze: {
    active: { freeze: "frozen", unfreeze: "active" },
    frozen: { freeze: "frozen", unfreeze: "active" },
  },
  suspension: {
    active: { suspend: "suspended", resume: "active" },
    suspended: { suspend: "suspended", resume: "active" },
  },
  death: {
    active: { deceased: "deceased" },
    deceased: { deceased: "deceased" },
  },
} as const satisfies Record<
  string,
  Partial<Record<PersonState, Partial<Record<PersonAction, PersonState | TransitionRefusal>>>>
>;

/** Refusals are written in capitals. */
export function isRefusedCell(cell: string): cell is TransitionRefusal {
  return cell === cell.toUpperCase();
}
