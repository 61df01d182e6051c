// Short scripted runs inside a scenario: places that random steps reach too rarely.
import { type Draft, type DraftPerson, emit, iso, newEventId, remember } from "./scenario-draft.js";
import { emitSwipe } from "./scenario-swipes.js";
import { DAY, dayOf, HOUR, MINUTE, parseInstant, startOfDay } from "./time.js";
import type { RawFact, RawStatus, RawSwipe } from "./types.js";

const JITTER = [-1, 0, 0, 1];

function currentCard(person: DraftPerson): string {
  return person.cards.at(-1) ?? "";
}

function cardFields(person: DraftPerson): Pick<RawSwipe, "credential" | "cardNumber"> {
  return { credential: "card", cardNumber: currentCard(person) };
}

/** Fields of a plain swipe at a moment: nothing of chance in time or card. */
function swipeAt(draft: Draft, person: DraftPerson, fields: Partial<RawSwipe>): string {
  emitSwipe(draft, person, {
    kind: "settle",
    occurredAt: iso(draft.now),
    receivedAt: iso(draft.now),
    ...cardFields(person),
    ...fields,
  });
  return person.swipes.at(-1)?.eventId ?? "";
}

function status(
  draft: Draft,
  person: DraftPerson,
  fields: Partial<RawStatus> & Pick<RawStatus, "action">,
): void {
  emit(draft, {
    type: "card-status",
    eventId: newEventId(draft, "c"),
    occurredAt: iso(draft.now),
    personId: person.personId,
    credential: "card",
    region: person.insuredRegion,
    ...(person.reportsByNumber ? { cardNumber: currentCard(person) } : {}),
    ...fields,
  });
}

/** A phone report that lapses; swipes around the expiry; a challenge passed or failed; sometimes a late end. */
export function lapseStory(draft: Draft, person: DraftPerson): void {
  const { random } = draft;
  const expiresAt = startOfDay(dayOf(draft.now) + random.pick([1, 3, 10]));
  status(draft, person, { action: "report-loss", channel: "app", expiresAt: iso(expiresAt) });
  draft.now = expiresAt + random.pick(JITTER);
  remember(draft, expiresAt);
  const challenged = swipeAt(draft, person, {});
  draft.now += random.pick([MINUTE, HOUR]);
  if (random.chance(0.8)) {
    const challengeResult = random.weighted({ passed: 4, failed: 1 });
    swipeAt(draft, person, { challengeOf: challenged, challengeResult });
    draft.now += 30 * MINUTE + random.pick(JITTER);
    swipeAt(draft, person, {});
  }
  const action = random.weighted({ "report-loss": 2, "confirm-loss": 1, release: 3 });
  if (random.chance(0.5)) status(draft, person, { action, channel: "counter" });
}

/** Wrong PINs up to about the limit, then the right one, then spending at the ends of the windows. */
export function pinStory(draft: Draft, person: DraftPerson): void {
  const { random } = draft;
  const wrongCount = random.integer(1, 4);
  for (let count = 0; count < wrongCount; count += 1) {
    swipeAt(draft, person, {
      kind: random.pick(["pin-check", "authorize", "settle"]),
      pin: "wrong",
      readError: false,
    });
    draft.now += random.pick([MINUTE, 10 * MINUTE, HOUR - 1, HOUR, HOUR + 1]);
  }
  if (random.chance(0.3)) {
    status(draft, person, { action: "pin-unlock", channel: "counter", cardNumber: currentCard(person) });
  }
  swipeAt(draft, person, { pin: "ok", totalFen: random.pick([4_999, 5_000]) });
  draft.now += random.pick([HOUR, DAY]) + random.pick(JITTER);
  swipeAt(draft, person, { totalFen: 5_000 });
}

