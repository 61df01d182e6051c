/** Whatever carriers read twice, and in whatever order they write: the table leads to whoever holds the person. */

import { describe, expect, test } from "@jest/globals";
import { movedKeys } from "../../services/ingest/moved-persons.js";
import { Crash, keyOf, MovingWorld, numberIn, type Step } from "../support/moving-world.js";
import fc from "../support/properties.js";
import { at, HOUR_MS, rawSwipe, START_MS } from "../support/records.js";

const RUNS = Number(process.env.KADUN_MOVED_TABLES ?? 20);

type Link = readonly [former: number, to: number];

const linksOf = (numbers: readonly string[], links: readonly Link[]) =>
  links.map(([former, to], index) => ({
    type: "person-link",
    eventId: `link-${index}`,
    occurredAt: at(START_MS + HOUR_MS),
    formerPersonId: numbers[former],
    personId: numbers[to],
  }));

/** By number, the key under which a swipe is decided that goes by the signposts. */
async function holdersOf(world: MovingWorld, numbers: readonly string[]): Promise<string[]> {
  await world.sendUnaware(numbers.map((personId) => rawSwipe({ personId, eventId: `s-${personId}` })));
  await world.settle();
  const holders = new Map(world.decisions().map(({ eventId, personKey }) => [eventId, personKey]));
  return numbers.map((number) => holders.get(`s-${number}`) ?? "none");
}

async function tableOf(world: MovingWorld, numbers: readonly string[]): Promise<string[]> {
  const { moved } = await world.ingest();
  return numbers.map((number) => moved.keyOf(keyOf(number)));
}

/** As a carrier does that ended before it stored how far it was. */
async function readAgain(world: MovingWorld, partition: number, fromOffset: number): Promise<void> {
  const progress = Buffer.alloc(8);
  progress.writeDoubleLE(fromOffset);
  await world.store.put(`carried/${partition}`, progress);
  await world.carry(partition);
}

/** Stands still before that effect until it is released. */
function standingStill(which: number) {
  let count = 0;
  let stand = () => {};
  let release = () => {};
  const stands = new Promise<void>((resolve) => {
    stand = resolve;
  });
  const isReleased = new Promise<void>((resolve) => {
    release = resolve;
  });
  const step: Step = async (_effect, does) => {
    if (count++ === which) {
      stand();
      await isReleased;
    }
    await does();
  };
  return { step, stands, release };
}

const SHAPES: readonly (readonly [string, readonly Link[]])[] = [
  [
    "a chain",
    [
      [0, 1],
      [1, 2],
    ],
  ],
  [
    "a chain whose end comes first",
    [
      [1, 2],
      [0, 1],
    ],
  ],
  [
    "a chain over the same partition",
    [
      [0, 2],
      [2, 1],
    ],
  ],
  [
    "two that move to one",
    [
      [0, 2],
      [1, 2],
    ],
  ],
  [
    "two that move to one, which moves",
    [
      [0, 2],
      [1, 2],
      [2, 3],
    ],
  ],
  [
    "a ring of two",
    [
      [0, 1],
      [1, 0],
    ],
  ],
  [
    "a ring of three",
    [
      [0, 1],
      [1, 2],
      [2, 0],
    ],
  ],
  [
    "a ring of two, which moves",
    [
      [0, 1],
      [1, 0],
      [0, 2],
      [1, 2],
    ],
  ],
];
const PARTITION_OF = [0, 1, 0, 1];

function numbersOf(salt: string, links: readonly Link[]): string[] {
  const count = Math.max(...links.flat()) + 1;
  return Array.from({ length: count }, (_, index) => numberIn(PARTITION_OF[index]!, `${salt}-${index}`));
}

