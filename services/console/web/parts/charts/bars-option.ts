/** Things in an order, as bars that lie: rules, institutions, cities. Pure. */

import type { EChartsCoreOption } from "echarts/core";
import {
  axisName,
  BAR_WIDTH_MAX,
  categoryAxis,
  GRID,
  INK,
  LEGEND,
  TOOLTIP,
  VALUE_AXIS,
} from "./base-option.js";

export interface BarSeries {
  readonly name: string;
  readonly colour: string;
  readonly values: readonly number[];
}

/** The first on top, as in the list. */
export function barsOption(names: readonly string[], series: readonly BarSeries[]): EChartsCoreOption {
  return {
    animation: false,
    grid: { ...GRID, top: series.length > 1 ? 36 : 8 },
    ...(series.length > 1 && { legend: LEGEND }),
    tooltip: { ...TOOLTIP, trigger: "axis", axisPointer: { type: "shadow" } },
    xAxis: VALUE_AXIS,
    yAxis: {
      ...categoryAxis(names),
      inverse: true,
      axisLabel: { color: INK, formatter: axisName },
    },
    series: series.map(({ name, colour, values }) => ({
      name,
      type: "bar",
      stack: "all",
      barMaxWidth: BAR_WIDTH_MAX,
      itemStyle: { color: colour },
      data: [...values],
    })),
  };
}
