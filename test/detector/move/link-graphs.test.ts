/** Links of any shape end: one person for what hangs together, no report lost, whatever is under way together. */

import { describe, expect, test } from "@jest/globals";
import { PASSED_MAX, STATE_HOPS_MAX } from "../../../schemas/journal.js";
import { judgeLines } from "../../support/judge.js";
import { Crash, keyOf, MovingWorld, noCrash, numberIn, type Step } from "../../support/moving-world.js";
import fc from "../../support/properties.js";
import { at, HOUR_MS, rawStatus, rawSwipe, START_MS } from "../../support/records.js";

/** Former number → new number, by place in the list of numbers. */
const RUNS = Number(process.env.KADUN_LINK_GRAPHS ?? 40);

type Link = readonly [former: number, to: number];

const received = (raw: Record<string, unknown>) => ({ ...raw, receivedAt: raw.occurredAt });

const linkOf = (numbers: readonly string[], [former, to]: Link, index: number) => ({
  type: "person-link",
  eventId: `link-${index}`,
  occurredAt: at(START_MS + HOUR_MS),
  formerPersonId: numbers[former],
  personId: numbers[to],
});

/** A person has room for 8 cards. */
const cardOf = (number: number) => `CARD-${number % 7}`;

const reportsOf = (numbers: readonly string[]) =>
  numbers.map((personId, index) =>
    received(rawStatus({ personId, eventId: `r-${index}`, cardNumber: cardOf(index), region: "330100" })),
  );

/** What hangs together, each number in one of them. */
function componentsOf(count: number, links: readonly Link[]): number[][] {
  const group = Array.from({ length: count }, (_, index) => index);
  for (const [former, to] of links) {
    const [from, into] = [group[former]!, group[to]!];
    for (let index = 0; index < count; index++) if (group[index] === from) group[index] = into;
  }
  return [...new Set(group)].map((id) => group.flatMap((of, index) => (of === id ? [index] : [])));
}

/** Each number swipes the card that another of its component has lost. */
function swipesOf(numbers: readonly string[], components: readonly number[][]) {
  return components.flatMap((members) =>
    members.map((member, place) =>
      received(
        rawSwipe({
          eventId: `s-${member}`,
          personId: numbers[member],
          cardNumber: cardOf(members[(place + 1) % members.length]!),
          occurredAt: at(START_MS + 2 * HOUR_MS),
        }),
      ),
    ),
  );
}

interface Judged {
  readonly eventId: string;
  readonly personKey: string;
  readonly action: string;
}

function expectOnePersonEach(components: readonly number[][], decisions: readonly Judged[]): void {
  expect(decisions).toHaveLength(components.flat().length);
  const byEvent = new Map(decisions.map((decision) => [decision.eventId, decision]));
  const seen = components.map((members) => {
    const own = members.map((member) => byEvent.get(`s-${member}`));
    return {
      persons: new Set(own.map((decision) => decision?.personKey)).size,
      actions: [...new Set(own.map((decision) => decision?.action))],
    };
  });
  expect(seen).toEqual(components.map(() => ({ persons: 1, actions: ["reject"] })));
}

async function expectOneLivePersonEach(world: MovingWorld, numbers: string[], links: readonly Link[]) {
  const components = componentsOf(numbers.length, links);
  await world.send(swipesOf(numbers, components));
  await world.settle();
  expectOnePersonEach(components, world.decisions());
}

