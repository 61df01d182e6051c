/** What charts and fields say of figures: pure, so that a picture need not be looked at to know it. */

import { describe, expect, it } from "@jest/globals";
import {
  bucketFor,
  bucketLabel,
  periodOf,
  rangeOf,
  shownDays,
} from "../../../services/console/web/pages/analytics/asked-range.js";
import { durationText } from "../../../services/console/web/pages/today/duration-text.js";
import { barsOption } from "../../../services/console/web/parts/charts/bars-option.js";
import { axisName } from "../../../services/console/web/parts/charts/base-option.js";
import {
  diameterOf,
  mapOption,
  projectionOf,
} from "../../../services/console/web/parts/charts/map-option.js";
import {
  everyMinute,
  moneyOption,
  timeOption,
} from "../../../services/console/web/parts/charts/time-option.js";

const WORDS = { swipes: "刷卡", review: "复核", challenge: "核验", reject: "拒绝" };
const NOW = Date.parse("2026-03-05T00:30:00.000+08:00");
const HANGZHOU = { longitude: 120.15, latitude: 30.29 };
const BEIJING = { longitude: 116.41, latitude: 39.91 };
const URUMQI = { longitude: 87.62, latitude: 43.83 };

interface Read {
  readonly series: readonly {
    readonly name: string;
    readonly type: string;
    readonly data: readonly unknown[];
  }[];
}
const read = (option: unknown) => option as Read;

describe("minutes", () => {
  const range = { from: "2026-03-05T10:00:00.000+08:00", to: "2026-03-05T10:04:00.000+08:00" };
  const minute = {
    minute: "2026-03-05T10:02:00.000+08:00",
    swipes: 9,
    approve: 7,
    review: 0,
    challenge: 1,
    reject: 1,
  };

  it("without a swipe are zero, not left out", () => {
    const points = everyMinute([minute], range, (ms) => String(ms));
    expect(points.map(({ swipes }) => swipes)).toEqual([0, 0, 9, 0]);
  });

  it("show all swipes as a line and what was not approved as bars on their own axis", () => {
    const { series } = read(timeOption(everyMinute([minute], range, String), WORDS));
    expect(series.map(({ name, type }) => [name, type])).toEqual([
      ["刷卡", "line"],
      ["复核", "bar"],
      ["核验", "bar"],
      ["拒绝", "bar"],
    ]);
    expect(series[0]!.data).toEqual([0, 0, 9, 0]);
    expect(series[3]!.data).toEqual([0, 0, 1, 0]);
  });
});

it("money is shown in yuan", () => {
  const point = { label: "d", reviewedFen: 150, challengedFen: 0, rejectedFen: 12_345 };
  expect(read(moneyOption([point], WORDS)).series.map(({ data }) => data)).toEqual([[1.5], [0], [123.45]]);
});

it("names from outside stay texts: nothing of a chart is HTML", () => {
  const hostile = "<img src=x onerror=alert(1)>";
  const option = barsOption([hostile], [{ name: hostile, colour: "#000", values: [1] }]) as {
    readonly tooltip: { readonly renderMode: string };
    readonly yAxis: { readonly data: readonly string[] };
  };
  expect(option.tooltip.renderMode).toBe("richText");
  expect(option.yAxis.data).toEqual([hostile]);
  expect([...axisName(hostile)]).toHaveLength(14);
});

