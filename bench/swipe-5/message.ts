/**
 * A message of the job, validated, in the scanner's slots: by the byte scanner where it can, else by JSON.parse and
 * the schema. Both ways end in the same slots, so that nothing behind them can differ.
 */

import { ObjectScanner } from "../../platform/json/object-scanner.js";
import type { ScannedField } from "../../platform/json/scanned-fields.js";
import { compiledJobSwipe, JOB_EVENT_TYPES, JOB_PIN_RESULTS, type JobSwipe } from "./job.js";

const short = { kind: "text", charactersMin: 1, charactersMax: 8 } as const;
const long = { kind: "text", charactersMin: 1, charactersMax: 32 } as const;

/** The constraints of `jobSwipe`; every key of it, in its order. */
const FIELDS = [
  { name: "eventId", kind: "text", charactersMin: 1, charactersMax: 64, alphabet: "word" },
  { name: "eventTime", kind: "integer" },
  { name: "psnNo", kind: "text", charactersMin: 18, charactersMax: 18, alphabet: "digit" },
  { name: "cardSn", ...long },
  { name: "fixmedinsCode", kind: "text", charactersMin: 1, charactersMax: 20 },
  { name: "cityCode", kind: "text", charactersMin: 6, charactersMax: 6 },
  { name: "lng", kind: "decimal", min: -180, max: 180 },
  { name: "lat", kind: "decimal", min: -90, max: 90 },
  { name: "eventType", kind: "choice", choices: JOB_EVENT_TYPES },
  { name: "acctPayFen", kind: "integer" },
  { name: "medfeeSumFen", kind: "integer" },
  { name: "pinResult", kind: "choice", choices: JOB_PIN_RESULTS },
  { name: "insutype", ...short },
  { name: "medType", ...short },
  { name: "opter", ...long },
  { name: "devNo", ...long },
] as const satisfies readonly (ScannedField & { readonly name: keyof JobSwipe })[];

/**
 * Producers write 330 to 400 bytes; whitespace and longer values fit too. The texts of a message alone are at most
 * 64 + 18 ASCII characters and 138 others of three bytes each: 496 bytes.
 */
const MESSAGE_BYTES_MAX = 1024;

/** Positions in FIELDS. */
export const Field = {
  EVENT_ID: 0,
  EVENT_TIME: 1,
  PSN_NO: 2,
  CARD_SN: 3,
  FIXMEDINS_CODE: 4,
  CITY_CODE: 5,
  LNG: 6,
  LAT: 7,
  EVENT_TYPE: 8,
  ACCT_PAY_FEN: 9,
  MEDFEE_SUM_FEN: 10,
  PIN_RESULT: 11,
  INSUTYPE: 12,
  MED_TYPE: 13,
  OPTER: 14,
  DEV_NO: 15,
} as const;

export const PURCHASE = JOB_EVENT_TYPES.indexOf("PURCHASE");
export const PIN_FAIL = JOB_PIN_RESULTS.indexOf("FAIL");

export class JobMessage extends ObjectScanner {
  /** Messages that the scanner left to the schema. */
  slow = 0;

  private readonly numberWords = new Int32Array(this.numbers.buffer);

  constructor() {
    super(FIELDS, MESSAGE_BYTES_MAX);
  }

  /**
   * Reads the message that stands in `source` from `start` up to `end`.
   * @throws SyntaxError or ZodError where it is not one of the job.
   */
  read(source: Buffer, start = 0, end = source.length): void {
    if (this.scan(source, start, end)) return;
    this.slow++;
    this.load(compiledJobSwipe.parse(JSON.parse(source.toString("utf8", start, end))));
  }

  /** Mixes the bits of a number, or of a choice's position, into a tag. */
  mixNumber(field: number, tag: number): number {
    return mix(tag, this.numberWords[2 * field]! ^ Math.imul(this.numberWords[2 * field + 1]!, 0x85ebca6b));
  }

  /** Mixes a text and its length into a tag. */
  mixText(field: number, tag: number): number {
    let at = this.starts[field]!;
    const end = this.ends[field]!;
    let mixed = mix(tag, end - at);
    for (; at + 4 <= end; at += 4) mixed = mix(mixed, this.view.getInt32(at, true));
    return at === end ? mixed : mix(mixed, this.view.getInt32(at, true) & ((1 << (8 * (end - at))) - 1));
  }
}

/** High bits come down before they are multiplied away from below. */
function mix(tag: number, value: number): number {
  const mixed = Math.imul(tag ^ value, 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
}
