/** A message of the job as the product's swipe: every event is a settle with the person's card. */

import { AMOUNT_FEN_MAX } from "../../schemas/fields.js";
import { hash48OfUtf8 } from "../../services/detector/person/bytes.js";
import { type PackedRegion, REGION_NONE, type RegionTable } from "../../services/detector/place/region.js";
import {
  CredentialId,
  FEN_MISSING,
  Kind,
  Pin,
  type Swipe,
  setPlace,
  setTimes,
} from "../../services/detector/swipe.js";
import { Field, type JobMessage, PIN_FAIL, PURCHASE } from "./message.js";

const ZERO = 0x30;
/** A psnNo begins with the division code of the person's registration. */
const REGION_DIGITS = 6;
const KEY_DIGITS = 9;
/** The two halves of a card key are hashes of its number; the product's are those of a keyed hash. */
const CARD_SEEDS = [0x6364, 0x10ca_4d01] as const;
const TEXTS_TAGGED = [Field.CITY_CODE, Field.INSUTYPE, Field.MED_TYPE, Field.OPTER, Field.DEV_NO] as const;
const NUMBERS_TAGGED = [
  Field.EVENT_TIME,
  Field.LNG,
  Field.LAT,
  Field.EVENT_TYPE,
  Field.ACCT_PAY_FEN,
  Field.MEDFEE_SUM_FEN,
  Field.PIN_RESULT,
] as const;

/** Fills `swipe`, whose other fields stay as a new swipe has them: the job knows nothing of them. */
export function readSwipe(swipe: Swipe, message: JobMessage, regions: RegionTable): void {
  const { view, starts, ends, numbers } = message;
  swipe.id.copyFrom(view, starts[Field.EVENT_ID]!, ends[Field.EVENT_ID]!);
  swipe.idHash = hash48OfUtf8(view, starts[Field.EVENT_ID]!, ends[Field.EVENT_ID]!);
  swipe.idTag = swipe.idHash >>> 0;
  swipe.kind = Kind.SETTLE;
  swipe.credential = CredentialId.CARD;
  swipe.hasCard = true;
  swipe.cardKey0 = message.mixText(Field.CARD_SN, CARD_SEEDS[0]) >>> 0;
  swipe.cardKey1 = message.mixText(Field.CARD_SN, CARD_SEEDS[1]) >>> 0;
  swipe.cardTail = tailOf(view, starts[Field.CARD_SN]!, ends[Field.CARD_SN]!);
  setTimes(swipe, numbers[Field.EVENT_TIME]!, numbers[Field.EVENT_TIME]!);
  swipe.insuredRegion = regionAt(view, starts[Field.PSN_NO]!, starts[Field.PSN_NO]! + REGION_DIGITS);
  swipe.careRegion = regionAt(view, starts[Field.CITY_CODE]!, ends[Field.CITY_CODE]!);
  setPlace(swipe, regions, numbers[Field.LNG]!, numbers[Field.LAT]!);
  swipe.institution = hash48OfUtf8(view, starts[Field.FIXMEDINS_CODE]!, ends[Field.FIXMEDINS_CODE]!);
  swipe.chain = swipe.institution;
  swipe.totalFen = Math.min(numbers[Field.MEDFEE_SUM_FEN]!, AMOUNT_FEN_MAX);
  const isPurchase = numbers[Field.EVENT_TYPE] === PURCHASE;
  swipe.accountFen = isPurchase ? Math.min(numbers[Field.ACCT_PAY_FEN]!, AMOUNT_FEN_MAX) : FEN_MISSING;
  // The job asks for wrong PINs only; a right one kept beside them would push a wrong one out of a card's eight.
  swipe.pin = numbers[Field.PIN_RESULT] === PIN_FAIL ? Pin.WRONG : Pin.NOT_REQUIRED;
  swipe.contentTag = contentTagOf(message, swipe.institution ^ swipe.cardKey0);
}

/**
 * The words of the person's key that the job uses: the last and the first nine digits of the psnNo. The digits that
 * tell persons apart come first, as the table finds persons by the first word.
 */
export function personKey0(message: JobMessage): number {
  return digitsAt(message.view, message.starts[Field.PSN_NO]! + KEY_DIGITS, message.ends[Field.PSN_NO]!);
}
export function personKey1(message: JobMessage): number {
  return digitsAt(message.view, message.starts[Field.PSN_NO]!, message.starts[Field.PSN_NO]! + KEY_DIGITS);
}

/** Six digits as a region; anything else is none. */
function regionAt(view: DataView, start: number, end: number): PackedRegion {
  if (end - start !== REGION_DIGITS) return REGION_NONE;
  for (let i = start; i < end; i++)
    if (view.getUint8(i) < ZERO || view.getUint8(i) > ZERO + 9) return REGION_NONE;
  return digitsAt(view, start, end) * 8 + REGION_DIGITS;
}

/** The last four bytes of a card number. */
function tailOf(view: DataView, start: number, end: number): string {
  let tail = "";
  for (let i = Math.max(start, end - 4); i < end; i++) tail += String.fromCharCode(view.getUint8(i));
  return tail;
}

function digitsAt(view: DataView, start: number, end: number): number {
  let value = 0;
  for (let i = start; i < end; i++) value = (value * 10 + view.getUint8(i) - ZERO) | 0;
  return value;
}

/** 32 bits of everything the message says, whatever the order of its keys. */
function contentTagOf(message: JobMessage, seed: number): number {
  let tag = seed;
  for (const field of NUMBERS_TAGGED) tag = message.mixNumber(field, tag);
  for (const field of TEXTS_TAGGED) tag = message.mixText(field, tag);
  return tag >>> 0;
}
