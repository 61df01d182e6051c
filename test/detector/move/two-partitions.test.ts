/** A person whose old and new key lie in two partitions: detectors, carrier and gateways, ended at every step. */

import { describe, expect, test } from "@jest/globals";
import { Crash, keyOf, MovingWorld, numberIn, type Step } from "../../support/moving-world.js";
import { at, HOUR_MS, MINUTE_MS, rawFact, rawStatus, rawSwipe, START_MS } from "../../support/records.js";

const OLD = numberIn(0, "OLD");
const NEW = numberIn(1, "NEW");
const CALL = Uint8Array.of(1, 2, 3);

/** Else it would have been received now, and be late. */
function received(raw: Record<string, unknown>): Record<string, unknown> {
  return { ...raw, receivedAt: raw.occurredAt };
}

const report = received(rawStatus({ personId: OLD, cardNumber: "CARD-0001", region: "330100" }));
const link = {
  type: "person-link",
  eventId: "link-1",
  occurredAt: at(START_MS + HOUR_MS),
  personId: NEW,
  formerPersonId: OLD,
};
const swipe = (eventId: string, personId: string, fields: Readonly<Record<string, unknown>> = {}) =>
  received(rawSwipe({ eventId, personId, occurredAt: at(START_MS + 2 * HOUR_MS), ...fields }));

/** What each swipe was told in the end, and how often it was judged. */
function told(world: MovingWorld) {
  return world
    .decisions()
    .map(({ eventId, personKey, action, reasons }) => ({
      eventId,
      isNew: personKey === keyOf(NEW),
      action,
      rules: reasons.map(({ rule }) => rule),
    }))
    .sort((a, b) => (a.eventId < b.eventId ? -1 : 1));
}

const REFUSED = { isNew: true, action: "reject", rules: ["R01"] };

describe("a person whose numbers lie in two partitions", () => {
  test("has what came under the old number after the link judged by the new number's detector, once", async () => {
    const world = await MovingWorld.begin();
    await world.send([report, link, swipe("s-under-way", OLD), swipe("s-new", NEW)]);
    await world.send([swipe("s-waits", OLD)], CALL);
    await world.settle();
    await world.send([swipe("s-later", OLD)]);
    await world.settle();
    // What the new number got before the state came is corrected by a revision.
    expect(told(world)).toEqual([
      { eventId: "s-later", ...REFUSED },
      { eventId: "s-new", ...REFUSED, action: "approve", rules: [] },
      { eventId: "s-under-way", ...REFUSED },
      { eventId: "s-waits", ...REFUSED },
    ]);
    expect(world.outcomes(1)).toContainEqual(
      expect.objectContaining({ type: "revision", eventId: "s-new", action: "reject" }),
    );
    expect(world.journal(0).map(({ type }) => type)).not.toContain("carried");
    expect(world.journal(0).at(-1)).toMatchObject({ eventId: "s-waits" });
    expect(world.journal(1).at(-1)).toMatchObject({ type: "swipe", eventId: "s-later" });
  });

  test("has the waiting call answered by the detector that judges, and by no other", async () => {
    const world = await MovingWorld.begin();
    await world.send([report, link]);
    await world.send([swipe("s-waits", OLD)], CALL);
    await world.settle();
    expect(world.answers).toMatchObject([
      { partition: 1, header: CALL, outcomes: [{ type: "decision", action: "reject" }] },
    ]);
  });

  test("counts what was received first where it was received first", async () => {
    const world = await MovingWorld.begin();
    await world.send([link, rawFact({ personId: OLD, eventId: "f-1" })]);
    await world.settle();
    const carried = world.journal(1).find(({ type }) => type === "carried");
    expect(carried).toMatchObject({ record: { receivedAt: expect.any(String), personKey: keyOf(OLD) } });
  });

  test("takes the contact along", async () => {
    const world = await MovingWorld.begin();
    await world.send([link]);
    await world.settle();
    expect(world.contactsMoved).toEqual([`${keyOf(OLD)}>${keyOf(NEW)}`]);
  });

  test("is sent to the new key by a gateway that starts later, not before its judge has taken the state in", async () => {
    const world = await MovingWorld.begin();
    const knows = async () => (await world.ingest()).moved.keyOf(keyOf(OLD));
    await world.send([report, link]);
    await world.judge(0);
    expect(await knows()).toBe(keyOf(OLD));
    await world.carry(0);
    expect(world.journal(1).at(-1)).toMatchObject({ type: "person-state" });
    expect(await knows()).toBe(keyOf(OLD));
    await world.judge(1);
    await world.carry(1);
    expect(await knows()).toBe(keyOf(NEW));
  });
});

