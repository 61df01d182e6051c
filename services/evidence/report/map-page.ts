/** The map in the report: the same drawing as map.svg. */

import type { PdfFace, PdfPages, PdfStroke, Point } from "../../../platform/pdf/pdf.js";
import { PLACE_WORDS } from "../facts/words.js";
import type { Findings } from "./findings.js";
import { drawMap, type MapDrawing, type MapLine } from "./map-drawing.js";
import { type Paper, TEXT_WIDTH } from "./paper.js";

const HEIGHT = 330;
/** Its heading and what is said of it stand on the same page. */
const HEADING_HEIGHT = 96;

const STROKES: Readonly<Record<MapLine["kind"], PdfStroke>> = {
  way: { width: 0.7, grey: 0.45 },
  arrow: { width: 0.7, grey: 0.45 },
  rule: { width: 0.8, grey: 0 },
  leader: { width: 0.4, grey: 0.6 },
};

export function mapOf({ map }: Findings, face: PdfFace): MapDrawing {
  return drawMap({
    width: Math.round(TEXT_WIDTH),
    height: HEIGHT,
    places: map.all(),
    ways: map.allWays(),
    widthOf: (text) => face.widthOf(text, "bold"),
  });
}

export async function setMap(paper: Paper, findings: Findings, face: PdfFace): Promise<void> {
  const { map } = findings;
  await paper.room(HEIGHT + HEADING_HEIGHT);
  await paper.heading("七、刷卡地点");
  const places = map.all();
  if (places.length === 0) return paper.paragraph("没有可以标出地点的交易。");
  const bases = [...new Set(places.map(({ basis }) => PLACE_WORDS[basis]))].join("、");
  await paper.paragraph(
    `按时间先后用箭头相连，数字为交易清单的笔序。只按坐标画出，没有底图；直线不是实际路线。坐标来源：${bases}。${map.unplaced === 0 ? "" : `另有 ${map.unplaced} 笔地点不明，未画出。`}`,
  );
  const drawing = mapOf(findings, face);
  await paper.drawing(drawing.height, (pages, corner) => putMap(pages, corner, drawing, paper));
}

function putMap(pages: PdfPages, [left, top]: Point, drawing: MapDrawing, paper: Paper): void {
  const { width, height, lines, circles, grounds, texts } = drawing;
  pages.rectangle([left, top], [width, height], { width: 0.5, grey: 0.6 });
  for (const { from, to, kind } of lines)
    pages.line(
      [
        [left + from[0], top + from[1]],
        [left + to[0], top + to[1]],
      ],
      STROKES[kind],
    );
  for (const box of grounds) pages.area([left + box.x, top + box.y], [box.width, box.height], 1);
  for (const { x, y, radius } of circles) pages.circle([left + x, top + y], radius, { width: 1, grey: 0 });
  for (const { x, y, size, isBold, text } of texts)
    pages.text({
      x: left + x,
      y: top + y,
      size,
      weight: isBold ? "bold" : "regular",
      grey: 0,
      text: paper.readable(text),
    });
}
