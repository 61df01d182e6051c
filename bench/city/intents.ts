/**
 * An intent is what somebody is about to do; the line writer turns intents, in the order of their time,
 * into raw lines, keeping the person's balance. Settles, their cancels and repeats refer to each other by object.
 */
import type {
  Channel,
  Credential,
  FactKind,
  FILING_KINDS,
  PinResult,
  StatusAction,
  SwipeKind,
} from "../../schemas/fields.js";
import type { Institution } from "./institutions.js";
import type { CityLabel } from "./labels.js";

export interface Item {
  readonly code: string;
  readonly name: string;
  readonly count: number;
  readonly amountFen: number;
  readonly traceCodes: string[];
}

/** A basket before boxes are taken off the shelf: no trace codes yet. */
export type ItemLine = Omit<Item, "traceCodes">;

export interface Payment {
  readonly totalFen: number;
  readonly accountFen: number;
  readonly fundFen: number;
  readonly cashFen: number;
  readonly sharedAccountFen: number;
}

/** Spends shares of the balance found at its first swipe. */
export interface Purse {
  openingFen?: number;
}

/** What became of a swipe: filled in by the line writer. */
export interface SwipeDone {
  readonly eventId: string;
  readonly payment: Payment;
  readonly items: Item[] | undefined;
}

export interface SwipeIntent {
  readonly type: "swipe";
  readonly label: CityLabel;
  /** The true time; the terminal's clock may be ahead of it. */
  readonly atMs: number;
  /** When the line arrives; absent: a moment after it happened. */
  readonly arrivesAtMs?: number;
  readonly kind: SwipeKind;
  readonly credential: Credential;
  readonly cardNumber?: string;
  readonly institution: Institution;
  readonly visitKind?: string;
  readonly amount: number | { readonly purse: Purse; readonly share: number };
  /** Paid by the fund first, 0 to 1. */
  readonly fundShare?: number;
  readonly paidFromSharedAccount?: boolean;
  readonly pin?: PinResult;
  readonly emergency?: boolean;
  readonly agentPurchase?: boolean;
  /** Who buys for the holder. */
  readonly agentId?: string;
  readonly externalPrescription?: boolean;
  /** The authorize of a settle, the settle of a cancel. */
  readonly original?: SwipeIntent;
  /** Takes this swipe's items, trace codes included; else items are drawn. */
  readonly itemsOf?: SwipeIntent;
  /** Always with items; else by the mix. */
  readonly withItems?: boolean;
  /** Takes boxes of exactly these lines. */
  readonly basket?: readonly ItemLine[];
  /** At this till and by this operator; else at any of the institution. */
  readonly terminalId?: string;
  readonly operatorId?: string;
  done?: SwipeDone;
}

interface RecordTimes {
  readonly label: CityLabel;
  readonly atMs: number;
  /** For a snapshot: the time the record itself names, long before it was sent. */
  readonly occurredAtMs?: number;
  readonly arrivesAtMs?: number;
}

export interface StatusIntent extends RecordTimes {
  readonly type: "card-status";
  readonly action: StatusAction;
  readonly channel?: Channel;
  readonly credential?: Credential;
  readonly cardNumber?: string;
  readonly newCardNumber?: string;
  readonly effectiveAtMs?: number;
  readonly untilMs?: number;
}

export interface FactIntent extends RecordTimes {
  readonly type: "person-fact";
  readonly fact: FactKind;
  readonly filingKind?: (typeof FILING_KINDS)[number];
  readonly region?: string;
  readonly institutionId?: string;
  readonly fromMs: number;
  readonly toMs?: number;
  /** The holder's own switches, of the fact `limits`. */
  readonly homeOnly?: boolean;
  readonly dailyFen?: number;
  readonly noNight?: boolean;
}

export type Intent = SwipeIntent | StatusIntent | FactIntent;