/** Ends the carrier right before or right after its n-th effect. */
function crashAt(which: number, isBefore: boolean): { step: Step; reached: () => boolean } {
  let count = 0;
  const step: Step = async (_effect, does) => {
    const isIt = count++ === which;
    if (isIt && isBefore) throw new Crash();
    await does();
    if (isIt) throw new Crash();
  };
  return { step, reached: () => count > which };
}

const LINES = [
  report,
  swipe("s-before", OLD, { occurredAt: at(START_MS - MINUTE_MS) }),
  link,
  swipe("s-1", OLD),
  swipe("s-2", OLD, { kind: "authorize" }),
  received(rawStatus({ personId: OLD, eventId: "freeze", action: "freeze", region: "330100" })),
  swipe("s-3", OLD, { kind: "query" }),
];

async function livesThrough(step: Step): Promise<MovingWorld> {
  const world = await MovingWorld.begin();
  await world.send(LINES);
  for (let isOver = false; !isOver; ) {
    isOver = await world.settle(step).then(
      () => true,
      (error: unknown) => {
        if (!(error instanceof Crash)) throw error;
        return false;
      },
    );
  }
  await world.send([swipe("s-last", OLD), swipe("s-own", NEW)]);
  await world.settle();
  return world;
}

/** Outcomes under the new key that tell something new. */
function effective(world: MovingWorld): string[] {
  const repeats = ["duplicate", "refused"];
  return world
    .outcomes(1)
    .filter(({ type }) => !repeats.includes(type))
    .map((outcome) => JSON.stringify(outcome));
}

test("a carrier that ends before or after any of its steps changes nothing and doubles nothing", async () => {
  const undisturbed = await livesThrough(async (_effect, does) => void (await does()));
  const expected = effective(undisturbed);
  expect(expected.length).toBeGreaterThan(6);
  let crashes = 0;
  for (const isBefore of [true, false])
    for (let which = 0, goesOn = true; goesOn; which++) {
      const crash = crashAt(which, isBefore);
      const world = await livesThrough(crash.step);
      goesOn = crash.reached();
      expect({ isBefore, which, outcomes: effective(world) }).toEqual({
        isBefore,
        which,
        outcomes: expected,
      });
      expect(world.outcomes(0).map((outcome) => JSON.stringify(outcome))).toEqual(
        undisturbed.outcomes(0).map((outcome) => JSON.stringify(outcome)),
      );
      crashes += Number(goesOn);
    }
  expect(crashes).toBeGreaterThan(10);
});

describe("links in a ring that are under way together", () => {
  const numbers = [numberIn(0, "A"), numberIn(1, "B"), numberIn(0, "C")];
  const ring = (length: number) =>
    numbers.slice(0, length).map((formerPersonId, index) => ({
      ...link,
      eventId: `link-${index}`,
      formerPersonId,
      personId: numbers[(index + 1) % length],
    }));

  test.each([2, 3])(
    "of %i numbers end in one person, under the smallest key, with every report",
    async (length) => {
      const world = await MovingWorld.begin();
      const members = numbers.slice(0, length);
      const reports = members.map((personId, index) =>
        rawStatus({ personId, eventId: `r-${index}`, cardNumber: `CARD-${index}`, region: "330100" }),
      );
      await world.send([...reports, ...ring(length)]);
      await world.settle();
      const swipes = members.flatMap((personId, index) =>
        members.map((_, card) => swipe(`s-${index}-${card}`, personId, { cardNumber: `CARD-${card}` })),
      );
      await world.send(swipes);
      await world.settle();
      const decisions = world.decisions();
      const smallest = members.map(keyOf).sort()[0]!;
      expect(decisions.map(({ eventId }) => eventId).sort()).toEqual(
        swipes.map(({ eventId }) => eventId).sort(),
      );
      for (const { action, personKey, reasons } of decisions)
        expect({ action, personKey, rule: reasons[0]?.rule }).toEqual({
          action: "reject",
          personKey: smallest,
          rule: "R01",
        });
      const refused = [0, 1]
        .flatMap((partition) => world.outcomes(partition))
        .filter(({ type }) => type === "refused");
      expect(refused).toMatchObject([{ code: "LINK_CYCLE", personKey: smallest }]);
    },
  );
});
