/** Cards as the database knows them: projected from the decisions log, made again by a rebuild, of a person under any key. */

import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { parseInstantMs } from "../../../schemas/instant.js";
import type { LoggedOutcome } from "../../../schemas/outcomes.js";
import { cardOfSwipe, cardsOf, reportOfEvent } from "../../../services/alerts/card-reports/cards-of.js";
import { emptyAlerts, endAlertsRebuild } from "../../../services/alerts/empty-tables.js";
import { personKeysOf } from "../../../services/alerts/person-keys.js";
import { alertsHashes } from "../../../services/alerts/table-hashes.js";
import { AlertsDesk } from "../alerts-desk.js";
import { at, decision, lossReport, OTHER_PERSON, PERSON, rejected, revision } from "../outcome-records.js";

let desk: AlertsDesk;
beforeAll(async () => {
  desk = await AlertsDesk.open();
});
afterEach(async () => {
  await endAlertsRebuild(desk.database);
  await desk.empty();
});
afterAll(() => desk.close());

const CARD_KEY = "ab".repeat(16);
const swipe = (eventId: string, minutes: number, fields: Parameters<typeof decision>[1] = {}) =>
  decision(eventId, { occurredAt: at(minutes), ...fields, swipe: { cardKey: CARD_KEY, ...fields.swipe } });

function merged(formerPersonKey: string, personKey: string): LoggedOutcome {
  const dropped = {};
  return {
    type: "person-merged",
    eventId: "l-1",
    personKey,
    formerPersonKey,
    dropped,
    bundleHash: "ab".repeat(32),
  };
}

async function standings(personKey = PERSON, minutes = 60) {
  const cards = await cardsOf(desk.tables, personKey, parseInstantMs(at(minutes)));
  return cards.map(({ credential, cardTail, standing }) => `${credential} ${cardTail} ${standing}`);
}

test("a transition is what the holder sees, whole", async () => {
  await desk.consume([swipe("s-1", -10), lossReport("c-1")]);
  const [card, ...others] = await cardsOf(desk.tables, PERSON, parseInstantMs(at(1)));
  const { type: _type, personKey: _key, bundleHash: _hash, ...told } = lossReport("c-1");
  expect(others).toEqual([]);
  expect(card).toMatchObject({ credential: "card", cardTail: "1234", standing: "lost", since: at(0) });
  expect(card?.report).toMatchObject(told);
  expect(await reportOfEvent(desk.tables, [PERSON], "c-1")).toEqual(told);
  expect(await reportOfEvent(desk.tables, [OTHER_PERSON], "c-1")).toBeNull();
});

test("one that was refused is kept as that and changes nothing", async () => {
  await desk.consume([
    swipe("s-1", -10),
    lossReport("c-1", { applied: false, code: "NOT_VERIFIED", expiresAtMin: null, expiresAtMax: null }),
  ]);
  expect(await standings()).toEqual(["card 1234 in-use"]);
  expect(await reportOfEvent(desk.tables, [PERSON], "c-1")).toMatchObject({
    applied: false,
    code: "NOT_VERIFIED",
  });
});

test("a swipe that a revision rejected afterwards is no use of the new card", async () => {
  const late = swipe("s-2", 20, { cardTail: "1234" });
  await desk.consume([
    lossReport("c-1", { action: "replace", to: "replaced", expiresAtMin: null, expiresAtMax: null }),
    late,
  ]);
  expect(await standings()).toEqual(["card 1234 in-use"]);
  await desk.empty();
  await desk.consume([
    late,
    lossReport("c-1", { action: "replace", to: "replaced", expiresAtMin: null, expiresAtMax: null }),
    revision(late, 1),
  ]);
  expect(await standings()).toEqual(["card 1234 replaced"]);
});

test("cards of a former key are the person's, asked under either", async () => {
  await desk.consume([
    swipe("s-1", -10, { personKey: OTHER_PERSON, cardTail: "7777" }),
    lossReport("c-1", { personKey: OTHER_PERSON, cardTail: "7777" }),
    merged(OTHER_PERSON, PERSON),
    swipe("s-2", 10),
  ]);
  const all = ["card 1234 in-use", "card 7777 lost"];
  expect(await standings(PERSON)).toEqual(all);
  expect(await standings(OTHER_PERSON)).toEqual(all);
  expect(await personKeysOf(desk.tables, PERSON)).toEqual([PERSON, OTHER_PERSON]);
});

test("a ring of keys ends, and a stranger's card is nobody else's", async () => {
  await desk.consume([
    merged(OTHER_PERSON, PERSON),
    { ...merged(PERSON, OTHER_PERSON), eventId: "l-2" } as LoggedOutcome,
    swipe("s-1", -10, { personKey: "99".repeat(16) }),
  ]);
  expect(await personKeysOf(desk.tables, OTHER_PERSON)).toEqual([OTHER_PERSON, PERSON]);
  expect(await standings(PERSON)).toEqual([]);
});

test("a swipe's card is named by its token for its holder alone", async () => {
  await desk.consume([
    swipe("s-1", 0),
    decision("s-2", { cardTail: null, swipe: { credential: "e-credential" } }),
    rejected("s-3"),
  ]);
  const of = (eventId: string, personKey = PERSON) =>
    cardOfSwipe(desk.tables, personKey, `${PERSON.slice(0, 12)}-${eventId}-0`);
  expect(await of("s-1")).toEqual({ credential: "card", card: { cardKey: CARD_KEY, cardTail: "1234" } });
  expect(await of("s-2")).toEqual({ credential: "e-credential", card: null });
  // As one that an earlier release kept: its token is not known.
  expect(await of("s-3")).toEqual({ credential: "card", card: null });
  expect(await of("s-1", OTHER_PERSON)).toBeNull();
  expect(await of("s-9")).toBeNull();
});

test("a rebuild gives the same reports, and applying a batch again adds none", async () => {
  const outcomes = [
    swipe("s-1", -10),
    lossReport("c-1"),
    lossReport("c-2", { action: "release", to: "active" }),
  ];
  await desk.consume(outcomes);
  const before = await alertsHashes(desk.database);
  expect(before.cardReports.rows).toBe(2);
  await desk.tables.deleteFrom("consumer_progress").execute();
  await desk.consume(outcomes);
  expect(await alertsHashes(desk.database)).toEqual(before);
  await emptyAlerts(desk.database);
  expect((await alertsHashes(desk.database)).cardReports.rows).toBe(0);
  await desk.consume(outcomes);
  expect(await alertsHashes(desk.database)).toEqual(before);
});
