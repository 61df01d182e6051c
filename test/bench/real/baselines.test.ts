import { describe, expect, test } from "@jest/globals";
import { accountEmptied, amountAbove, burst, speedAbove } from "../../../bench/real/baselines.js";
import type { Baseline } from "../../../bench/real/labelled-set.js";
import type { RawSwipe } from "../../../schemas/raw.js";

const swipe = (fields: Partial<RawSwipe> & { clock: string }): RawSwipe => {
  const { clock, ...others } = fields;
  return {
    type: "swipe",
    eventId: clock,
    kind: "settle",
    occurredAt: `2020-01-01T${clock}.000+08:00`,
    personId: "p1",
    cardNumber: "c1",
    credential: "card",
    insuredRegion: "00",
    careRegion: "5161",
    institutionId: "i1",
    institutionKind: "hospital",
    totalFen: 100,
    ...others,
  };
};

const flagsOf = (baseline: Baseline, swipes: readonly RawSwipe[]) => swipes.map(baseline.start());

/** One degree of latitude is 111.19 km. */
const at = (latitude: number) => ({ latitude, longitude: 8 });

describe("baselines", () => {
  test("speed is measured from the last end to the next start", () => {
    const start = { kind: "authorize" as const };
    const swipes = [
      swipe({ clock: "09:00:00", ...at(0), ...start }),
      swipe({ clock: "09:30:00", ...at(0), originalEventId: "09:00:00" }),
      swipe({ clock: "10:30:00", ...at(5), ...start }),
      swipe({ clock: "10:31:00", ...at(5), originalEventId: "10:30:00" }),
      swipe({ clock: "12:31:00", ...at(0), ...start }),
    ];
    expect(flagsOf(speedAbove(500), swipes)).toEqual([false, false, true, false, false]);
  });

  test("speed is a matter of one holder and of known places", () => {
    const swipes = [
      swipe({ clock: "09:00:00", ...at(0) }),
      swipe({ clock: "09:01:00", ...at(5), personId: "p2" }),
      swipe({ clock: "09:02:00" }),
      swipe({ clock: "09:03:00", ...at(5) }),
      swipe({ clock: "09:03:00", ...at(0) }),
    ];
    expect(flagsOf(speedAbove(500), swipes)).toEqual([false, false, false, false, true]);
  });

  test("an amount is flagged above the limit, not at it", () => {
    const swipes = [
      swipe({ clock: "09:00:00", totalFen: 22_000 }),
      swipe({ clock: "09:00:00", totalFen: 22_001 }),
    ];
    expect(flagsOf(amountAbove(22_000), swipes)).toEqual([false, true]);
  });

  test("a burst is flagged from the swipe that makes the count, window ends included", () => {
    const clocks = ["09:00:00", "09:05:00", "09:10:00", "09:15:01"];
    const swipes = clocks.map((clock) => swipe({ clock }));
    expect(flagsOf(burst({ swipesMin: 3, windowMinutes: 10 }), swipes)).toEqual([false, false, true, false]);
  });

  test("an account is emptied when exactly its balance is paid", () => {
    const swipes = [
      swipe({ clock: "09:00:00", balanceBeforeFen: 100 }),
      swipe({ clock: "09:00:00", balanceBeforeFen: 99 }),
      swipe({ clock: "09:00:00" }),
    ];
    expect(flagsOf(accountEmptied(), swipes)).toEqual([true, false, false]);
  });
});