/** A default PIN away from home, the challenge answered, and swipes 30 minutes later. */
export function challengeStory(draft: Draft, person: DraftPerson): void {
  const { random } = draft;
  const fields: Partial<RawSwipe> = {
    careRegion: random.pick(person.regions),
    pin: "ok",
    pinIsDefault: true,
    totalFen: 10_000,
  };
  const challenged = swipeAt(draft, person, {
    ...fields,
    kind: random.pick(["settle", "authorize", "pin-check"]),
  });
  draft.now += random.pick([1, MINUTE, HOUR]);
  const challengeResult = random.weighted({ passed: 3, failed: 1 });
  swipeAt(draft, person, { ...fields, challengeOf: challenged, challengeResult });
  draft.now += 30 * MINUTE + random.pick(JITTER);
  swipeAt(draft, person, fields);
}

/** A quick loss life whose records arrive in another order than they were accepted in. */
export function outOfOrderStory(draft: Draft, person: DraftPerson): void {
  const { random } = draft;
  const start = draft.now;
  const at = (step: number) => ({ occurredAt: iso(start + step * HOUR), receivedAt: iso(start + 6 * HOUR) });
  for (const step of [0, 1, 2, 3]) {
    draft.now = start + step * HOUR + random.pick(JITTER);
    swipeAt(draft, person, { kind: random.pick(["settle", "settle", "authorize"]) });
  }
  draft.now = start + 6 * HOUR;
  const second = random.weighted({ release: 5, "confirm-loss": 1, "report-loss": 2 });
  const steps = [
    () => status(draft, person, { action: "report-loss", channel: "phone", ...at(1) }),
    () => status(draft, person, { action: second, channel: "counter", ...at(2) }),
    () => status(draft, person, { action: "release", channel: "counter", ...at(3) }),
  ];
  const order = random.pick([
    [0, 1, 2],
    [1, 0, 2],
    [0, 2, 1],
    [2, 0, 1],
  ]);
  for (const index of order) steps[index]?.();
}

/** Late settles about the oldest of the 64 kept ones, and repeats of settles kept and dropped. */
export function fullRecordStory(draft: Draft, person: DraftPerson): void {
  const { random } = draft;
  const settles = person.swipes.filter(({ kind }) => kind === "settle");
  const oldest = settles.at(-random.integer(60, 68));
  if (oldest === undefined) return;
  draft.now += MINUTE;
  if (random.chance(0.4)) {
    draft.records.push({ ...oldest, receivedAt: iso(draft.now) });
    return;
  }
  const occurredAt = iso(parseInstant(oldest.occurredAt) + random.pick(JITTER));
  emitSwipe(draft, person, { kind: "settle", occurredAt, receivedAt: iso(draft.now) });
}

function fact(draft: Draft, person: DraftPerson, fields: Partial<RawFact> & Pick<RawFact, "fact">): void {
  emit(draft, {
    type: "person-fact",
    eventId: newEventId(draft, "f"),
    occurredAt: iso(draft.now),
    personId: person.personId,
    ...fields,
  });
}

/** Chains of cities next to each other, and two pairs 99.9 km and 100.0 km apart. */
const NEIGHBOURS: readonly (readonly [string, string])[] = [
  ["330100", "330600"],
  ["330106", "330500"],
  ["310115", "320600"],
  ["510900", "511600"],
  ["110000", "120000"],
  ["419001", "4101"],
];

/** A family with mutual aid and a filing: larger purchases at home, next to it, far away, with and without shared money. */
export function travellingStory(draft: Draft, person: DraftPerson): void {
  const { random } = draft;
  const [home, next] = random.pick(NEIGHBOURS);
  const to = draft.now + random.pick([HOUR, DAY, 3 * DAY]);
  if (random.chance(0.7)) fact(draft, person, { fact: "filing", region: home, to: iso(to) });
  if (random.chance(0.7)) fact(draft, person, { fact: "mutual-aid", to: iso(to) });
  for (let count = 0; count < 4; count += 1) {
    draft.now = random.pick([draft.now + HOUR, draft.now + DAY, to + random.pick(JITTER)]);
    swipeAt(draft, person, {
      kind: random.pick(["settle", "settle", "authorize"]),
      careRegion: random.pick([home, next, next, ...person.regions]),
      totalFen: random.pick([19_999, 20_000, 20_000, 60_000]),
      ...(random.chance(0.4) ? { sharedAccountFen: random.pick([0, 1, 20_000]) } : {}),
      ...(random.chance(0.2) ? { agentPurchase: random.chance(0.7) } : {}),
    });
  }
}

