/** What a replay prints for a person who moves is, body for body, what two live partitions wrote. */

import { expect, test } from "@jest/globals";
import { judgeLines } from "../../support/judge.js";
import { MovingWorld, numberIn } from "../../support/moving-world.js";
import { at, HOUR_MS, MINUTE_MS, rawStatus, rawSwipe, START_MS } from "../../support/records.js";

const OLD = numberIn(0, "OLD");
const NEW = numberIn(1, "NEW");

const received = (raw: Record<string, unknown>) => ({ ...raw, receivedAt: raw.occurredAt });
const swipe = (eventId: string, personId: string, minutes: number) =>
  received(rawSwipe({ eventId, personId, occurredAt: at(START_MS + minutes * MINUTE_MS) }));

const BEFORE = [
  swipe("s-1", OLD, 0),
  swipe("s-2", NEW, 61),
  received(rawStatus({ personId: OLD, cardNumber: "CARD-0001", region: "330100", eventId: "r-1" })),
  received({
    type: "person-link",
    eventId: "link-1",
    occurredAt: at(START_MS + HOUR_MS),
    personId: NEW,
    formerPersonId: OLD,
  }),
];
const AFTER = [
  swipe("s-3", OLD, 90),
  swipe("s-4", NEW, 100),
  received(rawStatus({ personId: OLD, eventId: "c-1", action: "release", cardNumber: "CARD-0001" })),
  swipe("s-1", OLD, 0),
];

function sorted(bodies: readonly object[]): string[] {
  return bodies.map((body) => JSON.stringify(body)).sort();
}

const isNoActivation = ({ type }: { readonly type: string }) => type !== "activated";

test("a replay prints the outcomes of both partitions", async () => {
  const world = await MovingWorld.begin();
  await world.send(BEFORE);
  await world.settle();
  await world.send(AFTER);
  await world.settle();
  // A replay needs no activation.
  const live = world.partitions().map((partition) => world.outcomes(partition).filter(isNoActivation));
  const replayed = judgeLines([...BEFORE, ...AFTER].map((record) => JSON.stringify(record)));
  const printed = replayed.judged.map(({ outcome }) => outcome);
  expect(printed.map((outcome) => "type" in outcome && outcome.type)).toContain("person-merged");
  expect(sorted(printed)).toEqual(sorted(live.flat()));
  // And once more: the same bytes.
  const again = judgeLines([...BEFORE, ...AFTER].map((record) => JSON.stringify(record)));
  expect(JSON.stringify(again.judged)).toBe(JSON.stringify(replayed.judged));
});
