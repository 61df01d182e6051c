/** What the breaker counts, and when it finds a rule to have run away. */

import { describe, expect, it } from "@jest/globals";
import { BREAKER_LIMITS, runaways, runawayText } from "../../services/bundles/breaker-limits.js";
import { BreakerWindows } from "../../services/bundles/breaker-windows.js";

const HOUR_MS = 3_600_000;
const START_MS = Date.UTC(2026, 2, 2, 10);
const BEFORE = "a".repeat(64);
const NOW = "b".repeat(64);
const THIRD = "c".repeat(64);

interface Traffic {
  readonly bundle?: string;
  readonly atMs: number;
  /** Spread evenly. */
  readonly overMs?: number;
  readonly swipes: number;
  readonly stops?: number;
  readonly rule?: string;
  /** How many people are behind the stops; each swipe another one's where nothing is said. */
  readonly people?: number;
}

function swiped(windows: BreakerWindows, traffic: Traffic): void {
  const { bundle = NOW, atMs, overMs = 30_000, swipes, stops = 0, rule = "R12", people } = traffic;
  for (let i = 0; i < swipes; i++) {
    const isStopped = Math.floor((i * stops) / swipes) !== Math.floor(((i + 1) * stops) / swipes);
    windows.take({
      bundleHash: bundle,
      personKey: `person-${people === undefined ? i : i % people}`,
      atMs: atMs + Math.floor((i * overMs) / swipes),
      stoppedBy: isStopped ? [rule] : [],
    });
  }
}

/** Two hours under the bundle before, then a change. */
function changed(stopsBefore = 0): BreakerWindows {
  const windows = new BreakerWindows();
  swiped(windows, {
    bundle: BEFORE,
    atMs: START_MS - 2 * HOUR_MS,
    overMs: 2 * HOUR_MS,
    swipes: 10_000,
    stops: stopsBefore,
  });
  return windows;
}

const found = (...windows: BreakerWindows[]) =>
  runaways(
    windows.map(({ state }) => state),
    NOW,
  );

