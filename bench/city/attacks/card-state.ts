/** Attacks that the state of the card or person should stop: R01 to R07. */
import type { Channel } from "../../../schemas/fields.js";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../clock.js";
import type { Person } from "../person.js";
import { cardNumberOf } from "../population.js";
import { GETAWAY_MS, type Incident, lastOf, type Outline } from "./incident.js";

/** Cities without a phone row of their own: the national one, 24 hours of delay. */
const NATIONAL_PHONE_CITIES = new Set(["3301", "4501"]);
const NATIONAL_DELAY_MS = 24 * HOUR_MS;
/** Days after which an unconfirmed phone report has lapsed at the latest (working days: over a long holiday). */
const LAPSED_AFTER_DAYS = new Map([
  ["11", 10],
  ["3201", 13],
  ["5101", 3],
  ["3301", 15],
  ["4501", 15],
]);

export function lostUsed(incident: Incident): Outline {
  const { random, person } = incident;
  const lostAtMs = incident.startMs();
  const reportedAtMs = incident.byDay(lostAtMs + random.between(0.5, 12) * HOUR_MS);
  const channel = lossChannel(random.next());
  incident.status(reportedAtMs, "report-loss", channel);
  const waits = channel === "phone" && NATIONAL_PHONE_CITIES.has(person.home.city.code);
  const effectiveAtMs = reportedAtMs + (waits ? NATIONAL_DELAY_MS : 0);
  const soonestMs = effectiveAtMs + random.between(10 * MINUTE_MS, 60 * HOUR_MS);
  const near = random.chance(0.6);
  const county = near ? incident.nearby() : incident.elsewhere();
  const firstMs = near ? soonestMs : Math.max(soonestMs, lostAtMs + GETAWAY_MS);
  const times = incident.series(firstMs, random.whole(1, 6), 30 * HOUR_MS);
  incident.spree(county, times);
  return { fromMs: reportedAtMs, hand: incident.recover(lostAtMs, lastOf(times), true) };
}

function lossChannel(draw: number): Channel {
  if (draw < 0.4) return "counter";
  return draw < 0.7 ? "app" : "phone";
}

export function pendingUsed(incident: Incident): Outline {
  const { random, person } = incident;
  const lostAtMs = incident.startMs();
  const reportedAtMs = lostAtMs + random.between(1, 12) * HOUR_MS;
  const byPolicy = NATIONAL_PHONE_CITIES.has(person.home.city.code) && random.chance(0.7);
  const delayMs = byPolicy ? NATIONAL_DELAY_MS : random.between(2, 48) * HOUR_MS;
  const given = byPolicy ? {} : { effectiveAtMs: reportedAtMs + delayMs };
  incident.status(reportedAtMs, "report-loss", "phone", given);
  const swipes = 2 + Math.floor(27 * random.next() ** 2);
  const times = incident.within(reportedAtMs + 5 * MINUTE_MS, reportedAtMs + delayMs - 5 * MINUTE_MS, swipes);
  incident.spree(incident.nearby(), times);
  return { fromMs: reportedAtMs, hand: incident.recover(lostAtMs, lastOf(times), true) };
}

export function canLapse(person: Person): boolean {
  return LAPSED_AFTER_DAYS.has(person.home.city.code);
}

export function lapsedUsed(incident: Incident): Outline {
  const { random, person, spanStartMs } = incident;
  const usedAtMs = incident.startMs();
  const lapsedAfterDays = LAPSED_AFTER_DAYS.get(person.home.city.code) ?? 0;
  const reportedAtMs = usedAtMs - (lapsedAfterDays + random.between(1, 150)) * DAY_MS;
  const snapshot = reportedAtMs < spanStartMs;
  const sentAtMs = snapshot ? spanStartMs + random.between(1, 240) * MINUTE_MS : reportedAtMs;
  incident.status(sentAtMs, "report-loss", "phone", snapshot ? { occurredAtMs: reportedAtMs } : {});
  const times = incident.series(usedAtMs, random.whole(1, 4), 48 * HOUR_MS);
  incident.spree(incident.elsewhere(), times);
  const lostAtMs = reportedAtMs - random.between(1, 12) * HOUR_MS;
  return { fromMs: usedAtMs, hand: incident.recover(lostAtMs, lastOf(times), false) };
}

