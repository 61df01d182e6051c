/** Canonical swipes with any of their fields, in the order in which ingest writes them. */

import { createHash } from "node:crypto";
import {
  CHALLENGE_RESULTS,
  CREDENTIALS,
  INSTITUTION_KINDS,
  PIN_RESULTS,
  SWIPE_KINDS,
} from "../../schemas/fields.js";
import { formatInstant } from "../../schemas/instant.js";

type Random = () => number;

const PERSONS = 200;
/** Few enough that eventIds come again, with the same content and with another. */
const EVENTS_OF_PERSON = 400;
const REGIONS = ["330100", "330106", "3301", "440300", "341800", "11", "469001", "99", "000000", "650500"];
const NAMES = ["一心堂大药房", "Pharmacy No. 7", "", "𝄞é"];
const VISITS = ["11", "13", "21", "2101", "41", "9", "41001"];
const DRUG_CODES = ["ZA01", "XB02", "甘草"];

export const PERSON_KEYS = Array.from({ length: PERSONS }, (_, person) => hexOf(`person ${person}`, 32));

/** Of a moment: at most three hours old, or ten minutes ahead. */
export function anySwipe(random: Random, atMs: number): object {
  const one = <Value>(values: readonly Value[]): Value => values[Math.floor(random() * values.length)]!;
  const whole = (max: number) => Math.floor(random() * max);
  const maybe = (share: number, fields: () => object) => (random() < share ? fields() : {});
  const event = () => `e-${whole(EVENTS_OF_PERSON)}`;
  const fen = () => (random() < 0.5 ? whole(100_000) : whole(2_000));
  const place = (max: number) => Number(((random() * 2 - 1) * max).toFixed(whole(8)));
  const card = whole(3);
  const kind = random() < 0.7 ? "settle" : one(SWIPE_KINDS);
  const isRefund = kind === "cancel" || kind === "reverse";
  return {
    type: "swipe",
    eventId: event(),
    kind,
    occurredAt: formatInstant(atMs - whole(3 * 3_600_000) + whole(600_000)),
    personKey: one(PERSON_KEYS),
    ...maybe(0.7, () => ({ cardKey: hexOf(`card ${card}`, 32), cardTail: String(card).padStart(4, "0") })),
    credential: random() < 0.6 ? "card" : one(CREDENTIALS),
    insuredRegion: one(REGIONS),
    careRegion: one(REGIONS),
    institutionId: `P${whole(6)}`,
    institutionKind: one(INSTITUTION_KINDS),
    ...maybe(0.3, () => ({ institutionName: one(NAMES) })),
    ...maybe(0.3, () => ({ chainId: `chain ${whole(3)}` })),
    ...maybe(0.5, () => ({ terminalId: `T${whole(9)}` })),
    ...maybe(0.5, () => ({ operatorId: random() < 0.5 ? "王" : "O-1" })),
    ...maybe(0.7, () => ({ visitKind: one(VISITS) })),
    totalFen: fen(),
    ...maybe(0.6, () => ({ accountFen: fen() })),
    ...maybe(0.3, () => ({ fundFen: fen(), cashFen: fen() })),
    ...maybe(0.2, () => ({ sharedAccountFen: fen() })),
    ...maybe(0.4, () => ({ balanceBeforeFen: whole(200_000), balanceAfterFen: whole(200_000) })),
    ...maybe(0.7, () => ({ pin: one(PIN_RESULTS) })),
    ...maybe(0.1, () => ({ pinIsDefault: random() < 0.5 })),
    ...maybe(0.1, () => ({ pinIsBirthday: random() < 0.5 })),
    ...maybe(0.1, () => ({ readError: random() < 0.5 })),
    ...maybe(0.1, () => ({ emergency: random() < 0.5 })),
    ...maybe(0.1, () => ({ agentPurchase: random() < 0.5 })),
    ...maybe(0.1, () => ({ externalPrescription: random() < 0.5 })),
    ...maybe(0.1, () => ({ agentKey: hexOf("agent", 32) })),
    ...maybe(isRefund ? 1 : 0.2, () => ({ originalEventId: event() })),
    ...maybe(0.1, () => ({ challengeOf: event(), challengeResult: one(CHALLENGE_RESULTS) })),
    ...maybe(0.5, () => ({ longitude: place(180), latitude: place(90) })),
    ...maybe(0.4, () => ({ items: Array.from({ length: whole(4) }, () => anyItem(random, whole, one)) })),
    contentHash: hexOf(`content ${whole(2)}`, 16),
    ...maybe(0.5, () => ({ receivedAt: formatInstant(atMs - whole(600_000)) })),
  };
}

function anyItem(
  random: Random,
  whole: (max: number) => number,
  one: (values: readonly string[]) => string,
): object {
  return {
    ...(random() < 0.8 ? { code: one(DRUG_CODES) } : {}),
    ...(random() < 0.8 ? { amountFen: whole(60_000) } : {}),
    listed: random() < 0.5,
    traceHashes: Array.from({ length: whole(5) }, () => hexOf(`trace ${whole(5_000)}`, 16)),
  };
}

function hexOf(text: string, digits: number): string {
  return createHash("sha256").update(text).digest("hex").slice(0, digits);
}
