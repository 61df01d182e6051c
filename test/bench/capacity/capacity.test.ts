import { expect, test } from "@jest/globals";
import type { MeasuredVariant } from "../../../bench/capacity/measure.js";
import { CapacityUsageError, capacityOptions } from "../../../bench/capacity/options.js";
import { capacityPlot } from "../../../bench/capacity/plot.js";
import { capacityRows, capacityText } from "../../../bench/capacity/report.js";
import { AXES, BASE, type Variant, variantOf, variantsOf } from "../../../bench/capacity/variants.js";
import type { DrainFigures } from "../../../bench/end-to-end/drain.js";

function figures(perSecondSteady: number): DrainFigures {
  return {
    startUpSeconds: 1,
    seconds: 10,
    perSecond: perSecondSteady / 2,
    perSecondSteady,
    cpuUs: 8,
    cpuUsSteady: 7,
    brokerCpuUs: 3,
    storeCpuUs: 1,
    residentMbMax: 900,
    othersCores: 0.05,
    gcPauses: { count: 3, totalMs: 9, longestMs: 4.5 },
  };
}

function measured(variant: Variant, ...steady: number[]): MeasuredVariant {
  return { variant, events: 1000, rounds: steady.map(figures) };
}

test("one thing differs from the base at a time, and each variant is measured once", () => {
  const variants = variantsOf(AXES, 10_000_000);
  const differences = variants.map((variant) => AXES.filter((axis) => variant[axis] !== BASE[axis]).length);
  expect(differences.filter((count) => count === 0)).toHaveLength(1);
  expect(Math.max(...differences)).toBe(1);
  expect(variantsOf(["persons"], 100_000)).toEqual([
    variantOf("persons", 10_000),
    variantOf("persons", 100_000),
  ]);
});

test("rows are medians of the rounds as a share of the base; a thing with one value is no row", () => {
  const rows = capacityRows([
    measured(BASE, 90_000, 100_000, 120_000),
    measured(variantOf("workers", 1), 40_000, 60_000, 50_000),
  ]);
  expect(
    rows.map(({ axis, value, perSecondSteady, share }) => [axis, value, perSecondSteady, share]),
  ).toEqual([
    ["workers", 1, 50_000, 0.5],
    ["workers", 2, 100_000, 1],
  ]);
  expect(capacityText(rows).split("\n")[2]).toBe(
    "| workers | 1 | 25000 | 50000 | 0.50 | 8.0 | 3.0 | 1.0 | 900 | 4.5 | 0.05 |",
  );
});

test("the plot has a point with its label for each row", () => {
  const rows = capacityRows([measured(BASE, 100_000), measured(variantOf("persons", 10_000), 80_000)]);
  const svg = capacityPlot(rows);
  expect(svg.match(/<circle/g)).toHaveLength(2);
  expect(svg).toContain(">10 k</text>");
  expect(svg).toContain(">80k</text>");
});

test("arguments that cannot be are refused by name", () => {
  expect(() => capacityOptions(["--only", "cores"])).toThrow(CapacityUsageError);
  expect(() => capacityOptions(["--rounds", "0"])).toThrow("--rounds 0: expected a whole number");
  expect(capacityOptions(["--help"])).toBeNull();
});
