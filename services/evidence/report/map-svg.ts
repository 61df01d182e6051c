/** The map as SVG: text as text, no font of its own. */

import type { MapDrawing, MapLine } from "./map-drawing.js";

const STROKES: Readonly<Record<MapLine["kind"], string>> = {
  way: 'stroke="#777777" stroke-width="0.7"',
  arrow: 'stroke="#777777" stroke-width="0.7"',
  rule: 'stroke="#000000" stroke-width="0.8"',
  leader: 'stroke="#999999" stroke-width="0.4"',
};
const FONTS =
  "'Noto Sans SC','Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC',sans-serif";

export function mapSvg({ width, height, lines, circles, grounds, texts }: MapDrawing, title: string): string {
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${FONTS}">`,
    `<title>${escaped(title)}</title>`,
    `<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" fill="#ffffff" stroke="#999999" stroke-width="0.5"/>`,
    ...lines.map(
      ({ from, to, kind }) =>
        `<line x1="${from[0]}" y1="${from[1]}" x2="${to[0]}" y2="${to[1]}" ${STROKES[kind]}/>`,
    ),
    ...grounds.map(
      (box) => `<rect x="${box.x}" y="${box.y}" width="${box.width}" height="${box.height}" fill="#ffffff"/>`,
    ),
    ...circles.map(
      ({ x, y, radius }) =>
        `<circle cx="${x}" cy="${y}" r="${radius.toFixed(2)}" fill="#ffffff" stroke="#000000" stroke-width="1"/>`,
    ),
    ...texts.map(
      ({ x, y, size, isBold, text }) =>
        `<text x="${x}" y="${y}" font-size="${size}"${isBold ? ' font-weight="700"' : ""}>${escaped(text)}</text>`,
    ),
    "</svg>",
  ];
  return `${parts.join("\n")}\n`;
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character]!);
}
