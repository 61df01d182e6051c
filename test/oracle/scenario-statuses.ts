// Card-status records, person facts, feedback and heartbeats of a scenario.
import { personKeyOf } from "./oracle.js";
import { type Draft, type DraftPerson, emit, iso, newEventId, pastTime, remember } from "./scenario-draft.js";
import { DAY, dayOf, HOUR, MINUTE, SECOND, startOfDay } from "./time.js";
import type { Credential, RawFact, RawStatus, StatusAction } from "./types.js";

const ACTIONS: Record<StatusAction, number> = {
  "report-loss": 30,
  "confirm-loss": 4,
  release: 24,
  "file-replacement": 2,
  replace: 6,
  issue: 3,
  activate: 7,
  "issue-temporary": 4,
  cancel: 1,
  freeze: 3,
  unfreeze: 3,
  suspend: 3,
  resume: 3,
  deceased: 0.15,
  "pin-lock": 2,
  "pin-unlock": 5,
  "rebind-e-credential": 0.6,
};
const LOSS_ACTIONS: StatusAction[] = ["report-loss", "confirm-loss", "release", "file-replacement"];
const CHANNELS = ["phone", "phone", "counter", "app", "web", "kiosk", "pharmacy", "hospital", "employer"];
const POLICY_REGIONS = ["110000", "510100", "320100", "350500", "500000", "450100"];
const INTERIM_REGIONS = ["110000", "320100"];

type Fields = Partial<RawStatus>;

function credentialOf(draft: Draft, action: StatusAction): Credential {
  const { random } = draft;
  if (action === "issue-temporary") return random.chance(0.8) ? "temporary-card" : "interim-certificate";
  if (!LOSS_ACTIONS.includes(action)) return "card";
  return random.weighted({ card: 82, "temporary-card": 8, "e-credential": 5, "identity-document": 5 });
}

function numberOf(draft: Draft, person: DraftPerson, action: StatusAction, credential: Credential): Fields {
  const { random, murky } = draft;
  if (credential === "temporary-card") return { cardNumber: person.temporaryCard };
  if (credential !== "card") return {};
  const isByNumber = LOSS_ACTIONS.includes(action)
    ? murky
      ? random.chance(0.7)
      : person.reportsByNumber
    : !murky || random.chance(0.9);
  if (!isByNumber) return {};
  const current = person.cards.at(-1) ?? "";
  return { cardNumber: random.chance(0.9) ? current : random.pick(person.cards) };
}

function replaceFields(draft: Draft, person: DraftPerson, action: StatusAction): Fields {
  if (action !== "replace") return {};
  const newCardNumber = `${person.personId}-${person.cards.length + 1}`;
  person.cards.push(newCardNumber);
  return draft.murky && draft.random.chance(0.3) ? {} : { newCardNumber };
}

/** Occurs now and arrives now, or lies in the past and arrives now; each of the three times may be given. */
function timeFields(draft: Draft, action: StatusAction): Pick<RawStatus, "occurredAt"> & Fields {
  const { random, now } = draft;
  const isLate = random.chance(0.3);
  const occurredAt = isLate ? pastTime(draft) : now;
  const isPlain = random.chance(0.55);
  const reportedAt = occurredAt - random.pick([0, MINUTE, HOUR, 3 * HOUR]);
  const acceptedAt = random.chance(0.7) ? occurredAt : reportedAt;
  const effectiveAt = random.pick([
    reportedAt,
    acceptedAt,
    acceptedAt + HOUR,
    acceptedAt + 24 * HOUR,
    startOfDay(dayOf(acceptedAt) + 2),
  ]);
  const hasReported = !isPlain && random.chance(0.6);
  const hasAccepted = !isPlain && hasReported && random.chance(0.7);
  const hasEffective = !isPlain && random.chance(0.5);
  const hasExpiry = action === "report-loss" && random.chance(0.1);
  if (hasEffective) remember(draft, effectiveAt);
  return {
    occurredAt: iso(occurredAt),
    ...(isLate ? { receivedAt: iso(now) } : {}),
    ...(hasReported ? { reportedAt: iso(reportedAt) } : {}),
    ...(hasAccepted ? { acceptedAt: iso(acceptedAt) } : {}),
    ...(hasEffective ? { effectiveAt: iso(effectiveAt) } : {}),
    ...(hasExpiry ? { expiresAt: iso(occurredAt + random.pick([25 * HOUR, 3 * DAY, 10 * DAY])) } : {}),
  };
}

