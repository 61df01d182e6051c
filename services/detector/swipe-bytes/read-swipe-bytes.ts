/** Fills a swipe from the bytes of its record: the same as `readSwipe` from the record. */

import { CHALLENGE_RESULTS, INSTITUTION_KINDS } from "../../../schemas/fields.js";
import { hash48OfUtf8 } from "../person/bytes.js";
import type { RegionTable } from "../place/region.js";
import {
  appendedAt,
  CHAIN_SEED,
  Challenge,
  type ChallengeAnswer,
  EMERGENCY_VISIT,
  FEN_MISSING,
  IN_PATIENT_VISITS,
  NO_TRACES,
  Pin,
  pinSeen,
  type Swipe,
  setPlace,
  setTimes,
} from "../swipe.js";
import type { SwipeBytes } from "./swipe-bytes.js";
import { Field } from "./swipe-fields.js";

const PHARMACY = INSTITUTION_KINDS.indexOf("pharmacy");
const PASSED = CHALLENGE_RESULTS.indexOf("passed");
const WORD_BYTES = 4;
/** No visit: a text is not empty. */
const NO_VISIT = 0;
const EMERGENCY = visitWordOf(EMERGENCY_VISIT);
const IN_PATIENT = new Set([...IN_PATIENT_VISITS].map(visitWordOf));

export function readSwipeBytes(
  swipe: Swipe,
  record: SwipeBytes,
  regions: RegionTable,
  logAppendedAtMs: number,
): void {
  const { numbers, starts, ends } = record;
  const { view } = record.source;
  swipe.id.lookAt(view, starts[Field.eventId]!, ends[Field.eventId]!);
  swipe.idHash = hash48OfUtf8(view, starts[Field.eventId]!, ends[Field.eventId]!);
  swipe.idTag = swipe.idHash >>> 0;
  swipe.contentTag = record.contentTag;
  swipe.kind = numbers[Field.kind]!;
  swipe.credential = numbers[Field.credential]!;
  swipe.atPharmacy = numbers[Field.institutionKind] === PHARMACY;
  readCard(swipe, record);
  const receivedAtMs = record.has(Field.receivedAt) ? numbers[Field.receivedAt]! : null;
  setTimes(swipe, numbers[Field.occurredAt]!, appendedAt(receivedAtMs, logAppendedAtMs));
  swipe.insuredRegion = numbers[Field.insuredRegion]!;
  swipe.careRegion = numbers[Field.careRegion]!;
  const longitude = record.has(Field.longitude) ? numbers[Field.longitude] : undefined;
  const latitude = record.has(Field.latitude) ? numbers[Field.latitude] : undefined;
  setPlace(swipe, regions, longitude, latitude);
  swipe.institution = hash48OfUtf8(view, starts[Field.institutionId]!, ends[Field.institutionId]!);
  swipe.chain = record.has(Field.chainId)
    ? hash48OfUtf8(view, starts[Field.chainId]!, ends[Field.chainId]!, CHAIN_SEED)
    : swipe.institution;
  swipe.totalFen = numbers[Field.totalFen]!;
  swipe.accountFen = fenOf(record, Field.accountFen);
  swipe.balanceBeforeFen = fenOf(record, Field.balanceBeforeFen);
  swipe.sharedAccountFen = fenOf(record, Field.sharedAccountFen);
  const pin = record.has(Field.pin) ? numbers[Field.pin]! : Pin.NONE;
  swipe.pin = pinSeen(pin, isTrue(record, Field.readError));
  swipe.pinIsDefault = isTrue(record, Field.pinIsDefault);
  swipe.pinIsBirthday = isTrue(record, Field.pinIsBirthday);
  const visit = visitOf(record);
  swipe.emergency = isTrue(record, Field.emergency) || visit === EMERGENCY;
  swipe.inPatientVisit = IN_PATIENT.has(visit);
  swipe.agentPurchase = isTrue(record, Field.agentPurchase);
  swipe.externalPrescription = isTrue(record, Field.externalPrescription);
  swipe.originalEventId = textOrNull(record, Field.originalEventId);
  swipe.challengeOf = textOrNull(record, Field.challengeOf);
  swipe.challenge = challengeOf(record);
  readItems(swipe, record);
}

function readCard(swipe: Swipe, record: SwipeBytes): void {
  const { starts, ends, cardWords } = record;
  swipe.hasCard = record.has(Field.cardKey);
  swipe.cardKey0 = swipe.hasCard ? cardWords[0]! : 0;
  swipe.cardKey1 = swipe.hasCard ? cardWords[1]! : 0;
  if (record.has(Field.cardTail))
    swipe.tail.copyFrom(record.source.view, starts[Field.cardTail]!, ends[Field.cardTail]!);
  else swipe.cardTail = "";
}

function readItems(swipe: Swipe, { starts, items }: SwipeBytes): void {
  const isGiven = starts[Field.items]! >= 0;
  swipe.listedFen = isGiven ? items.listedFen : FEN_MISSING;
  swipe.traces = isGiven && items.traceCount > 0 ? tracesOf(items) : NO_TRACES;
}

function tracesOf({ traces, traceCount }: SwipeBytes["items"]): number[] {
  const list: number[] = [];
  for (let i = 0; i < traceCount; i++) list.push(traces[i]!);
  return list;
}

function fenOf(record: SwipeBytes, field: number): number {
  return record.has(field) ? record.numbers[field]! : FEN_MISSING;
}

function isTrue(record: SwipeBytes, field: number): boolean {
  return record.has(field) && record.numbers[field] === 1;
}

function textOrNull(record: SwipeBytes, field: number): string | null {
  return record.has(field) ? record.textOf(field) : null;
}

function challengeOf(record: SwipeBytes): ChallengeAnswer {
  if (!record.has(Field.challengeOf) || !record.has(Field.challengeResult)) return Challenge.NONE;
  return record.numbers[Field.challengeResult] === PASSED ? Challenge.PASSED : Challenge.FAILED;
}

/** A kind of visit of up to four characters as one word; those that mean something here have no more. */
function visitOf({ source, starts, ends }: SwipeBytes): number {
  const start = starts[Field.visitKind]!;
  const bytes = ends[Field.visitKind]! - start;
  if (start < 0 || bytes > WORD_BYTES) return NO_VISIT;
  const word = source.view.getInt32(start, true);
  return bytes === WORD_BYTES ? word : word & ((1 << (8 * bytes)) - 1);
}

function visitWordOf(text: string): number {
  return Buffer.from(text.padEnd(WORD_BYTES, "\0")).readInt32LE();
}
