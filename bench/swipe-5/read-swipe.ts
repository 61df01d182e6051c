/** A message of the job as the product's swipe: every event is a settle with the person's card. */

import { areDigits, eightDigits, fourDigits } from "../../platform/json/byte-words.js";
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
const REGION_MASK = 0xffff;
const ZEROS_BEHIND = 0x30300000;

/** Fills `swipe`, whose other fields stay as a new swipe has them: the job knows nothing of them. */
export function readSwipe(swipe: Swipe, message: JobMessage, regions: RegionTable): void {
  readNames(swipe, message);
  readFacts(swipe, message, regions);
}

/** The first half of it: what the swipe's texts are known by. */
export function readNames(swipe: Swipe, message: JobMessage): void {
  const { view, starts, ends } = message;
  swipe.id.lookAt(view, starts[Field.EVENT_ID]!, ends[Field.EVENT_ID]!);
  swipe.idHash = hash48OfUtf8(view, starts[Field.EVENT_ID]!, ends[Field.EVENT_ID]!);
  swipe.idTag = swipe.idHash >>> 0;
  // The product's are those of a keyed hash.
  swipe.cardKey0 = message.hashOf(Field.CARD_SN) >>> 0;
  swipe.cardKey1 = message.hashHigh;
  swipe.tail.copyFrom(view, starts[Field.CARD_SN]!, ends[Field.CARD_SN]!);
  swipe.institution = hash48OfUtf8(view, starts[Field.FIXMEDINS_CODE]!, ends[Field.FIXMEDINS_CODE]!);
  swipe.chain = swipe.institution;
}

/** The second half. */
export function readFacts(swipe: Swipe, message: JobMessage, regions: RegionTable): void {
  const { view, starts, ends, numbers } = message;
  const psnNo = starts[Field.PSN_NO]!;
  swipe.kind = Kind.SETTLE;
  swipe.credential = CredentialId.CARD;
  swipe.hasCard = true;
  setTimes(swipe, numbers[Field.EVENT_TIME]!, numbers[Field.EVENT_TIME]!);
  swipe.insuredRegion = regionAt(view, psnNo, psnNo + REGION_DIGITS);
  swipe.careRegion = regionAt(view, starts[Field.CITY_CODE]!, ends[Field.CITY_CODE]!);
  setPlace(swipe, regions, numbers[Field.LNG]!, numbers[Field.LAT]!);
  swipe.totalFen = Math.min(numbers[Field.MEDFEE_SUM_FEN]!, AMOUNT_FEN_MAX);
  const isPurchase = numbers[Field.EVENT_TYPE] === PURCHASE;
  swipe.accountFen = isPurchase ? Math.min(numbers[Field.ACCT_PAY_FEN]!, AMOUNT_FEN_MAX) : FEN_MISSING;
  // The job asks for wrong PINs only; a right one kept beside them would push a wrong one out of a card's eight.
  swipe.pin = numbers[Field.PIN_RESULT] === PIN_FAIL ? Pin.WRONG : Pin.NOT_REQUIRED;
  swipe.contentTag = message.tagOf(swipe.institution ^ swipe.cardKey0);
}

/**
 * The words of the person's key that the job uses: the last and the first nine digits of the psnNo. The digits that
 * tell persons apart come first, as the table finds persons by the first word.
 */
export function personKey0(message: JobMessage): number {
  return nineDigits(message.view, message.starts[Field.PSN_NO]! + KEY_DIGITS);
}
export function personKey1(message: JobMessage): number {
  return nineDigits(message.view, message.starts[Field.PSN_NO]!);
}

/** Six digits as a region; anything else is none. */
function regionAt(view: DataView, start: number, end: number): PackedRegion {
  if (end - start !== REGION_DIGITS) return REGION_NONE;
  const first = view.getInt32(start, true);
  const rest = view.getInt32(start + 4, true) & REGION_MASK;
  if (!areDigits(first) || !areDigits(rest | ZEROS_BEHIND)) return REGION_NONE;
  const value = fourDigits(first) * 100 + (rest & 0xf) * 10 + ((rest >> 8) & 0xf);
  return value * 8 + REGION_DIGITS;
}

function nineDigits(view: DataView, at: number): number {
  return (eightDigits(view, at) * 10 + view.getUint8(at + 8) - ZERO) | 0;
}
