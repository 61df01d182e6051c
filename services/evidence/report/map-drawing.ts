/**
 * A map of where it was swiped, drawn from the points alone: places with their numbers, the ways between them in time, a
 * scale bar, north above. Lines and texts in points from the upper left corner, for SVG and PDF alike. Pure.
 */

import type { MapPlace } from "../facts/map-places.js";

export interface MapText {
  readonly x: number;
  /** Of the baseline. */
  readonly y: number;
  readonly size: number;
  readonly isBold: boolean;
  readonly text: string;
}

export interface MapLine {
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
  readonly kind: "way" | "arrow" | "rule" | "leader";
}

export interface MapDrawing {
  readonly width: number;
  readonly height: number;
  readonly lines: readonly MapLine[];
  readonly circles: readonly { readonly x: number; readonly y: number; readonly radius: number }[];
  readonly texts: readonly MapText[];
  /** White behind names, above the lines. */
  readonly grounds: readonly Box[];
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface MapInput {
  readonly width: number;
  readonly height: number;
  readonly places: readonly MapPlace[];
  readonly ways: readonly (readonly [MapPlace, MapPlace])[];
  /** Of a text of size 1. */
  readonly widthOf: (text: string) => number;
}

const KM_PER_DEGREE = 111.195;
const MARGIN = 46;
const NAME_SIZE = 9;
const NUMBER_SIZE = 7.5;
const RADIUS_MIN = 3;
const RADIUS_MAX = 7;
/** A town across: nearer points are not drawn as if they lay far apart. */
const SPAN_KM_MIN = 4;

export function drawMap(input: MapInput): MapDrawing {
  const { width, height, places, ways } = input;
  const project = projection(input);
  const circles = places.map((place) => {
    const [x, y] = project(place);
    return { x, y, radius: Math.min(RADIUS_MAX, RADIUS_MIN + Math.log2(place.swipes)) };
  });
  const radiusOf = (place: MapPlace) => circles[places.indexOf(place)]!.radius;
  const lines = ways.flatMap(([from, to]) => wayLines(project(from), project(to), radiusOf(to)));
  const bar = scaleBar(project.pointsPerKm, height);
  const names = placeNames(input, circles, lines);
  return {
    width,
    height,
    lines: [...lines, ...names.flatMap(({ leader }) => leader), ...bar.lines, ...northLines(width)],
    circles,
    grounds: names.map(({ ground }) => ground),
    texts: [...names.flatMap(({ texts }) => texts), ...bar.texts, { ...NORTH, x: width - 33, y: 20 }],
  };
}

type Projection = ((place: MapPlace) => [number, number]) & { readonly pointsPerKm: number };

/** Equirectangular about the middle: true to scale along its parallel, near enough over a country's width. */
function projection({ width, height, places }: MapInput): Projection {
  const [west, east] = rangeOf(places.map(({ longitude }) => longitude));
  const [south, north] = rangeOf(places.map(({ latitude }) => latitude));
  const middle = { longitude: (west + east) / 2, latitude: (south + north) / 2 };
  const kmPerLongitude = KM_PER_DEGREE * Math.cos((middle.latitude * Math.PI) / 180);
  const spanX = Math.max(SPAN_KM_MIN, (east - west) * kmPerLongitude);
  const spanY = Math.max(SPAN_KM_MIN, (north - south) * KM_PER_DEGREE);
  const pointsPerKm = Math.min((width - 3 * MARGIN) / spanX, (height - 2 * MARGIN) / spanY);
  const project = ({ longitude, latitude }: MapPlace): [number, number] => [
    tenth(width / 2 + (longitude - middle.longitude) * kmPerLongitude * pointsPerKm),
    tenth(height / 2 - (latitude - middle.latitude) * KM_PER_DEGREE * pointsPerKm),
  ];
  return Object.assign(project, { pointsPerKm });
}

function rangeOf(values: readonly number[]): [number, number] {
  return values.length === 0 ? [0, 0] : [Math.min(...values), Math.max(...values)];
}

/** A line with an arrow before the place where it ends. */
function wayLines(from: [number, number], to: [number, number], radius: number): readonly MapLine[] {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const length = Math.hypot(dx, dy);
  if (length < 2 * radius + 4) return [{ from, to, kind: "way" }];
  const [ux, uy] = [dx / length, dy / length];
  const tip: [number, number] = [tenth(to[0] - ux * (radius + 1.5)), tenth(to[1] - uy * (radius + 1.5))];
  const wing = (side: number): [number, number] => [
    tenth(tip[0] - ux * 6 - uy * 2.4 * side),
    tenth(tip[1] - uy * 6 + ux * 2.4 * side),
  ];
  return [
    { from, to: tip, kind: "way" },
    { from: wing(1), to: tip, kind: "arrow" },
    { from: wing(-1), to: tip, kind: "arrow" },
  ];
}

interface PlacedName {
  readonly ground: Box;
  readonly texts: readonly MapText[];
  /** To its place, where it stands farther off. */
  readonly leader: readonly MapLine[];
}

/** Names stand where there is room: right, left, below, above, then farther off with a line to their place. */
function placeNames(
  { places, widthOf, width, height }: MapInput,
  circles: MapDrawing["circles"],
  lines: readonly MapLine[],
): readonly PlacedName[] {
  const crossed = lines.flatMap(boxesAlong);
  const taken: Box[] = circles.map(({ x, y, radius }) => ({
    x: x - radius,
    y: y - radius,
    width: 2 * radius,
    height: 2 * radius,
  }));
  return places.map((place, index) => {
    const { x, y, radius } = circles[index]!;
    const numbers = numbersText(place);
    const size = {
      width: Math.max(widthOf(place.name) * NAME_SIZE, widthOf(numbers) * NUMBER_SIZE),
      height: NAME_SIZE + NUMBER_SIZE + 5,
    };
    const box = freeBox({ x, y, radius, size, taken, crossed, width, height });
    taken.push(box);
    const texts = [
      { x: tenth(box.x), y: tenth(box.y + NAME_SIZE), size: NAME_SIZE, isBold: true, text: place.name },
      {
        x: tenth(box.x),
        y: tenth(box.y + NAME_SIZE + NUMBER_SIZE + 2.5),
        size: NUMBER_SIZE,
        isBold: false,
        text: numbers,
      },
    ];
    return { ground: roundedBox(box), texts, leader: leaderLines(circles[index]!, box) };
  });
}

function freeBox({
  x,
  y,
  radius,
  size,
  taken,
  crossed,
  width,
  height,
}: {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly size: Pick<Box, "width" | "height">;
  readonly taken: readonly Box[];
  /** Better not, but a name may stand on a line. */
  readonly crossed: readonly Box[];
  readonly width: number;
  readonly height: number;
}): Box {
  const boxes = [3, 8, 14, 24, 36, 48].flatMap((gap) => {
    const away = radius + gap;
    const [left, right] = [x - away - size.width, x + away];
    const [above, below] = [y - away - size.height, y + away];
    return [
      [right, y - size.height / 2],
      [left, y - size.height / 2],
      [x - size.width / 2, below],
      [x - size.width / 2, above],
      [right, below],
      [left, above],
      [right, above],
      [left, below],
    ].map(([boxX = 0, boxY = 0]) => ({ x: boxX, y: boxY, ...size }));
  });
  const inside = boxes.filter(
    (box) => box.x >= 4 && box.y >= 4 && box.x + box.width <= width - 4 && box.y + box.height <= height - 4,
  );
  const free = inside.filter((box) => !taken.some((other) => overlaps(box, other)));
  const clear = free.find(
    (box) => isNear({ x, y, radius }, box) && !crossed.some((other) => overlaps(box, other)),
  );
  return clear ?? free[0] ?? inside[0] ?? boxes[0]!;
}

type Circle = MapDrawing["circles"][number];

/** A name that is farther from its circle belongs to another one at a glance. */
const NEAR_POINTS = 10;

function isNear({ x, y, radius }: Circle, box: Box): boolean {
  const [nearX, nearY] = nearest(box, x, y);
  return Math.hypot(nearX - x, nearY - y) - radius <= NEAR_POINTS;
}

function nearest(box: Box, x: number, y: number): [number, number] {
  return [Math.min(Math.max(x, box.x), box.x + box.width), Math.min(Math.max(y, box.y), box.y + box.height)];
}

function leaderLines(circle: Circle, box: Box): readonly MapLine[] {
  const { x, y, radius } = circle;
  const to = nearest(box, x, y);
  const length = Math.hypot(to[0] - x, to[1] - y);
  if (isNear(circle, box) || length === 0) return [];
  const from: [number, number] = [
    tenth(x + ((to[0] - x) * radius) / length),
    tenth(y + ((to[1] - y) * radius) / length),
  ];
  return [{ from, to: [tenth(to[0]), tenth(to[1])], kind: "leader" }];
}

const LINE_STEP = 6;

function boxesAlong({ from, to }: MapLine): readonly Box[] {
  const steps = Math.ceil(Math.hypot(to[0] - from[0], to[1] - from[1]) / LINE_STEP);
  return Array.from({ length: steps + 1 }, (_, step) => ({
    x: from[0] + ((to[0] - from[0]) * step) / Math.max(1, steps) - 1,
    y: from[1] + ((to[1] - from[1]) * step) / Math.max(1, steps) - 1,
    width: 2,
    height: 2,
  }));
}

function overlaps(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** 第1–3、7笔 */
export function numbersText({ ranges, hasMoreRanges, swipes }: MapPlace): string {
  const texts = ranges.map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`));
  return `第${texts.join("、")}${hasMoreRanges ? "…" : ""}笔（共${swipes}笔）`;
}

const NORTH = { size: 9, isBold: true, text: "北" };

function northLines(width: number): readonly MapLine[] {
  const x = width - 28.5;
  return [
    { from: [x, 44], to: [x, 24], kind: "rule" },
    { from: [x - 3, 30], to: [x, 24], kind: "rule" },
    { from: [x + 3, 30], to: [x, 24], kind: "rule" },
  ];
}

const BAR_POINTS_MAX = 110;

function scaleBar(pointsPerKm: number, height: number): Pick<MapDrawing, "lines" | "texts"> {
  const km = roundBelow(BAR_POINTS_MAX / pointsPerKm);
  const [x, y, end] = [18, height - 16, tenth(18 + km * pointsPerKm)];
  const text = km >= 1 ? `${km} 公里` : `${km * 1000} 米`;
  return {
    lines: [
      { from: [x, y], to: [end, y], kind: "rule" },
      { from: [x, y - 4], to: [x, y], kind: "rule" },
      { from: [end, y - 4], to: [end, y], kind: "rule" },
    ],
    texts: [{ x: end + 5, y: y + 1, size: NUMBER_SIZE, isBold: false, text }],
  };
}

/** 1, 2 or 5 times a power of ten. */
function roundBelow(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const times = [5, 2, 1].find((each) => each * power <= value) ?? 1;
  return Number((times * power).toPrecision(1));
}

function roundedBox({ x, y, width, height }: Box): Box {
  return { x: tenth(x), y: tenth(y), width: tenth(width), height: tenth(height) };
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