export function replacedUsed(incident: Incident): Outline {
  const { random, person } = incident;
  const lostAtMs = incident.startMs();
  const reportedAtMs = lostAtMs + random.between(0.5, 12) * HOUR_MS;
  const replacedAtMs = incident.byDay(reportedAtMs + random.between(1, 3) * DAY_MS);
  const numberAfter = cardNumberOf(person.index, 1);
  incident.status(reportedAtMs, "report-loss", "app");
  incident.status(replacedAtMs, "replace", "counter", { newCardNumber: numberAfter });
  const firstMs = replacedAtMs + random.between(10 * MINUTE_MS, 4 * DAY_MS);
  const county = random.chance(0.6) ? incident.nearby() : incident.elsewhere();
  incident.spree(county, incident.series(firstMs, random.whole(1, 4), 30 * HOUR_MS));
  return { fromMs: reportedAtMs, hand: { goneFromMs: lostAtMs, backFromMs: replacedAtMs, numberAfter } };
}

export function inactiveUsed(incident: Incident): Outline {
  const { random, person } = incident;
  const issuedAtMs = incident.startMs();
  const cardNumber = cardNumberOf(person.index, 1);
  incident.status(issuedAtMs, "issue", "employer", { cardNumber });
  const firstMs = issuedAtMs + random.between(0.5, 8) * DAY_MS;
  const times = incident.series(firstMs, random.whole(1, 3), 30 * HOUR_MS);
  incident.spree(incident.nearby(), times, { cardNumber });
  const activatedAtMs = issuedAtMs + random.between(12, 20) * DAY_MS;
  incident.status(activatedAtMs, "activate", "counter", { cardNumber });
  const hand = { goneFromMs: Number.NEGATIVE_INFINITY, backFromMs: activatedAtMs, numberAfter: cardNumber };
  return { fromMs: issuedAtMs, hand };
}

export function temporaryMisused(incident: Incident): Outline {
  const { random, person } = incident;
  const issuedAtMs = incident.startMs();
  const untilMs = issuedAtMs + random.between(2, 6) * DAY_MS;
  const cardNumber = `T${cardNumberOf(person.index, 1)}`;
  const card = { credential: "temporary-card", cardNumber } as const;
  incident.status(issuedAtMs, "issue-temporary", "counter", { ...card, untilMs });
  const draw = random.next();
  let fromMs = issuedAtMs + GETAWAY_MS;
  if (draw >= 0.5 && draw < 0.8) fromMs = untilMs;
  if (draw >= 0.8) {
    fromMs = issuedAtMs + random.between(2, 30) * HOUR_MS;
    incident.status(fromMs, "report-loss", "counter", card);
  }
  const firstMs = fromMs + random.between(10 * MINUTE_MS, 40 * HOUR_MS);
  const county = draw < 0.5 ? incident.elsewhere() : incident.nearby();
  incident.spree(county, incident.series(firstMs, random.whole(1, 3), 20 * HOUR_MS), card);
  const hand = {
    goneFromMs: issuedAtMs - 2 * DAY_MS,
    backFromMs: Number.POSITIVE_INFINITY,
  };
  return { fromMs: issuedAtMs, hand };
}

/** Given back and cancelled; somebody kept it. */
export function cancelledUsed(incident: Incident): Outline {
  const { random } = incident;
  const cancelledAtMs = incident.startMs();
  incident.status(cancelledAtMs, "cancel", "counter");
  const firstMs = cancelledAtMs + random.between(10 * MINUTE_MS, 72 * HOUR_MS);
  incident.spree(incident.nearby(), incident.series(firstMs, random.whole(1, 4), 40 * HOUR_MS));
  const hand = { goneFromMs: cancelledAtMs, backFromMs: Number.POSITIVE_INFINITY };
  return { fromMs: cancelledAtMs, hand };
}

export function hasSomeBalance(person: Person): boolean {
  return person.balanceFen >= 20_000;
}

export function blockedPerson(incident: Incident): Outline {
  const { random } = incident;
  const blockedAtMs = incident.startMs();
  const swipes = random.whole(1, 5);
  const draw = random.next();
  const frozen = draw >= 0.7;
  const untilMs = blockedAtMs + (frozen ? 72 * HOUR_MS : random.between(90, 365) * DAY_MS);
  if (draw < 0.4) incident.personStatus(blockedAtMs, "deceased");
  else incident.personStatus(blockedAtMs, frozen ? "freeze" : "suspend", { untilMs });
  const lastMs = frozen ? untilMs - HOUR_MS : blockedAtMs + 10 * DAY_MS;
  const times = incident.within(blockedAtMs + random.between(10, 300) * MINUTE_MS, lastMs, swipes);
  incident.spree(incident.nearby(), times);
  const toMs = draw < 0.4 ? Number.POSITIVE_INFINITY : untilMs;
  return { fromMs: blockedAtMs, quiet: { fromMs: blockedAtMs - 12 * HOUR_MS, toMs } };
}