describe("the map", () => {
  const canvas = { width: 600, height: 320 };

  it("has names that can be read, however pale their bubbles are", () => {
    const pale = {
      code: "3301",
      name: "杭州市",
      ...HANGZHOU,
      value: 1,
      share: 0,
      isChosen: false,
      lines: [],
    };
    const { series } = mapOption([pale], canvas) as {
      readonly series: readonly [{ readonly label: object; readonly data: readonly { itemStyle: object }[] }];
    };
    expect(series[0].data[0]!.itemStyle).toMatchObject({ opacity: 0.35 });
    expect(series[0].label).toMatchObject({ opacity: 1 });
  });

  it("holds every place with room at its sides, and is true to scale", () => {
    const { x, y, project } = projectionOf([HANGZHOU, BEIJING, URUMQI], canvas);
    for (const place of [HANGZHOU, BEIJING, URUMQI]) {
      const [east, north] = project(place);
      expect(east).toBeGreaterThan(x.min);
      expect(east).toBeLessThan(x.max);
      expect(north).toBeGreaterThan(y.min);
      expect(north).toBeLessThan(y.max);
    }
    expect((x.max - x.min) / canvas.width).toBeCloseTo((y.max - y.min) / canvas.height, 9);
  });

  it("of one place shows its surroundings", () => {
    const { x, y } = projectionOf([HANGZHOU], canvas);
    expect(x.max - x.min).toBeGreaterThan(1);
    expect(y.max - y.min).toBeGreaterThan(1);
  });

  it("draws areas in proportion, and none too small to be pressed", () => {
    expect(diameterOf(100, 100) ** 2 / diameterOf(25, 100) ** 2).toBeCloseTo(4, 9);
    expect(diameterOf(1, 1_000_000)).toBe(12);
    expect(diameterOf(0, 0)).toBe(12);
  });

  it("marks the chosen place and knows each bubble's code", () => {
    const bubble = {
      code: "3301",
      name: "杭州市",
      ...HANGZHOU,
      value: 10,
      share: 0.1,
      isChosen: true,
      lines: ["杭州市"],
    };
    const { series } = read(
      mapOption([bubble, { ...bubble, code: "1101", ...BEIJING, value: 90, isChosen: false }], canvas),
    );
    expect(series[0]!.data).toMatchObject([
      { code: "1101", itemStyle: { borderWidth: 1 } },
      { code: "3301", itemStyle: { borderWidth: 3 } },
    ]);
  });
});

describe("a range in an address", () => {
  it("is whole days of Beijing, the last one with it", () => {
    expect(rangeOf({ from: "2026-02-27", to: "2026-03-01" }, NOW)).toEqual({
      from: "2026-02-27T00:00:00.000+08:00",
      to: "2026-03-02T00:00:00.000+08:00",
    });
    expect(shownDays({ from: "2026-02-27", to: "2026-03-01" }, NOW)).toEqual({
      from: "2026-02-27",
      to: "2026-03-01",
    });
  });

  it("is thirty days with today where nothing is said, also just after midnight", () => {
    expect(shownDays({}, NOW)).toEqual({ from: "2026-02-04", to: "2026-03-05" });
    expect(periodOf(1, NOW)).toEqual({ from: "2026-03-05", to: "2026-03-05" });
  });

  it("may be instants, as links give them", () => {
    const given = { from: "2026-03-01T10:00:00.000+08:00", to: "2026-03-01T11:00:00.000+08:00" };
    expect(rangeOf(given, NOW)).toEqual(given);
  });

  it.each([
    ["2026-03-05", "2026-03-05", "hour"],
    ["2026-02-04", "2026-03-05", "day"],
    ["2025-01-01", "2026-03-05", "month"],
  ])("from %s to %s is shown by %s", (from, to, bucket) => {
    expect(bucketFor(rangeOf({ from, to }, NOW))).toBe(bucket);
  });

  it.each([
    ["hour", "03-01 10:00"],
    ["day", "2026-03-01"],
    ["month", "2026-03"],
  ] as const)("by %s begins at %s", (bucket, label) => {
    expect(bucketLabel("2026-03-01T10:00:00.000+08:00", bucket)).toBe(label);
  });
});

it.each([
  [59_000, "不到 1 分钟", "less than 1 min"],
  [60_000, "1 分钟", "1 min"],
  [3_660_000, "1 小时 1 分钟", "1 h 1 min"],
  [2 * 3_600_000 + 60_000, "2 小时", "2 h"],
  [86_400_000 + 3 * 3_600_000, "1 天 3 小时", "1 d 3 h"],
  [90 * 86_400_000, "90 天", "90 d"],
])("%i ms are %s", (ms, zh, en) => {
  expect(durationText(ms, "zh")).toBe(zh);
  expect(durationText(ms, "en")).toBe(en);
});
