/**
 * The swipes of a run as records of the journal: settles of the seeded city's people at their usual places, a month later
 * with each load, as if each of its swipes happened when it is due. One in a hundred is of somebody who buys for 250 yuan
 * again and again: from the third time on the shipped rules challenge (R14), so that there is something to alert and to
 * tell by SMS.
 *
 * Swipes are numbered from 0 in their eventId.
 */

import { loadBundle } from "../../cli/bundle-files.js";
import { crc32c } from "../../platform/checksum/crc32c.js";
import type { CanonicalSwipe } from "../../schemas/journal.js";
import { encodeBody, isBodyOfType } from "../../schemas/log-body.js";
import type { RawSwipe } from "../../schemas/raw.js";
import { partitionOf } from "../../schemas/topics.js";
import { acceptRecord, isRefusal } from "../../services/ingest/accept.js";
import type { CanonicalContext } from "../../services/ingest/canonicalise.js";
import { ALL_ZERO_KEY, Tokeniser } from "../../services/ingest/tokens.js";
import type { StreamMessage } from "../end-to-end/swipe-stream.js";
import { SettleGenerator } from "../pipeline/settle-generator.js";

export interface JournalStreamOptions {
  readonly persons: number;
  /** Who buy again and again. */
  readonly shoppers: number;
  readonly partitions: number;
  readonly seed: number;
}

export interface JournalSwipe extends StreamMessage {
  /** Told by SMS about this swipe or, as a shopper, about a later one: whom to have a contact of. */
  readonly isTold: boolean;
}

export const SWIPES_PER_SHOPPER_SWIPE = 100;
/** As many as make three in half an hour, and some more. */
const SWIPES_OF_SHOPPER = 5;
const FIRST_LOAD_MS = Date.UTC(2025, 0, 6, 1);
const DAY_MS = 86_400_000;
/** Windows of the rules are 35 days at most; an SMS about a usual PIN goes out once a month. */
const LOADS_APART_MS = 36 * DAY_MS;
/** Three of these are one and a half times the limit of R14, which asks for that. */
const SHOPPING_FEN = 25_000;

/** For so many swipes in a load. */
export function shoppersOf(swipes: number): number {
  return Math.max(1, Math.round(swipes / SWIPES_PER_SHOPPER_SWIPE / SWIPES_OF_SHOPPER));
}

export class JournalStream {
  private readonly people: SettleGenerator;
  private readonly shoppers: SettleGenerator;
  private readonly context: CanonicalContext;
  private number = 0;

  constructor(private readonly options: JournalStreamOptions) {
    const { persons, shoppers, seed } = options;
    this.people = new SettleGenerator({ seed, persons });
    this.shoppers = new SettleGenerator({ seed: seed + 1, persons: shoppers });
    this.context = { tokens: new Tokeniser(ALL_ZERO_KEY), drugs: loadBundle().drugs };
  }

  /** @param load its number. @param dueMs milliseconds from the load's start. */
  next(load: number, dueMs: number): JournalSwipe {
    const number = this.number++;
    const arrivesAtMs = FIRST_LOAD_MS + load * LOADS_APART_MS + Math.floor(dueMs);
    const isShopper = number % SWIPES_PER_SHOPPER_SWIPE === 0;
    const settle = (isShopper ? this.shoppers : this.people).next(arrivesAtMs);
    const raw: RawSwipe = { ...JSON.parse(settle), eventId: eventIdOf(number) };
    const swipe = this.accepted(isShopper ? shopping(raw) : raw);
    return {
      key: swipe.personKey,
      value: Buffer.from(encodeBody(swipe, crc32c)),
      partition: partitionOf(swipe.personKey, this.options.partitions),
      isTold: isShopper || raw.pinIsDefault === true,
    };
  }

  private accepted(raw: RawSwipe): CanonicalSwipe {
    const record = acceptRecord(raw, this.context);
    if (isRefusal(record) || record.type !== "swipe")
      throw new Error(`the gateway would not take the generator's swipe ${raw.eventId}`);
    return record;
  }
}

/** The same person's, for 250 yuan from the account. A number of a person that none of the others has. */
function shopping(raw: RawSwipe): RawSwipe {
  const { items: _, fundFen: _fund, ...rest } = raw;
  const personId = `${raw.personId.slice(0, 6)}9${raw.personId.slice(7)}`;
  return { ...rest, personId, totalFen: SHOPPING_FEN, accountFen: SHOPPING_FEN, cashFen: 0 };
}

const PREFIX = "load-";
const NUMBER_DIGITS = 12;
const DIGIT_0 = 0x30;
/** Version and checksum of the body, `{"type":"decision","decisionId":"`, twelve digits of the person, a hyphen. */
const NUMBER_AT = 5 + '{"type":"decision","decisionId":"'.length + 12 + 1 + PREFIX.length;

function eventIdOf(number: number): string {
  return PREFIX + String(number).padStart(NUMBER_DIGITS, "0");
}

/** Which swipe of its run a record of the decisions log decides; no number where it is no decision, or of no such swipe. */
export function decidedNumber(body: Uint8Array): number {
  if (!isBodyOfType(body, "decision")) return Number.NaN;
  let number = 0;
  for (let at = NUMBER_AT; at < NUMBER_AT + NUMBER_DIGITS; at++) {
    const digit = (body[at] ?? 0) - DIGIT_0;
    if (digit < 0 || digit > 9) return Number.NaN;
    number = number * 10 + digit;
  }
  return number;
}
