/**
 * What one person's cards go through in a run: few places and shops, losses and their ends, wrong PINs, cancels,
 * challenges, repeats. Short enough that the person record still holds every eventId: a record that arrives again,
 * however late, is known (services/detector/person/layout.ts has the limits).
 */

import { formatInstant } from "../../schemas/instant.js";
import type { RawRecord } from "../../schemas/raw.js";
import type { Random } from "../city/random.js";

/** Kept are 8 authorizes, 16 status and fact records, 16 pin-checks, cancels, reverses and queries. */
const AUTHORIZES_MAX = 6;
const STATUSES_MAX = 12;
const OTHERS_MAX = 12;
const MINUTE_MS = 60_000;
const STEPS_MINUTES = [1, 4, 9, 10, 30, 60, 600, 1440, 2880];
const REGIONS = ["330100", "340100", "110000", "510100"];
const AMOUNTS_FEN = [4_999, 9_999, 20_000, 25_000, 50_001, 60_000];
const DRUGS = ["感冒灵", "片仔癀 3g", "安宫牛黄丸"];

export interface SimPerson {
  readonly personId: string;
  /** Everything sent so far, in order. */
  readonly sent: RawRecord[];
  nowMs: number;
  cards: number;
  /** So many numbers become one person at most: what is kept has to be enough for all of them. */
  readonly shares: number;
}

type Fields = Readonly<Record<string, unknown>>;

/** The next record of the person; the same object is sent again until it is acknowledged. */
export function nextRecord(person: SimPerson, random: Random): RawRecord {
  person.nowMs += random.pick(STEPS_MINUTES) * MINUTE_MS;
  const record = draw(person, random);
  person.sent.push(record);
  return record;
}

/** The person has the other's number from here on. */
export function linkRecord(person: SimPerson, to: SimPerson): RawRecord {
  const { personId, ...message } = head(person, "person-link");
  const record = { ...message, formerPersonId: personId, personId: to.personId } as unknown as RawRecord;
  person.sent.push(record);
  return record;
}

function draw(person: SimPerson, random: Random): RawRecord {
  const dice = random.next();
  const statuses = person.sent.filter(({ type }) => type !== "swipe").length;
  if (dice < 0.07 && person.sent.length > 0) return repeat(person, random);
  if (dice < 0.28 && statuses < STATUSES_MAX / person.shares) return statusRecord(person, random);
  if (dice < 0.34 && statuses < STATUSES_MAX / person.shares) return factRecord(person, random);
  return swipeRecord(person, random);
}

function head(person: SimPerson, type: string): Fields {
  const at = formatInstant(person.nowMs);
  const eventId = `${person.personId}-${person.sent.length}`;
  return { type, eventId, occurredAt: at, receivedAt: at, personId: person.personId };
}

function cardFields(person: SimPerson, random: Random): Fields {
  const number = random.chance(0.1) ? 0 : person.cards;
  return { credential: "card", cardNumber: `${person.personId}-C${number}` };
}

function statusRecord(person: SimPerson, random: Random): RawRecord {
  const action = random.pick([
    "report-loss",
    "report-loss",
    "release",
    "release",
    "confirm-loss",
    "replace",
    "pin-unlock",
    "freeze",
    "unfreeze",
  ]);
  const card = cardFields(person, random);
  if (action === "replace") person.cards++;
  return {
    ...head(person, "card-status"),
    ...card,
    action,
    channel: random.pick(["phone", "app", "counter"]),
    region: random.pick(REGIONS),
    ...(action === "replace" ? { newCardNumber: `${person.personId}-C${person.cards}` } : {}),
    // A loss that was reported before some swipes were made: they are revised.
    ...(action === "report-loss" && random.chance(0.4)
      ? { acceptedAt: formatInstant(person.nowMs - random.pick([10, 90, 1500]) * MINUTE_MS) }
      : {}),
  } as unknown as RawRecord;
}

function factRecord(person: SimPerson, random: Random): RawRecord {
  if (random.chance(0.3))
    return {
      ...head(person, "feedback"),
      rule: random.pick(["R12", "R14", "R16"]),
      verdict: random.pick(["honest", "confirmed"]),
    } as unknown as RawRecord;
  return {
    ...head(person, "person-fact"),
    ...random.pick<Fields>([
      { fact: "home-region", region: random.pick(REGIONS) },
      { fact: "filing", filingKind: "temporary", region: random.pick(REGIONS) },
      { fact: "mutual-aid" },
    ]),
  } as unknown as RawRecord;
}

function swipeRecord(person: SimPerson, random: Random): RawRecord {
  const careRegion = random.chance(0.6) ? "330100" : random.pick(REGIONS);
  const totalFen = random.pick(AMOUNTS_FEN);
  return {
    ...head(person, "swipe"),
    kind: kindOf(person, random),
    ...cardFields(person, random),
    insuredRegion: "330100",
    careRegion,
    institutionId: `P${careRegion}${random.whole(1, 4)}`,
    institutionKind: random.chance(0.8) ? "pharmacy" : "hospital",
    totalFen,
    ...(random.chance(0.4) ? { accountFen: totalFen, balanceBeforeFen: totalFen + 20_000 } : {}),
    ...(random.chance(0.5) ? { pin: random.pick(["ok", "wrong", "wrong"]) } : {}),
    ...(random.chance(0.1) ? { pin: "ok", pinIsDefault: true } : {}),
    ...(random.chance(0.15) ? { items: [{ name: random.pick(DRUGS), amountFen: totalFen }] } : {}),
    ...linkFields(person, random),
  } as unknown as RawRecord;
}

function kindOf(person: SimPerson, random: Random): string {
  const swipes = person.sent.filter((record) => record.type === "swipe");
  const authorizes = swipes.filter(({ kind }) => kind === "authorize").length;
  const others = swipes.filter(({ kind }) => kind !== "authorize" && kind !== "settle").length;
  const dice = random.next();
  if (dice < 0.15 && authorizes < AUTHORIZES_MAX / person.shares) return "authorize";
  if (dice < 0.3 && others < OTHERS_MAX / person.shares)
    return swipes.length > 0 ? random.pick(["cancel", "pin-check", "query"]) : "pin-check";
  return "settle";
}

/** An earlier swipe that this one takes back, settles or answers the challenge of; a cancel must name one. */
function linkFields(person: SimPerson, random: Random): Fields {
  const earlier = person.sent.filter(({ type }) => type === "swipe").slice(-4);
  if (earlier.length === 0) return {};
  const { eventId } = random.pick(earlier) as { eventId: string };
  if (random.chance(0.15))
    return { originalEventId: eventId, challengeOf: eventId, challengeResult: "passed" };
  return { originalEventId: eventId };
}

/** The same message again, or another under the same eventId. */
function repeat(person: SimPerson, random: Random): RawRecord {
  const record = random.pick(person.sent.slice(-6));
  if (record.type === "swipe" && random.chance(0.3)) return { ...record, totalFen: record.totalFen + 1 };
  return record;
}
