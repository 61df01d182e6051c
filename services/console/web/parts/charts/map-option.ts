/**
 * Regions as bubbles where their centres lie, on a plain ground: no outlines, which would need a licensed map. Pure.
 *
 * The ground is an equirectangular projection about the middle of what is shown: true to scale in both directions there.
 */

import type { EChartsCoreOption } from "echarts/core";
import { BLUE, INK, TOOLTIP } from "./base-option.js";

export interface Bubble {
  readonly code: string;
  readonly name: string;
  readonly longitude: number;
  readonly latitude: number;
  /** What the bubble's area stands for. */
  readonly value: number;
  /** 0 to 1: how much of it was stopped; darker is more. */
  readonly share: number;
  readonly isChosen: boolean;
  /** Lines of the tooltip. */
  readonly lines: readonly string[];
}

export interface Canvas {
  readonly width: number;
  readonly height: number;
}

/** In pixels: the smallest can be pressed, the largest hides no neighbour's centre. */
const DIAMETER_MIN = 12;
const DIAMETER_MAX = 54;
const PADDING = 40;
/** One city alone shows some of its surroundings. */
const DEGREES_MIN = 1.5;
const LABELS_MAX = 12;

export interface Projection {
  readonly x: { readonly min: number; readonly max: number };
  readonly y: { readonly min: number; readonly max: number };
  readonly project: (at: Pick<Bubble, "longitude" | "latitude">) => readonly [number, number];
}

/** Everything fits, and a degree is as long to the east as to the north. */
export function projectionOf(
  places: readonly Pick<Bubble, "longitude" | "latitude">[],
  { width, height }: Canvas,
): Projection {
  const latitudes = places.map(({ latitude }) => latitude);
  const middle = (Math.min(...latitudes) + Math.max(...latitudes)) / 2;
  const scale = Math.cos((middle * Math.PI) / 180);
  const project = ({ longitude, latitude }: Pick<Bubble, "longitude" | "latitude">) =>
    [longitude * scale, latitude] as const;
  const points = places.map(project);
  const x = rangeOf(points.map(([at]) => at));
  const y = rangeOf(points.map(([, at]) => at));
  const inner = { width: Math.max(1, width - 2 * PADDING), height: Math.max(1, height - 2 * PADDING) };
  const perPixel = Math.max((x.max - x.min) / inner.width, (y.max - y.min) / inner.height);
  return { project, x: around(x, perPixel * width), y: around(y, perPixel * height) };
}

function rangeOf(values: readonly number[]) {
  const [min, max] = [Math.min(...values), Math.max(...values)];
  const missing = Math.max(0, DEGREES_MIN - (max - min)) / 2;
  return { min: min - missing, max: max + missing };
}

function around({ min, max }: { readonly min: number; readonly max: number }, length: number) {
  const middle = (min + max) / 2;
  return { min: middle - length / 2, max: middle + length / 2 };
}

/** Areas, not diameters, are in proportion. */
export function diameterOf(value: number, valueMax: number): number {
  if (valueMax <= 0) return DIAMETER_MIN;
  return Math.max(DIAMETER_MIN, DIAMETER_MAX * Math.sqrt(value / valueMax));
}

export function mapOption(bubbles: readonly Bubble[], canvas: Canvas): EChartsCoreOption {
  const { project, x, y } = projectionOf(bubbles, canvas);
  const valueMax = Math.max(...bubbles.map(({ value }) => value));
  const named = new Set([...bubbles].sort((a, b) => b.value - a.value).slice(0, LABELS_MAX));
  const axis = { type: "value", show: false } as const;
  return {
    animation: false,
    grid: { left: 0, right: 0, top: 0, bottom: 0 },
    tooltip: {
      ...TOOLTIP,
      formatter: ({ data }: { data: { lines: readonly string[] } }) => data.lines.join("\n"),
    },
    xAxis: { ...axis, ...x },
    yAxis: { ...axis, ...y },
    series: [
      {
        type: "scatter",
        cursor: "pointer",
        // Small ones stay on top of large ones.
        data: [...bubbles]
          .sort((a, b) => b.value - a.value)
          .map((bubble) => ({
            value: [...project(bubble)],
            code: bubble.code,
            name: bubble.name,
            lines: bubble.lines,
            symbolSize: diameterOf(bubble.value, valueMax),
            itemStyle: {
              color: bubble.share > 0 ? "#b3202c" : BLUE,
              opacity: 0.35 + 0.5 * Math.min(1, bubble.share * 10),
              borderColor: bubble.isChosen ? INK : "#ffffff",
              borderWidth: bubble.isChosen ? 3 : 1,
            },
            label: { show: named.has(bubble) || bubble.isChosen },
          })),
        // Else a name is as pale as its bubble.
        label: { formatter: "{b}", position: "right", color: INK, fontSize: 12, opacity: 1 },
        labelLayout: { hideOverlap: true },
      },
    ],
  };
}
