/** The rows as a picture: one panel for each thing that was changed, swipes a second over its values. */

import type { CapacityRow } from "./report.js";
import { AXES, type Axis } from "./variants.js";

const PANEL = { width: 220, height: 180, left: 46, bottom: 40, top: 26, gap: 12 } as const;
const TITLES: Readonly<Record<Axis, string>> = {
  workers: "worker processes",
  partitions: "partitions",
  rules: "rules",
  persons: "persons",
};
const ROUNDED_TO = 50_000;

/** @returns SVG, as text. */
export function capacityPlot(rows: readonly CapacityRow[]): string {
  const axes = AXES.filter((axis) => rows.some((row) => row.axis === axis));
  const most = Math.max(...rows.map(({ perSecondSteady }) => perSecondSteady));
  const top = Math.ceil(most / ROUNDED_TO) * ROUNDED_TO;
  const width = axes.length * (PANEL.width + PANEL.gap);
  const panels = axes.map((axis, index) =>
    panel(
      axis,
      rows.filter((row) => row.axis === axis),
      top,
      index * (PANEL.width + PANEL.gap),
    ),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${PANEL.height}" font-family="sans-serif" font-size="11">`,
    `<title>Steady swipes a second by ${axes.map((axis) => TITLES[axis]).join(", ")}</title>`,
    '<rect width="100%" height="100%" fill="white"/>',
    ...panels,
    "</svg>",
    "",
  ].join("\n");
}

function panel(axis: Axis, rows: readonly CapacityRow[], top: number, x0: number): string {
  const inner = {
    left: x0 + PANEL.left,
    right: x0 + PANEL.width - 14,
    top: PANEL.top,
    bottom: PANEL.height - PANEL.bottom,
  };
  const xOf = (index: number) =>
    rows.length === 1 ? inner.left : inner.left + ((inner.right - inner.left) * (index + 0.5)) / rows.length;
  const yOf = (perSecond: number) => inner.bottom - ((inner.bottom - inner.top) * perSecond) / top;
  const points = rows.map((row, index) => ({ x: xOf(index), y: yOf(row.perSecondSteady), row }));
  return [
    `<text x="${inner.left}" y="14" font-weight="bold">${TITLES[axis]}</text>`,
    ...[0, 0.5, 1].map((share) => gridLine(inner, yOf(top * share), `${Math.round((top * share) / 1000)}k`)),
    `<polyline fill="none" stroke="#1f6f5c" stroke-width="1.5" points="${points.map(({ x, y }) => `${round(x)},${round(y)}`).join(" ")}"/>`,
    ...points.flatMap(({ x, y, row }) => [
      `<circle cx="${round(x)}" cy="${round(y)}" r="3" fill="#1f6f5c"/>`,
      `<text x="${round(x)}" y="${round(y) - 7}" text-anchor="middle">${Math.round(row.perSecondSteady / 1000)}k</text>`,
      `<text x="${round(x)}" y="${inner.bottom + 15}" text-anchor="middle">${short(row.value)}</text>`,
    ]),
  ].join("\n");
}

function gridLine(
  inner: { readonly left: number; readonly right: number },
  y: number,
  label: string,
): string {
  return `<line x1="${inner.left}" x2="${inner.right}" y1="${round(y)}" y2="${round(y)}" stroke="#ddd"/><text x="${inner.left - 4}" y="${round(y) + 4}" text-anchor="end" fill="#555">${label}</text>`;
}

function short(value: number): string {
  if (value >= 1_000_000) return `${value / 1_000_000} M`;
  return value >= 1_000 ? `${value / 1_000} k` : String(value);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
