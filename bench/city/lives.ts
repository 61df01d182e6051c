/** What happens once to honest persons: facts of their role, a card found again, replaced, or the first one. */
import type { Channel } from "../../schemas/fields.js";
import { DAY_MS, HOUR_MS, MINUTE_MS, type Span } from "./clock.js";
import type { Register } from "./institutions.js";
import type { FactIntent, Intent, StatusIntent, SwipeIntent } from "./intents.js";
import { FOUND_AGAIN, HONEST } from "./labels.js";
import { RETIREE_FILES_LATE_SHARE, TEMPORARY_CARD_OF_REPLACEMENTS } from "./mix.js";
import type { LifePlan, Person } from "./person.js";
import { regionOf } from "./places.js";
import { cardNumberOf } from "./population.js";
import type { Random } from "./random.js";

/** Room that a plan needs before the last day: report, find, use, release (or replace). */
const FOUND_AGAIN_DAYS = 12;
/** Few days of an honest person cost more: the mean visit is 102 yuan at a pharmacy, 180 at a hospital. */
const DAILY_LIMITS_FEN = [50_000, 100_000, 200_000] as const;

/** Facts that a person's role brings, most of them on the first morning. */
export function roleFacts(person: Person, span: Span): FactIntent[] {
  const { random, role } = person;
  const morningMs = span.startMs + random.between(1, 300) * MINUTE_MS;
  const fromMs = span.startMs - random.between(10, 600) * DAY_MS;
  if (role === "retiree" && person.otherPlace !== undefined) {
    const late = random.chance(RETIREE_FILES_LATE_SHARE);
    const atMs = late ? morningMs + random.between(1, Math.min(20, span.days)) * DAY_MS : morningMs;
    const filing = {
      fact: "filing",
      filingKind: "long-term",
      region: regionOf(person.otherPlace.city),
    } as const;
    return [{ type: "person-fact", label: HONEST, atMs, ...filing, fromMs: late ? atMs : fromMs }];
  }
  if (role === "family-at-home" || role === "family-apart") {
    return [{ type: "person-fact", label: HONEST, atMs: morningMs, fact: "mutual-aid", fromMs }];
  }
  return [];
}

/** The holder's own switches, set on the first morning; now and then the holder forgets them. */
export function ownLimits(person: Person, span: Span): LifePlan {
  const { random } = person;
  const atMs = span.startMs + random.between(1, 300) * MINUTE_MS;
  const fact = { type: "person-fact", label: HONEST, atMs, fact: "limits", fromMs: atMs } as const;
  return { intents: [{ ...fact, ...chosenLimit(person) }] };
}

/** Nobody who works or lives in another city forbids the card there. */
function chosenLimit({ random, role }: Person): Pick<FactIntent, "homeOnly" | "dailyFen" | "noNight"> {
  const draw = random.next();
  if (draw < 0.4 && role === "ordinary") return { homeOnly: true };
  return draw < 0.8 ? { dailyFen: random.pick(DAILY_LIMITS_FEN) } : { noNight: true };
}

/** Reported lost, found at home, used unreleased, then released. */
export function foundAgain(person: Person, span: Span, register: Register): LifePlan {
  const { random } = person;
  const lostAtMs = span.startMs + random.between(0.5, span.days - FOUND_AGAIN_DAYS) * DAY_MS;
  const reportedAtMs = lostAtMs + random.between(1, 20) * HOUR_MS;
  const channel: Channel = random.chance(0.7) ? "phone" : "app";
  const intents: Intent[] = [cardStatus(person, reportedAtMs, "report-loss", channel)];
  let atMs = reportedAtMs + random.between(1, 6) * DAY_MS;
  for (let use = random.whole(1, 3); use > 0; use -= 1) {
    intents.push(foundUse(person, register, atMs));
    atMs += random.between(0.02, 1.5) * DAY_MS;
  }
  const releasedAtMs = atMs + random.between(1, 24) * HOUR_MS;
  intents.push(cardStatus(person, releasedAtMs, "release", "counter"));
  return { intents, hand: { goneFromMs: lostAtMs, backFromMs: releasedAtMs } };
}

function foundUse(person: Person, register: Register, atMs: number): SwipeIntent {
  const { random, home, cardNumber } = person;
  const institution = random.pick(register.in(home, random.chance(0.7) ? "pharmacy" : "hospital"));
  return {
    type: "swipe",
    label: FOUND_AGAIN,
    atMs,
    kind: "settle",
    credential: "card",
    cardNumber,
    institution,
    visitKind: institution.kind === "pharmacy" ? "41" : "11",
    amount: random.whole(2_000, 30_000),
    pin: institution.asksPin ? "ok" : "not-required",
  };
}

/** Lost, reported, a replacement filed and received; nobody misuses the old card. */
export function replacement(person: Person, span: Span): LifePlan {
  const { random } = person;
  const lostAtMs = span.startMs + random.between(0.5, span.days - 2) * DAY_MS;
  const reportedAtMs = lostAtMs + random.between(1, 20) * HOUR_MS;
  const filedAtMs = reportedAtMs + random.between(0.5, 3) * DAY_MS;
  const replacedAtMs = filedAtMs + random.between(3, 12) * DAY_MS;
  const numberAfter = cardNumberOf(person.index, 1);
  const channel = random.pick<Channel>(["phone", "app", "counter"]);
  const intents: Intent[] = [
    cardStatus(person, reportedAtMs, "report-loss", channel),
    cardStatus(person, filedAtMs, "file-replacement", "counter"),
    { ...cardStatus(person, replacedAtMs, "replace", "counter"), newCardNumber: numberAfter },
  ];
  const hand = { goneFromMs: lostAtMs, backFromMs: replacedAtMs, numberAfter };
  if (!random.chance(TEMPORARY_CARD_OF_REPLACEMENTS)) return { intents, hand };
  const temporaryCard = {
    number: `T${numberAfter}`,
    fromMs: filedAtMs + 10 * MINUTE_MS,
    toMs: replacedAtMs,
  };
  intents.push(issueTemporary(random, temporaryCard));
  return { intents, hand, temporaryCard };
}

function issueTemporary(random: Random, card: { number: string; fromMs: number }): StatusIntent {
  return {
    type: "card-status",
    label: HONEST,
    atMs: card.fromMs - 5 * MINUTE_MS,
    action: "issue-temporary",
    channel: random.chance(0.5) ? "counter" : "app",
    credential: "temporary-card",
    cardNumber: card.number,
  };
}

/** The first card: issued, activated some days later, nothing used before. */
export function newcomer(person: Person, span: Span): LifePlan {
  const { random } = person;
  const issuedAtMs = span.startMs + random.between(0.3, span.days - 8) * DAY_MS;
  const activatedAtMs = issuedAtMs + random.between(0.5, 6) * DAY_MS;
  const intents = [
    cardStatus(person, issuedAtMs, "issue", "employer"),
    cardStatus(person, activatedAtMs, "activate", "counter"),
  ];
  return { intents, quiet: { fromMs: Number.NEGATIVE_INFINITY, toMs: activatedAtMs } };
}

function cardStatus(
  person: Person,
  atMs: number,
  action: StatusIntent["action"],
  channel: Channel,
): StatusIntent {
  const { cardNumber } = person;
  return { type: "card-status", label: HONEST, atMs, action, channel, credential: "card", cardNumber };
}