function untilFields(draft: Draft, action: StatusAction): Fields {
  const { random, now } = draft;
  if (!["freeze", "suspend", "issue-temporary"].includes(action) || !random.chance(0.6)) return {};
  const until = now + random.pick([HOUR, 24 * HOUR, 72 * HOUR, 20 * DAY]);
  remember(draft, until);
  return { until: iso(until) };
}

export function emitStatus(draft: Draft, person: DraftPerson): void {
  const { random } = draft;
  const action = random.weighted(ACTIONS);
  const credential = credentialOf(draft, action);
  const region = random.chance(0.75) ? person.insuredRegion : random.pick(POLICY_REGIONS);
  const number = numberOf(draft, person, action, credential);
  emit(draft, {
    type: "card-status",
    eventId: newEventId(draft, "c"),
    personId: person.personId,
    credential,
    action,
    region: credential === "interim-certificate" ? random.pick(INTERIM_REGIONS) : region,
    ...(random.chance(0.9) ? { channel: random.pick(CHANNELS) } : {}),
    ...number,
    ...replaceFields(draft, person, action),
    ...timeFields(draft, action),
    ...untilFields(draft, action),
    ...(random.chance(0.05) ? { verification: { complete: random.chance(0.4), methods: ["face"] } } : {}),
  });
}

function factFields(draft: Draft, person: DraftPerson): Partial<RawFact> & Pick<RawFact, "fact"> {
  const { random, now } = draft;
  const region = random.pick(person.regions);
  const from = iso(random.pick([now, now - DAY, pastTime(draft), now + HOUR]));
  const to = random.chance(0.4) ? { to: iso(now + random.pick([2 * HOUR, 3 * DAY, 30 * DAY])) } : {};
  const fact = random.weighted({ filing: 4, "mutual-aid": 2, "home-region": 2, inpatient: 4, limits: 1 });
  if (fact === "filing") return { fact, filingKind: "temporary", region, from, ...to };
  if (fact === "mutual-aid") return { fact, from, ...to };
  if (fact === "home-region") return { fact, region };
  if (fact === "inpatient") return { fact, institutionId: `H${region}1`, region, from, ...to };
  return {
    fact,
    ...(random.chance(0.7) ? { homeOnly: random.chance(0.7) } : {}),
    ...(random.chance(0.7) ? { dailyFen: random.pick([0, 20_000, 60_000]) } : {}),
    ...(random.chance(0.7) ? { noNight: random.chance(0.7) } : {}),
    ...(random.chance(0.3) ? { from, ...to } : {}),
  };
}

export function emitFact(draft: Draft, person: DraftPerson): void {
  emit(draft, {
    type: "person-fact",
    eventId: newEventId(draft, "f"),
    occurredAt: iso(draft.now),
    personId: person.personId,
    ...factFields(draft, person),
  });
}

/** Some that feedback never softens, and the busiest one twice. */
const FEEDBACK_RULES = "R01 R03 R05 R08 R09 R10 R12 R13 R14 R15 R16 R16 R17 R19 R20 R21".split(" ");

export function emitFeedback(draft: Draft, person: DraftPerson): void {
  const { random } = draft;
  emit(draft, {
    type: "feedback",
    eventId: newEventId(draft, "b"),
    occurredAt: iso(draft.now),
    personKey: personKeyOf(person.personId),
    rule: random.pick(FEEDBACK_RULES),
    verdict: random.weighted({ honest: 4, confirmed: 1 }),
  });
}

/** A heartbeat of the province of a person, about a minute before the swipe that follows. */
export function emitHeartbeat(draft: Draft, person: DraftPerson): void {
  emit(draft, {
    type: "heartbeat",
    feedId: person.insuredRegion.slice(0, 2),
    occurredAt: iso(draft.now),
  });
  draft.now += draft.random.pick([SECOND, 59_999, 60_000, 60_001]);
}
