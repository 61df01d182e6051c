// Shapes of the oracle: raw records as in the public format, the world they are judged in, the outcomes.

export type Action = "approve" | "review" | "challenge" | "reject";
export type Credential =
  | "card"
  | "temporary-card"
  | "e-credential"
  | "identity-document"
  | "interim-certificate";
export type SwipeKind = "authorize" | "settle" | "cancel" | "reverse" | "pin-check" | "query";

export interface RawItem {
  code?: string;
  name?: string;
  count?: number;
  amountFen?: number;
  days?: number;
  traceCodes?: string[];
}

export interface RawSwipe {
  type: "swipe";
  eventId: string;
  kind: SwipeKind;
  occurredAt: string;
  receivedAt?: string;
  personId: string;
  cardNumber?: string;
  credential: Credential;
  insuredRegion: string;
  careRegion: string;
  institutionId: string;
  institutionKind: "pharmacy" | "hospital";
  institutionName?: string;
  chainId?: string;
  terminalId?: string;
  operatorId?: string;
  visitKind?: string;
  totalFen: number;
  accountFen?: number;
  fundFen?: number;
  cashFen?: number;
  sharedAccountFen?: number;
  balanceBeforeFen?: number;
  balanceAfterFen?: number;
  pin?: "ok" | "wrong" | "locked" | "not-required" | "unknown";
  pinIsDefault?: boolean;
  pinIsBirthday?: boolean;
  readError?: boolean;
  emergency?: boolean;
  agentPurchase?: boolean;
  externalPrescription?: boolean;
  agentId?: string;
  originalEventId?: string;
  challengeOf?: string;
  challengeResult?: "passed" | "failed";
  longitude?: number;
  latitude?: number;
  items?: RawItem[];
}

export type StatusAction =
  | "issue"
  | "activate"
  | "report-loss"
  | "confirm-loss"
  | "release"
  | "file-replacement"
  | "replace"
  | "issue-temporary"
  | "cancel"
  | "freeze"
  | "unfreeze"
  | "pin-lock"
  | "pin-unlock"
  | "suspend"
  | "resume"
  | "deceased"
  | "rebind-e-credential";

export interface RawStatus {
  type: "card-status";
  eventId: string;
  occurredAt: string;
  receivedAt?: string;
  personId: string;
  cardNumber?: string;
  credential?: Credential;
  action: StatusAction;
  channel?: string;
  region: string;
  reportedAt?: string;
  acceptedAt?: string;
  effectiveAt?: string;
  expiresAt?: string;
  newCardNumber?: string;
  until?: string;
  receiptNo?: string;
  verification?: { complete: boolean; methods: string[] };
}

export interface RawFact {
  type: "person-fact";
  eventId: string;
  occurredAt: string;
  receivedAt?: string;
  personId: string;
  fact: "filing" | "mutual-aid" | "home-region" | "inpatient" | "limits";
  filingKind?: "long-term" | "temporary" | "emergency";
  region?: string;
  from?: string;
  to?: string;
  institutionId?: string;
  homeOnly?: boolean;
  dailyFen?: number;
  noNight?: boolean;
}

export interface RawHeartbeat {
  type: "heartbeat";
  feedId: string;
  occurredAt: string;
  receivedAt?: string;
}

export interface RawFeedback {
  type: "feedback";
  eventId: string;
  occurredAt: string;
  receivedAt?: string;
  personKey?: string;
  personId?: string;
  rule: string;
  verdict: "honest" | "confirmed";
}

export type RawRecord = RawSwipe | RawStatus | RawFact | RawHeartbeat | RawFeedback;

/** A length of time of a loss policy: hours, calendar days, working days. */
export type Unit = "h" | "cd" | "wd";

export interface PolicyRow {
  id: string;
  region: string;
  credential: Credential;
  channel: string;
  kind: "provisional" | "formal";
  delayMax: [number, Unit] | null;
  validity: [number, number, Unit] | null;
  pendingAction?: Action;
}

export interface RegionSettings {
  pinLockLimit?: number;
  pinUnlock?: "COUNTER" | "AUTO_24H";
  activationDelayCd?: number | null;
  blockECredential?: boolean;
}

export interface OracleWorld {
  policies: { rows: PolicyRow[]; regions: Record<string, RegionSettings> };
  /** Division code of 2, 4 or 6 digits -> [longitude, latitude] of its centre. */
  regions: ReadonlyMap<string, readonly [number, number]>;
  adjacentPairs: ReadonlyArray<readonly [string, string]>;
  calendar: {
    coverage: { from: string; to: string };
    holidays: ReadonlySet<string>;
    makeUpDays: ReadonlySet<string>;
  };
  resaleDrugs: { codes: readonly string[]; names: readonly string[] };
  enabledRules: ReadonlySet<string>;
}

/** A field that is absent is one on which the oracle has no opinion: compare only what is given. */
export interface OracleOutcome {
  outcome: "decision" | "revision" | "transition" | "duplicate" | "refused";
  /** Input line, from 1, of the record that caused this outcome. */
  line: number;
  eventId: string;
  action?: Action;
  rules?: string[];
  floors?: string[];
  reasonActions?: Record<string, Action>;
  causedBy?: string;
  applied?: boolean;
  from?: string;
  to?: string;
  code?: string;
  effectiveAt?: string;
  expiresAtMax?: string | null;
  disputed?: boolean;
  degraded?: boolean;
  clockClamped?: boolean;
}