/** Three numbers, the first in partition 0, in the order of their keys. */
function threeInOrder(partitions: readonly number[], attempt: number): string[] {
  return partitions
    .map((partition, index) => numberIn(partition, `T${attempt}-${index}`))
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

describe("two links at the same time", () => {
  test.each([0, 1, 2, 3, 4, 5])(
    "that close a ring over a number that had moved before end in one person (%i)",
    async (attempt) => {
      const numbers = threeInOrder([attempt & 1, (attempt >> 1) & 1, 1], attempt);
      const links: Link[] = [
        [0, 1],
        [1, 2],
        [2, 0],
      ];
      const world = await MovingWorld.begin();
      await world.send([...reportsOf(numbers), linkOf(numbers, links[0]!, 0)]);
      await world.settle();
      await world.send([linkOf(numbers, links[1]!, 1), linkOf(numbers, links[2]!, 2)]);
      await world.settle();
      const refused = [0, 1].flatMap((p) => world.outcomes(p)).filter(({ type }) => type === "refused");
      expect(refused).toMatchObject([{ code: "LINK_CYCLE" }]);
      await expectOneLivePersonEach(world, numbers, links);
    },
  );
});

describe("a number that has forgotten who moved to it", () => {
  test.each([8, 9, 12])("and moves to the first of %i is one person with all of them", (formers) => {
    const names = Array.from({ length: 2 }, (_, run) =>
      Array.from({ length: formers + 1 }, (_, index) => `N-${run}-${index}`),
    );
    // With the smallest and with the largest key as the first that moved.
    const order = (numbers: string[], sign: number) =>
      numbers.sort((a, b) => (keyOf(a) < keyOf(b) ? -sign : sign));
    for (const numbers of [order(names[0]!, 1), order(names[1]!, -1)]) {
      const target = formers;
      const links: Link[] = [
        ...Array.from({ length: formers }, (_, index): Link => [index, target]),
        [target, 0],
      ];
      const lines = [
        ...reportsOf(numbers),
        ...links.map((link, index) => linkOf(numbers, link, index)),
        ...swipesOf(numbers, componentsOf(numbers.length, links)),
      ];
      const outcomes = judgeLines(lines.map((line) => JSON.stringify(line))).judged.map(
        ({ outcome }) => outcome,
      );
      const decisions = outcomes.flatMap((outcome) =>
        "type" in outcome && outcome.type === "decision" ? [outcome] : [],
      );
      expectOnePersonEach(componentsOf(numbers.length, links), decisions);
    }
  });
});

const graph = fc.integer({ min: 3, max: 10 }).chain((count) =>
  fc.record({
    salt: fc.nat({ max: 1_000_000 }),
    partitions: fc.array(fc.nat({ max: 1 }), { minLength: count, maxLength: count }),
    links: fc.array(
      fc
        .tuple(fc.nat({ max: count - 1 }), fc.nat({ max: count - 1 }))
        .filter(([former, to]) => former !== to),
      { minLength: 1, maxLength: count + 3 },
    ),
    /** Between two links: nothing, or one of the two judges or carriers goes on. */
    steps: fc.array(fc.nat({ max: 5 }), { minLength: count, maxLength: 6 * count }),
  }),
);

type Graph = typeof graph extends fc.Arbitrary<infer Value> ? Value : never;

async function liveThrough(
  { salt, partitions, links, steps }: Graph,
  step: Step,
): Promise<[MovingWorld, string[]]> {
  const numbers = partitions.map((partition, index) => numberIn(partition, `G${salt}-${index}`));
  const world = await MovingWorld.begin();
  const untilDone = async (does: () => Promise<void>): Promise<void> => {
    try {
      await does();
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      await untilDone(does);
    }
  };
  await world.send(reportsOf(numbers));
  let sent = 0;
  const sendNext = async () => {
    const index = sent++;
    const link = links[index];
    if (link !== undefined) await world.send([linkOf(numbers, link, index)]);
  };
  for (const next of steps) {
    if (next < 2) await world.judge(next);
    else if (next < 4) await untilDone(() => world.carry(next - 2, step));
    else await sendNext();
  }
  while (sent < links.length) await sendNext();
  await untilDone(() => world.settle(step));
  return [world, numbers];
}

describe("a ring of more numbers than a state remembers", () => {
  test("is opened at the hop limit, once, with every report", () => {
    const numbers = Array.from({ length: PASSED_MAX + 6 }, (_, index) => `RING-${index}`);
    const links = numbers.map((_, index): Link => [index, (index + 1) % numbers.length]);
    const components = componentsOf(numbers.length, links);
    const lines = [
      ...reportsOf(numbers.slice(0, 7)),
      ...links.map((link, index) => linkOf(numbers, link, index)),
      ...swipesOf(numbers, components),
    ];
    const outcomes = judgeLines(lines.map((line) => JSON.stringify(line))).judged.map(
      ({ outcome }) => outcome,
    );
    const refused = outcomes.filter((outcome) => "refused" in outcome);
    expect(refused).toMatchObject([{ code: "LINK_CYCLE" }]);
    const sentOn = outcomes.filter(
      (outcome) => "type" in outcome && outcome.type === "forwarded" && outcome.hop,
    );
    expect(sentOn.length).toBeGreaterThan(STATE_HOPS_MAX);
    expect(sentOn.length).toBeLessThan(STATE_HOPS_MAX + 2 * numbers.length);
    const decisions = outcomes.flatMap((outcome) =>
      "type" in outcome && outcome.type === "decision" ? [outcome] : [],
    );
    expectOnePersonEach(components, decisions);
  });
});

describe("links of any shape, under way together", () => {
  test("end in one person for what hangs together, with every report", async () => {
    await fc.assert(
      fc.asyncProperty(graph, async (drawn) => {
        const [world, numbers] = await liveThrough(drawn, noCrash);
        await expectOneLivePersonEach(world, numbers, drawn.links);
      }),
      { numRuns: RUNS },
    );
  });

  test("and with a carrier that ends before or after its steps", async () => {
    await fc.assert(
      fc.asyncProperty(graph, fc.array(fc.nat({ max: 12 }), { maxLength: 8 }), async (drawn, gaps) => {
        const [world, numbers] = await liveThrough(drawn, crashingAfter(gaps));
        await expectOneLivePersonEach(world, numbers, drawn.links);
      }),
      { numRuns: RUNS },
    );
  });

  test("in a replay too", () => {
    fc.assert(
      fc.property(graph, ({ salt, partitions, links }) => {
        const numbers = partitions.map((_, index) => `R${salt}-${index}`);
        const components = componentsOf(numbers.length, links);
        const lines = [
          ...reportsOf(numbers),
          ...links.map((link, index) => linkOf(numbers, link, index)),
          ...swipesOf(numbers, components),
        ];
        const decisions = judgeLines(lines.map((line) => JSON.stringify(line))).judged.flatMap(
          ({ outcome }) => ("type" in outcome && outcome.type === "decision" ? [outcome] : []),
        );
        expectOnePersonEach(components, decisions);
      }),
      { numRuns: 2 * RUNS },
    );
  });
});

/** Ends the carrier after that many effects, before and after one in turn. */
function crashingAfter(gaps: readonly number[]): Step {
  const left = [...gaps];
  let wait = left.shift();
  let isBefore = true;
  return async (_effect, does) => {
    if (wait === undefined || wait-- > 0) {
      await does();
      return;
    }
    wait = left.shift();
    isBefore = !isBefore;
    if (!isBefore) await does();
    throw new Crash();
  };
}
