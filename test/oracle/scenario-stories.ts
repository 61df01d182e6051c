// Short scripted runs inside a scenario: places that random steps reach too rarely.
import { type Draft, type DraftPerson, emit, iso, newEventId, remember } from "./scenario-draft.js";
import { emitSwipe } from "./scenario-swipes.js";
import { DAY, dayOf, HOUR, MINUTE, parseInstant, startOfDay } from "./time.js";
import type { RawStatus, RawSwipe } from "./types.js";

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

export type Story = (draft: Draft, person: DraftPerson) => void;
