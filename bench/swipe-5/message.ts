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
export const FIELDS = [
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
export const MESSAGE_BYTES_MAX = 1024;

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
  /** See `hashOf`. */
  hashHigh = 0;

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

  /** 32 bits of everything the message says beside card number and institution, whatever the order of its keys. */
  tagOf(seed: number): number {
    const { view, starts, ends, numberWords } = this;
    // The factors are odd: no single difference leaves a sum as it was.
    let sum = seed;
    for (let i = 0; i < NUMBERS_TAGGED.length; i++) {
      const field = NUMBERS_TAGGED[i]!;
      const word = numberWords[2 * field]! ^ Math.imul(numberWords[2 * field + 1]!, FACTOR_B);
      sum = (sum + Math.imul(word ^ (word >>> 15), FACTOR_A + 2 * field)) | 0;
    }
    for (let i = 0; i < TEXTS_TAGGED.length; i++) {
      const field = TEXTS_TAGGED[i]!;
      const end = ends[field]!;
      let at = starts[field]!;
      let hash = end - at;
      for (; at + 4 <= end; at += 4) hash = (Math.imul(hash, FACTOR_A) + view.getInt32(at, true)) | 0;
      const rest = at === end ? 0 : view.getInt32(at, true) & ((1 << (8 * (end - at))) - 1);
      hash = (Math.imul(hash, FACTOR_A) + rest) | 0;
      sum = (sum + Math.imul(hash ^ (hash >>> 15), FACTOR_A + 2 * field)) | 0;
    }
    return mix(sum, seed) >>> 0;
  }

  /** 64 bits of a text: the lower half, the other one in `hashHigh`. */
  hashOf(field: number): number {
    const { view } = this;
    let at = this.starts[field]!;
    const end = this.ends[field]!;
    let low = mix(SEED_LOW, end - at);
    let high = mix(SEED_HIGH, end - at);
    for (; at < end; at += 4) {
      const bytes = end - at;
      const word = view.getInt32(at, true) & (bytes < 4 ? (1 << (8 * bytes)) - 1 : -1);
      low = mix(low, word);
      high = mix(high, word);
    }
    this.hashHigh = high >>> 0;
    return low;
  }
}

const NUMBERS_TAGGED = Int32Array.of(
  Field.EVENT_TIME,
  Field.LNG,
  Field.LAT,
  Field.EVENT_TYPE,
  Field.ACCT_PAY_FEN,
  Field.MEDFEE_SUM_FEN,
  Field.PIN_RESULT,
);
const TEXTS_TAGGED = Int32Array.of(
  Field.CITY_CODE,
  Field.INSUTYPE,
  Field.MED_TYPE,
  Field.OPTER,
  Field.DEV_NO,
);
const FACTOR_A = 0x9e3779b1;
const FACTOR_B = 0x85ebca6b;
const SEED_LOW = 0x6364;
const SEED_HIGH = 0x10ca_4d01;

/** High bits come down before they are multiplied away from below. */
function mix(tag: number, value: number): number {
  const mixed = Math.imul(tag ^ value, FACTOR_A);
  return mixed ^ (mixed >>> 15);
}
