import { describe, expect, test } from "@jest/globals";
import type { Unit } from "../../../bench/real/labelled-set.js";
import { scoreOf } from "../../../bench/real/score.js";

const unit = (unitId: string, holderId: string, fraudKind: string | null = null): Unit => ({
  unitId,
  holderId,
  fraudKind,
  period: null,
});

const UNITS = [
  unit("1", "Ann", "burst"),
  unit("2", "Ann", "drain"),
  unit("3", "Ann"),
  unit("4", "Bob", "burst"),
  unit("5", "Bob"),
  unit("6", "Cy"),
  unit("7", "Dee"),
];

describe("score", () => {
  test("counts alerts by transaction and by holder", () => {
    expect(scoreOf(UNITS, new Set(["1", "3", "6"]))).toEqual({
      alerts: 3,
      fraudsFound: 1,
      precision: 1 / 3,
      recall: 1 / 3,
      alertsPerThousandCards: 750,
      alertsPerHolder: 0.75,
      holdersAlerted: 2,
      holderPrecision: 1 / 2,
      holderRecall: 1 / 2,
      recallByKind: { burst: 1 / 2, drain: 0 },
    });
  });

  test("without alerts there is no precision", () => {
    const score = scoreOf(UNITS, new Set());
    expect([score.precision, score.holderPrecision, score.recall]).toEqual([null, null, 0]);
  });

  test("without frauds there is no recall", () => {
    const score = scoreOf([unit("5", "Bob")], new Set(["5"]));
    expect([score.precision, score.recall, score.holderRecall]).toEqual([0, null, null]);
  });

  test("flags of another part of the set are not counted", () => {
    expect(scoreOf([unit("5", "Bob")], new Set(["1"])).alerts).toBe(0);
  });
});