describe("a rule has run away", () => {
  it("that stops three people in ten within half a minute, and it is said in words", () => {
    const windows = changed(10);
    swiped(windows, { atMs: START_MS, swipes: 300, stops: 90 });
    const [runaway] = found(windows);
    expect(runaway).toEqual({ rule: "R12", windowMs: 30_000, swipes: 300, stops: 90, baselineShare: 0.001 });
    expect(runawayText(runaway!)).toBe("R12 stopped 90 of 300 swipes within 30 s (30.00 %, 0.10 % before)");
  });

  it("that is found in all partitions together, each of which has too few swipes", () => {
    const three = [0, 1, 2].map(() => changed());
    for (const windows of three) swiped(windows, { atMs: START_MS, swipes: 100, stops: 10 });
    expect(found(three[0]!, three[1]!)).toMatchObject([{ swipes: 200, stops: 20 }]);
    expect(found(three[0]!)).toEqual([]);
  });

  it("in a small city within ten minutes", () => {
    const windows = changed();
    swiped(windows, { atMs: START_MS, overMs: 590_000, swipes: 250, stops: 75 });
    expect(found(windows)).toMatchObject([{ windowMs: 600_000, swipes: 250 }]);
  });

  it.each([
    ["3 % are not too many", 0, 1_000, 30, 0],
    ["one more is", 0, 1_000, 31, 1],
    ["nineteen people are too few", 0, 200, 19, 0],
    ["twenty of two hundred are enough", 0, 200, 20, 1],
    ["199 swipes say nothing", 0, 199, 60, 0],
    ["four times as many as before are not too many", 100, 1_000, 40, 0],
    ["one more than four times is", 100, 1_000, 41, 1],
    ["a fifth is not too many where half was usual", 5_000, 1_000, 200, 0],
    ["more than a fifth is, whatever was before", 5_000, 1_000, 201, 1],
  ])("%s", (_, before, swipes, stops, count) => {
    const windows = changed(before);
    swiped(windows, { atMs: START_MS, swipes, stops });
    expect(found(windows)).toHaveLength(count);
  });

  it("a few thieves who try again and again are none", () => {
    const windows = changed();
    swiped(windows, { atMs: START_MS, swipes: 400, stops: 200, people: 4 });
    expect(found(windows)).toEqual([]);
  });

  it("the first bundle that is seen was changed by nobody", () => {
    const windows = new BreakerWindows();
    swiped(windows, { atMs: START_MS, swipes: 1_000, stops: 300 });
    expect(found(windows)).toEqual([]);
  });

  it("a partition that had no decision before counts where others show that the bundle is a new one", () => {
    const [quiet, busy] = [new BreakerWindows(), changed()];
    swiped(quiet, { atMs: START_MS, swipes: 300, stops: 90 });
    expect(found(quiet)).toEqual([]);
    swiped(busy, { atMs: START_MS, swipes: 10 });
    expect(found(quiet, busy)).toMatchObject([{ swipes: 310, stops: 90 }]);
  });

  it.each([
    ["swipes", { swipesMin: 301 }],
    ["people", { stopsMin: 91 }],
    ["share", { shareMax: 0.31 }],
    ["times", { timesMax: 400, shareAnyway: 0.31 }],
  ])("by the numbers given: %s", (_, changes) => {
    const windows = changed(10);
    swiped(windows, { atMs: START_MS, swipes: 300, stops: 90 });
    const states = [windows.state];
    expect(runaways(states, NOW, BREAKER_LIMITS)).toHaveLength(1);
    expect(runaways(states, NOW, { ...BREAKER_LIMITS, ...changes })).toEqual([]);
  });

  it("what was before it does not count as the new bundle's", () => {
    const windows = changed();
    swiped(windows, { bundle: BEFORE, atMs: START_MS, swipes: 1_000, stops: 300 });
    swiped(windows, { atMs: START_MS + 30_000, overMs: 10_000, swipes: 500 });
    expect(found(windows)).toEqual([]);
  });

  it("two bad bundles in a row are measured against what was before both", () => {
    const windows = changed(10);
    swiped(windows, { bundle: THIRD, atMs: START_MS, swipes: 2_000, stops: 300 });
    swiped(windows, { atMs: START_MS + 40_000, swipes: 2_000, stops: 300 });
    expect(found(windows)).toMatchObject([{ baselineShare: 0.001 }]);
  });

  it("a bundle that ran for an hour is what was before", () => {
    const windows = changed(10);
    swiped(windows, { bundle: THIRD, atMs: START_MS, overMs: 2 * HOUR_MS, swipes: 2_000, stops: 300 });
    swiped(windows, { atMs: START_MS + 3 * HOUR_MS, swipes: 2_000, stops: 300 });
    expect(found(windows)).toEqual([]);
  });

  it("what is stored and read again counts on as if nothing had happened", () => {
    const [windows, whole] = [changed(10), changed(10)];
    const traffic = { atMs: START_MS, overMs: 10_000, swipes: 150, stops: 45 };
    const later = { ...traffic, atMs: START_MS + 10_000 };
    swiped(windows, traffic);
    const again = new BreakerWindows(JSON.parse(JSON.stringify(windows.state)));
    swiped(again, later);
    for (const each of [traffic, later]) swiped(whole, each);
    expect(again.state).toEqual(whole.state);
    expect(found(again)).toMatchObject([{ swipes: 300, stops: 90 }]);
  });

  it("a clock of the log that steps back moves nothing back", () => {
    const windows = changed();
    swiped(windows, { atMs: START_MS, swipes: 300, stops: 90 });
    swiped(windows, { atMs: START_MS - HOUR_MS, swipes: 1 });
    expect(found(windows)).toMatchObject([{ swipes: 301 }]);
  });
});
