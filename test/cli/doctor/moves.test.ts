/** What `kadun doctor` says of persons on their way to another number. */

import { expect, test } from "@jest/globals";
import { findingOf, movesSeen } from "../../../cli/doctor/moves.js";
import { MemoryEventLog } from "../../../platform/event-log/memory/memory-event-log.js";
import { Crash, keyOf, MovingWorld, numberIn } from "../../support/moving-world.js";
import { at, HOUR_MS, rawSwipe, START_MS } from "../../support/records.js";

const OLD = numberIn(0, "OLD");
const NEW = numberIn(1, "NEW");
const link = (formerPersonId: string, personId: string) => ({
  type: "person-link",
  eventId: `${formerPersonId}-${personId}`,
  occurredAt: at(START_MS + HOUR_MS),
  formerPersonId,
  personId,
});

const seen = (world: MovingWorld) => movesSeen(new MemoryEventLog(world.logs), world.store, 2);

test("a state and a record that no carrier has brought on are counted until it has", async () => {
  const world = await MovingWorld.begin();
  await world.send([link(OLD, NEW), rawSwipe({ personId: OLD })]);
  await world.judge(0);
  expect(await seen(world)).toEqual({ moved: 0, unresolved: 0, waiting: 2 });
  await world
    .settle(async (effect, does) => {
      if (effect === "progress") throw new Crash();
      await does();
    })
    .catch((error: unknown) => expect(error).toBeInstanceOf(Crash));
  expect(await seen(world)).toEqual({ moved: 1, unresolved: 0, waiting: 2 });
  await world.settle();
  expect(await seen(world)).toEqual({ moved: 1, unresolved: 0, waiting: 0 });
});

test("an entry that leads to a key that has moved on is unresolved", async () => {
  const world = await MovingWorld.begin();
  await world.store.put(`moved/${keyOf(OLD)}`, Buffer.from(keyOf(NEW)));
  await world.store.put(`moved/${keyOf(NEW)}`, Buffer.from(keyOf("LAST")));
  expect(await seen(world)).toEqual({ moved: 2, unresolved: 1, waiting: 0 });
});

test("all is well where nothing is under way; else the next step depends on whether Kadun runs", () => {
  expect(findingOf({ moved: 3, unresolved: 0, waiting: 0 }, false)).toMatchObject({
    verdict: "ok",
    next: null,
  });
  const waiting = { moved: 3, unresolved: 1, waiting: 2 };
  expect(findingOf(waiting, false)).toMatchObject({ verdict: "warn", next: "'kadun start' carries them on" });
  expect(findingOf(waiting, true).next).toMatch(/look again/);
});