describe.each(SHAPES)("the table of %s", (shape, links) => {
  const numbers = numbersOf(shape, links);

  /** One move after the other, or all under way together. */
  async function settled(isTogether: boolean, step?: Step): Promise<MovingWorld> {
    const world = await MovingWorld.begin();
    for (const raw of linksOf(numbers, links)) {
      await world.send([raw]);
      if (!isTogether) await world.settle(step);
    }
    await world.settle(step);
    return world;
  }

  test.each([true, false])("is right, and stays so whatever is read again (%j)", async (isTogether) => {
    const world = await settled(isTogether);
    const holders = await holdersOf(world, numbers);
    expect(await tableOf(world, numbers)).toEqual(holders);
    for (const first of [0, 1])
      for (const partition of [first, 1 - first])
        for (const back of [1, 2, 1_000]) {
          const end = world.outcomes(partition).length;
          await readAgain(world, partition, Math.max(0, end - back));
          await world.settle();
          expect({ partition, back, table: await tableOf(world, numbers) }).toEqual({
            partition,
            back,
            table: holders,
          });
        }
  });

  test.each([0, 1])(
    "is right where a carrier of partition %i goes on long after another",
    async (partition) => {
      for (let which = 0, goesOn = true; goesOn; which++) {
        const world = await MovingWorld.begin();
        await world.send(linksOf(numbers, links));
        for (const each of [0, 1]) await world.judge(each);
        const slow = standingStill(which);
        let isOver = false;
        const carrying = world.carry(partition, slow.step).then(() => {
          isOver = true;
        });
        await Promise.race([slow.stands, carrying]);
        goesOn = !isOver;
        await world.settle();
        slow.release();
        await carrying;
        await world.settle();
        expect({ which, table: await tableOf(world, numbers) }).toEqual({
          which,
          table: await holdersOf(world, numbers),
        });
      }
    },
  );
});

const history = fc.integer({ min: 3, max: 7 }).chain((count) =>
  fc.record({
    salt: fc.nat({ max: 1_000_000 }),
    partitions: fc.array(fc.nat({ max: 1 }), { minLength: count, maxLength: count }),
    links: fc.array(
      fc
        .tuple(fc.nat({ max: count - 1 }), fc.nat({ max: count - 1 }))
        .filter(([former, to]) => former !== to),
      { minLength: 2, maxLength: count + 2 },
    ),
    /** Between two links: nothing, or one of the two judges or carriers goes on. */
    steps: fc.array(fc.nat({ max: 5 }), { minLength: count, maxLength: 5 * count }),
    /** A carrier ends before or after its effect. */
    crashes: fc.array(fc.nat({ max: 12 }), { maxLength: 6 }),
    /** Partition, and how much of it is read again. */
    again: fc.array(fc.tuple(fc.nat({ max: 1 }), fc.nat({ max: 20 })), { minLength: 2, maxLength: 5 }),
  }),
);

type History = typeof history extends fc.Arbitrary<infer Value> ? Value : never;

test("links of any shape, under way together: the table is that of carriers that never end", async () => {
  await fc.assert(
    fc.asyncProperty(history, async (drawn) => {
      const numbers = drawn.partitions.map((partition, index) =>
        numberIn(partition, `M${drawn.salt}-${index}`),
      );
      const world = await lived(drawn, numbers);
      const { keys } = await movedKeys(world.store);
      expect(await tableOf(world, numbers)).toEqual(await holdersOf(world, numbers));
      for (const [partition, back] of drawn.again)
        await readAgain(world, partition, Math.max(0, world.outcomes(partition).length - back));
      await world.settle();
      expect((await movedKeys(world.store)).keys).toEqual(keys);
      // Carriers that never end, and read all there is once.
      for (const key of keys.keys()) await world.store.delete(`moved/${key}`);
      for (const partition of drawn.again[0]![0] === 0 ? [0, 1] : [1, 0])
        await readAgain(world, partition, 0);
      await world.settle();
      expect((await movedKeys(world.store)).keys).toEqual(keys);
    }),
    { numRuns: RUNS },
  );
});

async function lived({ links, steps, crashes }: History, numbers: readonly string[]): Promise<MovingWorld> {
  const world = await MovingWorld.begin();
  const raws = linksOf(numbers, links);
  const step = crashingAfter(crashes);
  const untilDone = async (does: () => Promise<void>): Promise<void> => {
    try {
      await does();
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      await untilDone(does);
    }
  };
  for (const next of steps)
    if (next < 2) await world.judge(next);
    else if (next < 4) await untilDone(() => world.carry(next - 2, step));
    else await world.send(raws.splice(0, 1));
  await world.send(raws);
  await untilDone(() => world.settle(step));
  return world;
}

/** Ends the carrier after that many effects, before and after one in turn. */
function crashingAfter(gaps: readonly number[]): Step {
  const left = [...gaps];
  let wait = left.shift();
  let isBefore = true;
  return async (_effect, does) => {
    if (wait === undefined || wait-- > 0) return void (await does());
    wait = left.shift();
    isBefore = !isBefore;
    if (!isBefore) await does();
    throw new Crash();
  };
}
