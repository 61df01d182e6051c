/**
 * Canonical settles of made-up persons, as ingest would append them: one a visit, at one of the person's two institutions.
 * Nobody is attacked, and nothing but the person's number and the time decides what a swipe is.
 */

import { formatInstant } from "../../schemas/instant.js";
import type { CanonicalSwipe } from "../../schemas/journal.js";

const INSTITUTIONS = 5_000;
const AMOUNT_FEN_MIN = 1_500;
const AMOUNT_FEN_SPAN = 9_000;
const BALANCE_FEN = 500_000;
const RECEIVED_AFTER_MS = 300;

/** A token as good as one made of an identity number: 32 hexadecimal digits that spread evenly. */
export function madePersonKey(person: number): string {
  let key = "";
  for (let word = 0; word < 4; word++)
    key += mixed(4 * person + word)
      .toString(16)
      .padStart(8, "0");
  return key;
}

/** The end of MurmurHash3: every bit of the number changes half of the bits. */
function mixed(number: number): number {
  let hash = Math.imul(number ^ (number >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** @param visit tells two swipes of a person apart: with the person it makes the eventId. */
export function madeSwipe(person: number, personKey: string, visit: string, atMs: number): CanonicalSwipe {
  const institution = (person * 7 + (visit.length % 2)) % INSTITUTIONS;
  const accountFen = AMOUNT_FEN_MIN + ((person * 31 + visit.length * 17) % AMOUNT_FEN_SPAN);
  return {
    type: "swipe",
    eventId: `recover-${visit}-${person}`,
    kind: "settle",
    occurredAt: formatInstant(atMs - RECEIVED_AFTER_MS),
    receivedAt: formatInstant(atMs),
    personKey,
    cardKey: personKey,
    cardTail: personKey.slice(-4),
    credential: "card",
    insuredRegion: "330102",
    careRegion: "330102",
    institutionId: `H3301${String(institution).padStart(7, "0")}`,
    institutionKind: "pharmacy",
    visitKind: "41",
    totalFen: accountFen,
    accountFen,
    balanceBeforeFen: BALANCE_FEN,
    balanceAfterFen: BALANCE_FEN - accountFen,
    pin: "ok",
    contentHash: personKey.slice(0, 16),
  };
}
