/**
 * Applied card-status records, sorted by acceptance (ties by arrival): what card states are folded from
 * (card/loss-life.ts, lives.ts). Sorting is what folds a late record into the past (rules.md 1).
 *
 * Entry: u8 action, u8 card reference, u8 credential, u8 flags, u32 region, f64 acceptedAt, f64 reportedAt,
 * f64 effectiveAt, f64 expiresAtMin, f64 expiresAtMax (or `until`), u32 new card key 0, u32 new card key 1, 8 spare.
 * Open ends are Infinity.
 *
 * When full (48), the oldest event whose removal changes no card's present state is dropped, else the oldest
 * (card/add-event.ts).
 */

import { STATUS_ACTIONS } from "../../../schemas/fields.js";
import { CARD_FORGOTTEN } from "./cards.js";
import { Entries } from "./entries.js";
import { BYTES_EVENT, EVENTS_MAX, Section } from "./layout.js";
import type { PersonRecord } from "./person-record.js";

/** Positions in STATUS_ACTIONS; the last two are Kadun's own. */
export const EventAction = {
  ISSUE: STATUS_ACTIONS.indexOf("issue"),
  ACTIVATE: STATUS_ACTIONS.indexOf("activate"),
  REPORT_LOSS: STATUS_ACTIONS.indexOf("report-loss"),
  CONFIRM_LOSS: STATUS_ACTIONS.indexOf("confirm-loss"),
  RELEASE: STATUS_ACTIONS.indexOf("release"),
  FILE_REPLACEMENT: STATUS_ACTIONS.indexOf("file-replacement"),
  REPLACE: STATUS_ACTIONS.indexOf("replace"),
  ISSUE_TEMPORARY: STATUS_ACTIONS.indexOf("issue-temporary"),
  CANCEL: STATUS_ACTIONS.indexOf("cancel"),
  FREEZE: STATUS_ACTIONS.indexOf("freeze"),
  UNFREEZE: STATUS_ACTIONS.indexOf("unfreeze"),
  PIN_LOCK: STATUS_ACTIONS.indexOf("pin-lock"),
  PIN_UNLOCK: STATUS_ACTIONS.indexOf("pin-unlock"),
  SUSPEND: STATUS_ACTIONS.indexOf("suspend"),
  RESUME: STATUS_ACTIONS.indexOf("resume"),
  DECEASED: STATUS_ACTIONS.indexOf("deceased"),
  REBIND: STATUS_ACTIONS.indexOf("rebind-e-credential"),
  /** R08 counted enough wrong PINs. */
  PIN_LOCKED_BY_COUNT: 100,
  /** A challenge of R03 was passed in a home city: the lapse is over. */
  LAPSE_ENDED: 101,
} as const;

export interface CardEvent {
  readonly action: number;
  readonly card: number;
  readonly credential: number;
  /** Does the selected policy row make it a formal loss? */
  readonly formal: boolean;
  readonly blocksECredential: boolean;
  /** Action (rank) while the report is pending. */
  readonly pendingAction: number;
  readonly region: number;
  readonly acceptedAtMs: number;
  readonly reportedAtMs: number;
  readonly effectiveAtMs: number;
  readonly expiresAtMinMs: number;
  readonly expiresAtMaxMs: number;
  /** Key of the new card; both zero where it is the next number first seen. */
  readonly newKey0: number;
  readonly newKey1: number;
}

const FORMAL = 1;
const BLOCKS_E_CREDENTIAL = 2;
const NEW_CARD_KNOWN = 4;

export class CardEvents extends Entries {
  constructor(record: PersonRecord) {
    super(record, Section.EVENTS, BYTES_EVENT, EVENTS_MAX);
  }

  isFull(): boolean {
    return this.count() === EVENTS_MAX;
  }

  read(index: number): CardEvent {
    const { view } = this.record;
    const entry = this.absolute(index);
    const flags = view.getUint8(entry + 3);
    return {
      action: view.getUint8(entry),
      card: view.getUint8(entry + 1),
      credential: view.getUint8(entry + 2),
      formal: (flags & FORMAL) !== 0,
      blocksECredential: (flags & BLOCKS_E_CREDENTIAL) !== 0,
      pendingAction: flags >> 4,
      region: view.getUint32(entry + 4, true),
      acceptedAtMs: view.getFloat64(entry + 8, true),
      reportedAtMs: view.getFloat64(entry + 16, true),
      effectiveAtMs: view.getFloat64(entry + 24, true),
      expiresAtMinMs: view.getFloat64(entry + 32, true),
      expiresAtMaxMs: view.getFloat64(entry + 40, true),
      newKey0: view.getUint32(entry + 48, true),
      newKey1: view.getUint32(entry + 52, true),
    };
  }

  all(): CardEvent[] {
    const events: CardEvent[] = [];
    for (let index = 0; index < this.count(); index++) events.push(this.read(index));
    return events;
  }

  /** Inserts behind all events accepted at the same time or earlier. There must be room. */
  add(event: CardEvent): void {
    let index = this.count();
    while (index > 0 && this.acceptedAt(index - 1) > event.acceptedAtMs) index--;
    const entry = this.insert(index);
    const { view } = this.record;
    const known = event.newKey0 !== 0 || event.newKey1 !== 0;
    view.setUint8(entry, event.action);
    view.setUint8(entry + 1, event.card);
    view.setUint8(entry + 2, event.credential);
    view.setUint8(
      entry + 3,
      (event.formal ? FORMAL : 0) |
        (event.blocksECredential ? BLOCKS_E_CREDENTIAL : 0) |
        (known ? NEW_CARD_KNOWN : 0) |
        (event.pendingAction << 4),
    );
    view.setUint32(entry + 4, event.region, true);
    view.setFloat64(entry + 8, event.acceptedAtMs, true);
    view.setFloat64(entry + 16, event.reportedAtMs, true);
    view.setFloat64(entry + 24, event.effectiveAtMs, true);
    view.setFloat64(entry + 32, event.expiresAtMinMs, true);
    view.setFloat64(entry + 40, event.expiresAtMaxMs, true);
    view.setUint32(entry + 48, event.newKey0, true);
    view.setUint32(entry + 52, event.newKey1, true);
  }

  /** A replacement without a number gets the next number first seen. */
  setNewCard(index: number, key0: number, key1: number): void {
    const entry = this.absolute(index);
    const { view } = this.record;
    view.setUint8(entry + 3, view.getUint8(entry + 3) | NEW_CARD_KNOWN);
    view.setUint32(entry + 48, key0, true);
    view.setUint32(entry + 52, key1, true);
  }

  awaitsNewCard(index: number): boolean {
    const { view } = this.record;
    const entry = this.absolute(index);
    return view.getUint8(entry) === EventAction.REPLACE && (view.getUint8(entry + 3) & NEW_CARD_KNOWN) === 0;
  }

  /** Events of a forgotten card number go with it, but replacements, which concern every number of the credential. */
  forgetCard(card: number): void {
    const { view } = this.record;
    for (let index = this.count() - 1; index >= 0; index--) {
      const entry = this.absolute(index);
      if (view.getUint8(entry + 1) !== card) continue;
      if (view.getUint8(entry) === EventAction.REPLACE) view.setUint8(entry + 1, CARD_FORGOTTEN);
      else this.remove(index);
    }
  }

  private acceptedAt(index: number): number {
    return this.record.view.getFloat64(this.absolute(index) + 8, true);
  }
}
