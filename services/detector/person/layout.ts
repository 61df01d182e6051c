/**
 * Byte layout of a person record, version 1. Little-endian. The same bytes lie in memory, in every state
 * store and under the hash of an evidence package.
 *
 * ```
 *  0 u8  version          1 u8  size class (log2 of the capacity)   2 u8 kept settles   3 u8 kept authorizes
 *  4 u32 CRC32C of the used bytes with this field zero (set by `toBytes`)
 *  8     personKey, 16 bytes
 * 24 f64 journal offset included
 * 32 u16 × (SECTIONS + 1): where each section starts; the last one is where the record ends
 * 64     sections, in the order of `Section`
 * ```
 */

export const RECORD_VERSION = 1;

export const SIZE_CLASS_MIN = 9; // 512 bytes: one card and four swipes
export const SIZE_CLASS_MAX = 15; // 32,768 bytes: every array at its limit with the longest eventIds (docs/decisions/0001)
export const RECORD_BYTES_MAX = 1 << SIZE_CLASS_MAX;

export const OFFSET_VERSION = 0;
export const OFFSET_SIZE_CLASS = 1;
export const OFFSET_SETTLE_COUNT = 2;
export const OFFSET_AUTHORIZE_COUNT = 3;
export const OFFSET_CRC = 4;
export const OFFSET_PERSON_KEY = 8;
export const OFFSET_INCLUDES = 24;
export const OFFSET_SECTIONS = 32;
export const HEADER_BYTES = 64;

/** Sections in record order: rare ones first, the one that grows with every swipe last. */
export const Section = {
  CARDS: 0,
  EVENTS: 1,
  PINS: 2,
  SEEN: 3,
  LOSS_APPENDS: 4,
  FACTS: 5,
  FILINGS: 6,
  CITIES: 7,
  TRACES: 8,
  FEEDBACK: 9,
  PASSES: 10,
  REFUNDS: 11,
  OTHERS: 12,
  AUTHORIZES: 13,
  SETTLES: 14,
} as const;
export type SectionId = (typeof Section)[keyof typeof Section];
export const SECTION_COUNT = 15;

/** Limits of rules.md 0 and 1, and what happens when an array is full: the named entry is dropped. */
export const SETTLES_MAX = 64; // oldest in time
export const SETTLE_AGE_MAX_MS = 35 * 86_400_000; // back from the newest kept
export const AUTHORIZES_MAX = 8; // first arrived
export const SEEN_MAX = 16; // status and fact records, and as many of feedback: first arrived of their sort
export const OTHERS_MAX = 16; // pin-checks, cancels, reverses: first arrived
export const PINS_PER_CARD_MAX = 8; // oldest in time
export const CITIES_MAX = 8; // least recently seen
export const FILINGS_MAX = 4; // first arrived
export const TRACES_MAX = 64; // first arrived
export const TRACES_PER_SWIPE_MAX = 8; // the first eight are kept
export const FEEDBACK_MAX = 32; // earliest of the rule that has the most
export const PASSES_MAX = 8; // first arrived
export const REFUNDS_MAX = 16; // oldest in time; R20 asks for 14
export const LOSS_APPENDS_MAX = 8; // first arrived
export const CARDS_MAX = 8; // the least needed, see card/notice-card.ts
export const EVENTS_MAX = 48; // see card/add-event.ts
export const CLOSED_INTERVALS_MAX = 4; // oldest

export const BYTES_CARD = 24;
export const BYTES_EVENT = 64;
export const BYTES_PIN = 12;
export const BYTES_SEEN = 12;
export const BYTES_LOSS_APPEND = 8;
export const BYTES_FACTS = 96;
export const BYTES_FILING = 24;
export const BYTES_CITY = 12;
export const BYTES_TRACE = 20;
export const BYTES_FEEDBACK = 12;
export const BYTES_PASS = 16;
export const BYTES_REFUND = 8;
export const BYTES_OTHER = 20;