/** Drugs that are easily resold, about the sum of a day and about its end, at one to three shops and a hospital. */
export function resaleStory(draft: Draft, person: DraftPerson): void {
  const { random } = draft;
  const careRegion = random.chance(0.7) ? person.insuredRegion : random.pick(person.regions);
  const shops = random.integer(1, 3);
  for (let count = random.integer(2, 4); count > 0; count -= 1) {
    const isHospital = random.chance(0.15);
    const settled = swipeAt(draft, person, {
      kind: random.pick(["settle", "settle", "settle", "authorize"]),
      careRegion,
      institutionId: `${isHospital ? "H" : "P"}${careRegion}${random.integer(1, shops)}`,
      institutionKind: isHospital ? "hospital" : "pharmacy",
      items: [
        {
          name: random.pick(["片仔癀 3g", "同仁堂安宫牛黄丸", "阿胶"]),
          amountFen: random.pick([0, 40_000, 60_000]),
        },
        { name: "感冒灵", amountFen: 99_999 },
        ...(random.chance(0.3) ? [{ code: "X1", amountFen: 40_000 }, { name: "片仔癀" }] : []),
      ],
    });
    if (random.chance(0.15)) swipeAt(draft, person, { kind: "cancel", originalEventId: settled });
    draft.now += random.pick([MINUTE, HOUR, 12 * HOUR, DAY - HOUR, DAY]) + random.pick(JITTER);
  }
}

/** A hospital stay, purchases elsewhere about its beginning and its end. */
export function stayStory(draft: Draft, person: DraftPerson): void {
  const { random } = draft;
  const region = random.pick([...person.regions, "33", "110101"]);
  const from = draft.now + random.pick([-HOUR, 0, HOUR]);
  const to = from + random.pick([2 * HOUR, DAY, 9 * DAY]);
  fact(draft, person, {
    fact: "inpatient",
    from: iso(from),
    ...(random.chance(0.8) ? { to: iso(to) } : {}),
    ...(random.chance(0.9) ? { institutionId: `H${region}1` } : {}),
    ...(random.chance(0.9) ? { region } : {}),
  });
  for (const moment of [from, from + HOUR, to]) {
    draft.now = Math.max(draft.now, moment + random.pick(JITTER));
    const careRegion = random.pick([region, ...person.regions]);
    swipeAt(draft, person, {
      careRegion,
      ...(random.chance(0.3) ? { institutionId: `H${region}1`, institutionKind: "hospital" } : {}),
      ...(random.chance(0.2) ? { externalPrescription: random.chance(0.7) } : {}),
    });
  }
}

/** The holder's switches; swipes about the night's ends, about midnight and about the day's sum. */
export function limitsStory(draft: Draft, person: DraftPerson): void {
  const { random } = draft;
  fact(draft, person, {
    fact: "limits",
    homeOnly: random.chance(0.5),
    noNight: random.chance(0.6),
    ...(random.chance(0.8) ? { dailyFen: random.pick([10_000, 20_000]) } : {}),
  });
  const midnight = startOfDay(dayOf(draft.now) + 1);
  for (const hours of [-1, 0, 6, 23]) {
    if (random.chance(0.4)) continue;
    draft.now = Math.max(draft.now, midnight + hours * HOUR + random.pick(JITTER));
    const settled = swipeAt(draft, person, {
      kind: random.pick(["settle", "settle", "authorize", "pin-check"]),
      totalFen: random.pick([5_000, 9_999, 10_000, 10_001, 20_000]),
      careRegion: random.chance(0.6) ? person.insuredRegion : random.pick(person.regions),
    });
    if (!random.chance(0.3)) continue;
    draft.now += MINUTE;
    swipeAt(draft, person, {
      challengeOf: settled,
      challengeResult: random.weighted({ passed: 3, failed: 1 }),
      totalFen: 10_000,
    });
  }
}

export type Story = (draft: Draft, person: DraftPerson) => void;
