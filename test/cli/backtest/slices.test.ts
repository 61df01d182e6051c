/** A history of files judged in slices is judged as `kadun replay` judges it whole, body by body, line by line. */

import { expect, test } from "@jest/globals";
import { BodyDigest } from "../../../cli/backtest/body-digest.js";
import { backtestResult } from "../../../cli/backtest/result.js";
import type { LoadedBundle } from "../../../cli/bundle-files.js";
import { changedBundle } from "../../detector/changed-bundle.js";
import { backtestFiles } from "../../support/backtest.js";
import { judgeLines } from "../../support/judge.js";
import fc from "../../support/properties.js";
import { at, MINUTE_MS, rawFact, rawStatus, rawSwipe, START_MS } from "../../support/records.js";

type Raw = Record<string, unknown>;

const RUNS = 15;
const PERSONS = 6;

/** Rules that hit soon, so that windows and revisions matter. */
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
    "fact",
    "feedback",
    "link",
    "heartbeat",
    "again",
    "bad",
  ),
  person: fc.nat({ max: PERSONS - 1 }),
  other: fc.nat({ max: PERSONS - 1 }),
  institution: fc.nat({ max: 9 }),
});

type Drawn = typeof drawn extends fc.Arbitrary<infer Value> ? Value : never;

function lineOf(
  { does, person, other, institution }: Drawn,
  index: number,
  earlier: readonly string[],
): string {
  const occurredAt = at(START_MS + index * 7 * MINUTE_MS);
  const head = { eventId: `e-${index}`, occurredAt, receivedAt: occurredAt, personId: `P-${person}` };
  const swipe = {
    ...head,
    cardNumber: `CARD-${other}`,
    institutionId: `P3301060000${institution}`,
    totalFen: 20_000,
  };
  switch (does) {
    case "swipe":
      return JSON.stringify(rawSwipe(swipe));
    case "authorize":
      return JSON.stringify(rawSwipe({ ...swipe, kind: "authorize" }));
    case "report":
      return JSON.stringify(rawStatus({ ...head, cardNumber: `CARD-${other}`, region: "330100" }));
    case "fact":
      return JSON.stringify(rawFact(head));
    case "feedback":
      return JSON.stringify({ type: "feedback", ...head, rule: "R16", verdict: "honest" });
    case "heartbeat":
      return JSON.stringify({ type: "heartbeat", feedId: "33", occurredAt, receivedAt: occurredAt });
    case "link": {
      const link: Raw = {
        type: "person-link",
        ...head,
        personId: `P-${other}`,
        formerPersonId: `P-${person}`,
      };
      // Letters may be written as escapes.
      return JSON.stringify(link).replace(
        "person-link",
        institution < 5 ? "person\\u002dlink" : "person-link",
      );
    }
    case "again":
      return earlier.at(-2) ?? "";
    case "bad":
      return '{"type":"swipe"}';
  }
}

function linesOf(history: readonly Drawn[]): string[] {
  const lines: string[] = [];
  for (const [index, each] of history.entries()) lines.push(lineOf(each, index, lines));
  return lines;
}

/** Of a whole replay, at the same positions. */
function replayed(lines: readonly string[], loaded: LoadedBundle) {
  const digest = new BodyDigest();
  const sequences = new Map<number, number>();
  for (const { line, outcome } of judgeLines(lines, loaded).judged) {
    if (!("type" in outcome)) continue;
    const sequence = sequences.get(line) ?? 0;
    sequences.set(line, sequence + 1);
    digest.add({ partition: 0, offset: line }, sequence, JSON.stringify(outcome));
  }
  return digest.result();
}

test("slices give the outcomes of the whole, however lines are divided and whoever moved", async () => {
  let moved = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(drawn, { minLength: 5, maxLength: 60 }),
      fc.integer({ min: 1, max: 3 }),
      fc.constantFrom(700, 4_000, 1 << 20),
      async (history, workers, rangeBytes) => {
        const lines = linesOf(history);
        const purpose = { kind: "draft" as const, draft: stricter };
        const ran = await backtestFiles(lines, { purpose, workers, rangeBytes });
        moved += ran.run.facts.links.length;
        expect(backtestResult(ran).bodies).toEqual(replayed(lines, stricter));
      },
    ),
    { numRuns: RUNS },
  );
  expect(moved).toBeGreaterThan(0);
}, 60_000);

test("refused lines are told with their place, once", async () => {
  const swipe = JSON.stringify(rawSwipe());
  const ran = await backtestFiles([swipe, "", "{", swipe.replace("s-1", "s-2"), '{"type":"swipe"}'], {
    rangeBytes: 10,
  });
  expect(ran.run.refused.map(({ line, text }) => `${line} ${text.split(":")[0]}`)).toEqual([
    "3 JSON_INVALID",
    "5 FIELD_INVALID",
  ]);
  expect(backtestResult(ran)).toMatchObject({ refusedLines: 2, records: 2, swipes: 2 });
});

test("the draft that is the baseline changes nothing", async () => {
  const lines = linesOf(fc.sample(drawn, { numRuns: 200, seed: 3 }));
  const result = backtestResult(await backtestFiles(lines));
  expect(result).toMatchObject({ stronger: 0, weaker: 0, onlyBaseline: 0, onlyDraft: 0 });
  expect(Object.values(result.rules).every(({ gained, lost }) => gained + lost === 0)).toBe(true);
  expect(result.swipes).toBeGreaterThan(50);
});
