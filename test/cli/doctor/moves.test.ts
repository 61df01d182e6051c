/** What `kadun doctor` says of persons on their way to another number. */

import { expect, test } from "@jest/globals";
import { findingOf, movesSeen } from "../../../cli/doctor/moves.js";
import { MemoryEventLog } from "../../../platform/event-log/memory/memory-event-log.js";
import { Crash, keyOf, MovingWorld, numberIn } from "../../support/moving-world.js";
import { at, HOUR_MS, rawSwipe, START_MS } from "../../support/records.js";

const OLD = numberIn(0, "OLD");
const NEW = numberIn(1, "NEW");
const LAST = numberIn(0, "LAST");
const link = (formerPersonId: string, personId: string) => ({
  type: "person-link",
  eventId: `${formerPersonId}-${personId}`,
  occurredAt: at(START_MS + HOUR_MS),
  formerPersonId,
  personId,
});

const seen = (world: MovingWorld) => movesSeen(new MemoryEventLog(world.logs), world.store, 2);

test("a link, its state and a record are counted wherever they are under way, until they have arrived", async () => {
  const world = await MovingWorld.begin();
  await world.send([rawSwipe({ personId: OLD, eventId: "s-1" })]);
  expect(await seen(world)).toEqual({ moved: 0, unjudged: 0, uncarried: 0, circles: 0 });
  await world.send([link(OLD, NEW), rawSwipe({ personId: OLD })]);
  expect(await seen(world)).toEqual({ moved: 0, unjudged: 1, uncarried: 0, circles: 0 });
  await world.judge(0);
  expect(await seen(world)).toEqual({ moved: 0, unjudged: 0, uncarried: 2, circles: 0 });
  await world.carry(0);
  expect(await seen(world)).toEqual({ moved: 0, unjudged: 2, uncarried: 0, circles: 0 });
  await world.judge(1);
  expect(await seen(world)).toEqual({ moved: 0, unjudged: 0, uncarried: 1, circles: 0 });
  await world.carry(1);
  expect(await seen(world)).toEqual({ moved: 1, unjudged: 0, uncarried: 0, circles: 0 });
});

test("what a carrier brought counts until it has stored that", async () => {
  const world = await MovingWorld.begin();
  await world.send([link(OLD, NEW)]);
  await world
    .settle(async (effect, does) => {
      if (effect === "progress") throw new Crash();
      await does();
    })
    .catch((error: unknown) => expect(error).toBeInstanceOf(Crash));
  expect(await seen(world)).toEqual({ moved: 0, unjudged: 1, uncarried: 1, circles: 0 });
  await world.settle();
  expect(await seen(world)).toEqual({ moved: 1, unjudged: 0, uncarried: 0, circles: 0 });
});

test("an entry that leads to a number that has moved on is nothing to wait for", async () => {
  const world = await MovingWorld.begin();
  await world.send([link(OLD, NEW)]);
  await world.settle();
  await world.send([link(NEW, LAST)]);
  await world.settle();
  const sees = await seen(world);
  expect(sees).toEqual({ moved: 2, unjudged: 0, uncarried: 0, circles: 0 });
  expect(findingOf(sees, true).verdict).toBe("ok");
});

test("a table that leads in a circle is named with what makes it again", async () => {
  const world = await MovingWorld.begin();
  const [one, other, before] = [OLD, NEW, LAST].map(keyOf);
  for (const [from, to] of [
    [one, other],
    [other, one],
    [before, one],
  ])
    await world.store.put(`moved/${from}`, Buffer.from(to!));
  const sees = await seen(world);
  expect(sees).toEqual({ moved: 3, unjudged: 0, uncarried: 0, circles: 3 });
  expect(findingOf(sees, true)).toMatchObject({
    verdict: "warn",
    detail: expect.stringMatching(/3 former numbers lead in a circle$/),
    next: expect.stringMatching(/move registers\/moved away/),
  });
});

test("all is well where nothing is under way; else the next step depends on whether Kadun runs", () => {
  expect(findingOf({ moved: 3, unjudged: 0, uncarried: 0, circles: 0 }, false)).toMatchObject({
    verdict: "ok",
    detail: expect.stringMatching(/^3 former numbers/),
    next: null,
  });
  for (const underWay of [
    { moved: 3, unjudged: 1, uncarried: 0, circles: 0 },
    { moved: 3, unjudged: 0, uncarried: 2, circles: 0 },
  ]) {
    expect(findingOf(underWay, false)).toMatchObject({
      verdict: "warn",
      next: "'kadun start' carries them on",
    });
    expect(findingOf(underWay, true).next).toMatch(/look again/);
  }
});
