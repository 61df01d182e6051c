/** Field shapes shared by every raw record (docs/design.md section 5). Limits carry their reason. */
import * as z from "zod";

/** 30 characters is the national msgid; 64 leaves room for a gateway's prefix. */
export const EVENT_ID_LENGTH_MAX = 64;
/** Identifiers of the national platform are at most 100 characters (dev_no). */
export const IDENTIFIER_LENGTH_MAX = 128;
export const NAME_LENGTH_MAX = 256;
/** 2^47 fen: far above any settlement, and what six bytes of a person record can hold with room for "missing". */
export const AMOUNT_FEN_MAX = 2 ** 47;
export const ITEMS_MAX = 500;
export const TRACE_CODES_MAX = 500;
export const VERIFICATION_METHODS_MAX = 16;

export const CREDENTIALS = [
  "card",
  "temporary-card",
  "e-credential",
  "identity-document",
  "interim-certificate",
] as const;
export const SWIPE_KINDS = ["authorize", "settle", "cancel", "reverse", "pin-check", "query"] as const;
export const INSTITUTION_KINDS = ["pharmacy", "hospital"] as const;
export const PIN_RESULTS = ["ok", "wrong", "locked", "not-required", "unknown"] as const;
export const CHALLENGE_RESULTS = ["passed", "failed"] as const;
export const CHANNELS = [
  "phone",
  "app",
  "web",
  "counter",
  "kiosk",
  "pharmacy",
  "hospital",
  "employer",
  "bank",
] as const;
export const STATUS_ACTIONS = [
  "issue",
  "activate",
  "report-loss",
  "confirm-loss",
  "release",
  "file-replacement",
  "replace",
  "issue-temporary",
  "cancel",
  "freeze",
  "unfreeze",
  "pin-lock",
  "pin-unlock",
  "suspend",
  "resume",
  "deceased",
  "rebind-e-credential",
] as const;
export const FACTS = ["filing", "mutual-aid", "home-region", "inpatient", "limits"] as const;
export const FILING_KINDS = ["long-term", "temporary", "emergency"] as const;
export const VERDICTS = ["honest", "confirmed"] as const;
/** Strongest last: the position is the rank. */
export const ACTIONS = ["approve", "review", "challenge", "reject"] as const;
export const SEVERITIES = ["low", "medium", "high", "critical"] as const;
export const MODES = ["live", "shadow", "off"] as const;

export type Credential = (typeof CREDENTIALS)[number];
export type SwipeKind = (typeof SWIPE_KINDS)[number];
export type InstitutionKind = (typeof INSTITUTION_KINDS)[number];
export type PinResult = (typeof PIN_RESULTS)[number];
export type Channel = (typeof CHANNELS)[number];
export type StatusAction = (typeof STATUS_ACTIONS)[number];
export type FactKind = (typeof FACTS)[number];
export type Action = (typeof ACTIONS)[number];
export type Severity = (typeof SEVERITIES)[number];
export type Mode = (typeof MODES)[number];

/** ISO 8601 with an offset: date and time, up to nine decimals of a second (kept to the millisecond). */
export const INSTANT_PATTERN =
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;
/** Division code of GB/T 2260: province, city or county. */
export const REGION_PATTERN = /^\d{2}(\d{2}(\d{2})?)?$/;
/** First 16 bytes of an HMAC-SHA-256, lower-case hex. */
export const TOKEN_PATTERN = /^[0-9a-f]{32}$/;
export const RULE_ID_PATTERN = /^R(0[1-9]|[12]\d|3[01])$/;

export const instant = z
  .string()
  .regex(INSTANT_PATTERN, "an ISO 8601 instant with offset, such as 2026-03-01T10:00:00.000+08:00");
export const region = z.string().regex(REGION_PATTERN, "a division code of 2, 4 or 6 digits");
export const eventId = z.string().min(1).max(EVENT_ID_LENGTH_MAX);
export const identifier = z.string().min(1).max(IDENTIFIER_LENGTH_MAX);
export const label = z.string().max(NAME_LENGTH_MAX);
export const amountFen = z.number().int().min(0).max(AMOUNT_FEN_MAX);
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "64 lower-case hexadecimal digits");
export const token = z.string().regex(TOKEN_PATTERN, "32 lower-case hexadecimal digits");
export const credential = z.enum(CREDENTIALS);
export const ruleId = z.string().regex(RULE_ID_PATTERN, "a rule id such as R01");
