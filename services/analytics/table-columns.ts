/**
 * The columns of the tables that logs are written to, with their types as `schemas/clickhouse/` spells them; a test holds
 * them against the migrated tables.
 */

const TEXT = "String";
/** Of few different values: the engine keeps a dictionary. */
const WORD = "LowCardinality(String)";
const WORDS = "Array(LowCardinality(String))";
const FLAG = "Bool";
const INSTANT = "DateTime64(3, 'Asia/Shanghai')";
const INSTANT_OR_NULL = "Nullable(DateTime64(3, 'Asia/Shanghai'))";
const FEN = "UInt64";
const FEN_OR_NULL = "Nullable(UInt64)";
const DEGREES_OR_NULL = "Nullable(Float64)";
const ACTION = "Enum8('none' = 0, 'approve' = 1, 'review' = 2, 'challenge' = 3, 'reject' = 4)";
const SEVERITY = "Enum8('none' = 0, 'low' = 1, 'medium' = 2, 'high' = 3, 'critical' = 4)";

/** Of swipes, in both tables. */
const SWIPE_COLUMNS = {
  receivedAt: INSTANT_OR_NULL,
  cardKey: TEXT,
  insuredRegion: WORD,
  careRegion: WORD,
  institutionId: TEXT,
  institutionKind: WORD,
  institutionName: TEXT,
  chainId: TEXT,
  terminalId: TEXT,
  operatorId: TEXT,
  visitKind: WORD,
  totalFen: FEN,
  accountFen: FEN_OR_NULL,
  fundFen: FEN_OR_NULL,
  cashFen: FEN_OR_NULL,
  sharedAccountFen: FEN_OR_NULL,
  balanceBeforeFen: FEN_OR_NULL,
  balanceAfterFen: FEN_OR_NULL,
  pin: WORD,
  pinIsDefault: FLAG,
  pinIsBirthday: FLAG,
  readError: FLAG,
  emergency: FLAG,
  agentPurchase: FLAG,
  externalPrescription: FLAG,
  agentKey: TEXT,
  originalEventId: TEXT,
  challengeOf: TEXT,
  challengeResult: WORD,
  longitude: DEGREES_OR_NULL,
  latitude: DEGREES_OR_NULL,
  itemCodes: "Array(String)",
  itemCount: "UInt16",
  listedFen: FEN,
} as const;

export const JOURNAL_COLUMNS = {
  partition: "UInt16",
  logOffset: "UInt64",
  appendedAt: INSTANT,
  type: WORD,
  personKey: TEXT,
  eventId: TEXT,
  occurredAt: INSTANT,
  cardTail: WORD,
  credential: WORD,
  kind: WORD,
  ...SWIPE_COLUMNS,
  statusAction: WORD,
  channel: WORD,
  region: WORD,
  reportedAt: INSTANT_OR_NULL,
  acceptedAt: INSTANT_OR_NULL,
  effectiveAt: INSTANT_OR_NULL,
  expiresAt: INSTANT_OR_NULL,
  untilAt: INSTANT_OR_NULL,
  newCardKey: TEXT,
  verified: FLAG,
  fact: WORD,
  filingKind: WORD,
  fromAt: INSTANT_OR_NULL,
  toAt: INSTANT_OR_NULL,
  rule: WORD,
  verdict: WORD,
  answerAction: ACTION,
  answerReason: WORD,
  feedId: TEXT,
  bundleHash: WORD,
  shadowBundleHash: WORD,
  engineVersion: WORD,
  activationSequence: "UInt32",
  body: TEXT,
} as const satisfies Readonly<Record<string, string>>;

export const OUTCOME_COLUMNS = {
  partition: "UInt16",
  logOffset: "UInt64",
  journalOffset: "UInt64",
  sequence: "UInt32",
  appendedAt: INSTANT,
  type: WORD,
  personKey: TEXT,
  eventId: TEXT,
  cardTail: WORD,
  credential: WORD,
  occurredAt: INSTANT,
  decisionId: TEXT,
  revisionId: TEXT,
  causedBy: TEXT,
  kind: WORD,
  action: ACTION,
  responseCode: WORD,
  code: WORD,
  rules: WORDS,
  shadowRules: WORDS,
  severity: SEVERITY,
  "reasons.rule": WORDS,
  "reasons.version": "Array(UInt32)",
  "reasons.mode": WORDS,
  "reasons.action": WORDS,
  "reasons.severity": WORDS,
  "reasons.code": WORDS,
  "reasons.draft": "Array(Bool)",
  disputed: FLAG,
  degraded: FLAG,
  clockClamped: FLAG,
  bundleHash: WORD,
  shadowBundleHash: WORD,
  engineVersion: WORD,
  activationSequence: "Nullable(UInt32)",
  ...SWIPE_COLUMNS,
  traceKeys: "Array(String)",
  basketKey: TEXT,
  statusAction: WORD,
  stateFrom: WORD,
  stateTo: WORD,
  applied: FLAG,
  policyId: WORD,
  reportedAt: INSTANT_OR_NULL,
  effectiveAt: INSTANT_OR_NULL,
  expiresAtMin: INSTANT_OR_NULL,
  expiresAtMax: INSTANT_OR_NULL,
  calendarUncertain: FLAG,
  body: TEXT,
} as const satisfies Readonly<Record<string, string>>;

export type TableColumns = Readonly<Record<string, string>>;
