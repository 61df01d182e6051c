/**
 * A journal judged under a draft gives what a live system under that bundle would have written, body by body: also of
 * persons who moved between partitions, though the journal holds the states that the other bundle made.
 */

import { expect, test } from "@jest/globals";
import { loggedBodies } from "../../../cli/backtest/logged-bodies.js";
import { backtestResult } from "../../../cli/backtest/result.js";
import type { LoadedBundle } from "../../../cli/bundle-files.js";
import { MemoryEventLog } from "../../../platform/event-log/memory/memory-event-log.js";
import { changedBundle } from "../../detector/changed-bundle.js";
import { backtestJournal } from "../../support/backtest.js";
import { defaultBundle } from "../../support/judge.js";
import { MovingWorld } from "../../support/moving-world.js";
import fc from "../../support/properties.js";
import { at, MINUTE_MS, rawStatus, rawSwipe, START_MS } from "../../support/records.js";

type Raw = Record<string, unknown>;

const RUNS = 12;
const PERSONS = 6;

const stricter = changedBundle({
  ruleset: { rules: [{ id: "R16", params: { pharmaciesMin: 2, pharmacyWindowMinutes: 120 } }] },
});

const drawn = fc.record({
  does: fc.constantFrom(
    "swipe",
    "swipe",
    "swipe",
    "authorize",
    "report",
    "feedback",
    "link",
    "again",
    "again",
  ),
  person: fc.nat({ max: PERSONS - 1 }),
  other: fc.nat({ max: PERSONS - 1 }),
  institution: fc.nat({ max: 9 }),
});

type Drawn = typeof drawn extends fc.Arbitrary<infer Value> ? Value : never;

function rawOf({ does, person, other, institution }: Drawn, index: number, earlier: readonly Raw[]): Raw {
  const occurredAt = at(START_MS + index * 7 * MINUTE_MS);
  const head = { eventId: `e-${index}`, occurredAt, receivedAt: occurredAt, personId: `P-${person}` };
  const swipe = { ...head, cardNumber: `CARD-${other}`, institutionId: `P3301060000${institution}` };
  switch (does) {
    case "swipe":
      return rawSwipe({ ...swipe, totalFen: 20_000 });
    case "authorize":
      return rawSwipe({ ...swipe, kind: "authorize" });
    case "report":
      return rawStatus({ ...head, cardNumber: `CARD-${other}`, region: "330100" });
    // What it was answered is part of the state that moves.
    case "again":
      return earlier[((institution * earlier.length) / 10) | 0] ?? rawSwipe(swipe);
    case "feedback":
      return { type: "feedback", ...head, rule: "R16", verdict: "honest" };
    case "link":
      if (person === other) return rawSwipe(swipe);
      return { type: "person-link", ...head, personId: `P-${other}`, formerPersonId: `P-${person}` };
  }
}

/** Every other record through a gateway that has heard of no move, so that records are sent on. */
async function lived(
  history: readonly Drawn[],
  partitions: number,
  loaded: LoadedBundle,
): Promise<MemoryEventLog> {
  const world = await MovingWorld.begin(partitions, loaded);
  const sent: Raw[] = [];
  for (const [index, each] of history.entries()) {
    const raw = rawOf(each, index, sent);
    sent.push(raw);
    await (index % 2 === 0 ? world.sendUnaware([raw]) : world.send([raw]));
    if (each.institution < 5) await world.settle();
  }
  await world.settle();
  return new MemoryEventLog(world.logs);
}

test("the draft's side is what a live system under the draft writes", async () => {
  let changed = 0;
  let moved = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(drawn, { minLength: 5, maxLength: 50 }),
      fc.constantFrom(1, 2, 4),
      fc.constantFrom(1, 2, 8),
      async (history, partitions, workers) => {
        const log = await lived(history, partitions, defaultBundle);
        const ran = await backtestJournal(log, { purpose: { kind: "draft", draft: stricter }, workers });
        const result = backtestResult(ran);
        expect(result.bodies).toEqual(await loggedBodies(await lived(history, partitions, stricter)));
        expect(result.borrowedStates).toBe(0);
        changed += result.stronger;
        moved += ran.run.facts.links.length;
      },
    ),
    { numRuns: RUNS },
  );
  expect(changed).toBeGreaterThan(0);
  expect(moved).toBeGreaterThan(0);
}, 90_000);

test("a person takes along what the draft answered, not what was answered then", async () => {
  const swipes = [1, 2, 3].map(
    (institution) => ({ does: "swipe", person: 0, other: 0, institution }) as const,
  );
  const link = { does: "link", person: 0, other: 1, institution: 0 } as const;
  const repeat = { does: "again", person: 0, other: 0, institution: 3 } as const;
  const history = [...swipes, link, repeat];
  const log = await lived(history, 4, defaultBundle);
  const result = backtestResult(await backtestJournal(log, { purpose: { kind: "draft", draft: stricter } }));
  expect(result.stronger).toBeGreaterThan(0);
  expect(result.bodies).toEqual(await loggedBodies(await lived(history, 4, stricter)));
});

test("under the running bundle it is what the decisions log holds", async () => {
  const history = fc.sample(drawn, { numRuns: 80, seed: 5 });
  const log = await lived(history, 4, defaultBundle);
  const result = backtestResult(await backtestJournal(log, { workers: 8 }));
  expect(result.bodies).toEqual(await loggedBodies(log));
  expect(result).toMatchObject({ stronger: 0, weaker: 0, onlyBaseline: 0, onlyDraft: 0, borrowedStates: 0 });
});
