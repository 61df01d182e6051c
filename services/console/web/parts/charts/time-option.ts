/** Swipes and answers along time. Pure: figures in, a chart's description out. */

import type { EChartsCoreOption } from "echarts/core";
import type { AnswerCounts } from "../../../../../schemas/http/figures.js";
import { ACTION_COLOURS } from "../colours.js";
import {
  BAR_WIDTH_MAX,
  BLUE,
  categoryAxis,
  FAINT,
  GRID,
  LEGEND,
  TOOLTIP,
  VALUE_AXIS,
} from "./base-option.js";

export interface TimePoint extends AnswerCounts {
  readonly label: string;
}

export interface TimeWords {
  readonly swipes: string;
  readonly review: string;
  readonly challenge: string;
  readonly reject: string;
}

/**
 * All swipes as a line, and as bars those that were not approved: they are a hundredth of the others, so each has its axis.
 */
export function timeOption(points: readonly TimePoint[], words: TimeWords): EChartsCoreOption {
  const bars = (["review", "challenge", "reject"] as const).map((action) => ({
    name: words[action],
    type: "bar",
    stack: "not-approved",
    yAxisIndex: 1,
    barMaxWidth: BAR_WIDTH_MAX,
    itemStyle: { color: ACTION_COLOURS[action] },
    data: points.map((point) => point[action]),
  }));
  return {
    animation: false,
    grid: GRID,
    legend: LEGEND,
    tooltip: { ...TOOLTIP, trigger: "axis" },
    xAxis: categoryAxis(points.map(({ label }) => label)),
    yAxis: [VALUE_AXIS, { ...VALUE_AXIS, splitLine: { show: false }, axisLabel: { color: FAINT } }],
    series: [
      {
        name: words.swipes,
        type: "line",
        showSymbol: points.length < 3,
        smooth: false,
        lineStyle: { color: BLUE, width: 2 },
        itemStyle: { color: BLUE },
        areaStyle: { color: BLUE, opacity: 0.08 },
        data: points.map(({ swipes }) => swipes),
      },
      ...bars,
    ],
  };
}

export interface MoneyPoint {
  readonly label: string;
  readonly reviewedFen: number;
  readonly challengedFen: number;
  readonly rejectedFen: number;
}

/** Money that was stopped, and what was paid and looked at later, in yuan. */
export function moneyOption(
  points: readonly MoneyPoint[],
  words: Omit<TimeWords, "swipes">,
): EChartsCoreOption {
  const parts = [
    ["review", "reviewedFen"],
    ["challenge", "challengedFen"],
    ["reject", "rejectedFen"],
  ] as const;
  return {
    animation: false,
    grid: GRID,
    legend: LEGEND,
    tooltip: { ...TOOLTIP, trigger: "axis" },
    xAxis: categoryAxis(points.map(({ label }) => label)),
    yAxis: VALUE_AXIS,
    series: parts.map(([action, field]) => ({
      name: words[action],
      type: "bar",
      stack: action === "review" ? "paid" : "stopped",
      barMaxWidth: BAR_WIDTH_MAX,
      itemStyle: { color: ACTION_COLOURS[action] },
      data: points.map((point) => point[field] / 100),
    })),
  };
}

/** Every minute of a range, those without a swipe too: a gap is seen as one. */
export function everyMinute(
  minutes: readonly ({ readonly minute: string } & AnswerCounts)[],
  range: { readonly from: string; readonly to: string },
  labelOf: (ms: number) => string,
): readonly TimePoint[] {
  const known = new Map(minutes.map((one) => [Date.parse(one.minute), one]));
  const points: TimePoint[] = [];
  for (let ms = Date.parse(range.from); ms < Date.parse(range.to); ms += 60_000) {
    const { swipes, approve, review, challenge, reject } = known.get(ms) ?? NONE;
    points.push({ label: labelOf(ms), swipes, approve, review, challenge, reject });
  }
  return points;
}

const NONE: AnswerCounts = { swipes: 0, approve: 0, review: 0, challenge: 0, reject: 0 };
