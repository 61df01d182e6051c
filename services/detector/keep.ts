/** What a judged swipe leaves in the person record: the counterpart of judge.ts, what a swipe writes beside its card number (card/notice-card.ts). */

import { dayOf } from "../../schemas/working-calendar.js";
import { addEvent } from "./card/add-event.js";
import { foldLossLife, isLapsedAt } from "./card/loss-life.js";
import type { Judgement } from "./judge.js";
import { homeFlag, type Judging } from "./judging.js";
import { UNSEEN } from "./person/cards.js";
import { type CardEvent, EventAction } from "./person/events.js";
import { KeptFlag, type KeptVerdict, NONE } from "./person/kept-swipes.js";
import { Rank } from "./rules/rule.js";
import { Home, idTagOf, Kind, Pin } from "./swipe.js";

const R03_BIT = 1 << 3;
const NO_BITS = 0;

export function keepSwipe(judging: Judging, judgement: Judgement): void {
  const { swipe, person } = judging;
  switch (swipe.kind) {
    case Kind.SETTLE:
      keepSettle(judging, judgement);
      break;
    case Kind.AUTHORIZE:
      person.authorizes.keep(swipe, verdictOf(judging, judgement), () => {});
      break;
    case Kind.PIN_CHECK:
      keepOther(judging, judgement);
      break;
    default:
      keepRefund(judging, judgement);
      return;
  }
  keepPin(judging);
  if (judgement.findings.length > 0 || judgement.passedNow !== NO_BITS) keepConsequences(judging, judgement);
}

function keepSettle(judging: Judging, judgement: Judgement): void {
  const { swipe, person, bundle } = judging;
  if (judging.replacedAt !== NONE) {
    person.settles.setFlag(judging.replacedAt, KeptFlag.SUPERSEDED);
    person.traces.giveBack(person.settles.idTag(judging.replacedAt));
  }
  person.settles.keep(swipe, verdictOf(judging, judgement), (at) => {
    if (!person.settles.isCounted(at) || person.settles.action(at) !== Rank.APPROVE) return;
    const city = bundle.regions.cityOf(person.settles.region(at));
    if (city !== 0) person.cities.remember(city, dayOf(person.settles.t(at)));
  });
  for (const hash of swipe.traces) person.traces.add(hash, swipe.idTag, swipe.t);
}

function verdictOf(judging: Judging, judgement: Judgement): KeptVerdict {
  const { swipe } = judging;
  return {
    card: judging.card(),
    action: judgement.action,
    responseCode: judgement.responseCode,
    flags:
      judgement.flags |
      homeFlag(judging.home()) |
      (swipe.emergency ? KeptFlag.EMERGENCY : 0) |
      (swipe.inPatientVisit ? KeptFlag.IN_PATIENT_VISIT : 0) |
      (judging.isLinked ? KeptFlag.LINKED : 0),
    findings: judgement.kept,
  };
}

/** Pin-checks, refunds and queries are remembered by the hash of their eventId. */
export function keepOther({ swipe, person }: Judging, judgement: Judgement): void {
  person.others.add({
    idHash: swipe.idHash,
    action: judgement.action,
    kind: swipe.kind,
    contentTag: swipe.contentTag,
    challenged: judgement.kept.challenged,
    responseCode: judgement.responseCode,
  });
}

/** A cancel or reverse takes its settle out of all windows; the settle keeps its place among the 64. */
function keepRefund(judging: Judging, judgement: Judgement): void {
  const { swipe, person } = judging;
  const originalEventId = swipe.originalEventId!;
  const original = person.settles.find(originalEventId, idTagOf(originalEventId));
  if (original !== NONE) {
    person.settles.setFlag(original, KeptFlag.CANCELLED);
    person.traces.giveBack(person.settles.idTag(original));
  }
  person.refunds.add(swipe.t);
  keepOther(judging, judgement);
}

/** A linked settle's PIN was counted with its authorize. */
function keepPin(judging: Judging): void {
  const { swipe, person } = judging;
  if (
    judging.isLinked ||
    !swipe.hasCard ||
    judging.card() === UNSEEN ||
    (swipe.pin !== Pin.OK && swipe.pin !== Pin.WRONG)
  )
    return;
  person.pins.add(judging.card(), swipe.t, swipe.pin === Pin.WRONG, swipe.institution);
}

function keepConsequences(judging: Judging, judgement: Judgement): void {
  const { swipe, person } = judging;
  if (judgement.findings.some((finding) => finding.isLive && finding.hit.locksPin === true))
    addEvent(person, ownEvent(judging, EventAction.PIN_LOCKED_BY_COUNT));
  if (judgement.passedNow === NO_BITS) return;
  if (judging.card() === UNSEEN) return;
  person.passes.add(judging.card(), swipe.t, judgement.passedNow);
  const endsLapse = (judgement.passedNow & R03_BIT) !== 0 && judging.home() === Home.HOME;
  if (endsLapse && isCardLapsed(judging)) addEvent(person, ownEvent(judging, EventAction.LAPSE_ENDED));
}

function isCardLapsed(judging: Judging): boolean {
  const life = foldLossLife(judging.events(), judging.identity());
  return life.intervals.some((interval) => isLapsedAt(interval, judging.t));
}

function ownEvent(judging: Judging, action: number): CardEvent {
  const { swipe, t } = judging;
  return {
    action,
    card: judging.card(),
    credential: swipe.credential,
    formal: false,
    blocksECredential: false,
    pendingAction: 0,
    region: 0,
    acceptedAtMs: t,
    reportedAtMs: t,
    effectiveAtMs: t,
    expiresAtMinMs: Number.POSITIVE_INFINITY,
    expiresAtMaxMs: Number.POSITIVE_INFINITY,
    newKey0: 0,
    newKey1: 0,
  };
}
