/**
 * Port: writes A4 pages of Chinese text and lines into a PDF file. Points (1/72 inch), from the page's upper left corner.
 *
 * What an adapter promises
 * - **The same again**: the same calls give the same bytes, on every machine and Node.js; `madeAtMs` is its only time.
 * - **Selectable**: text is text, with the embedded part of the fonts it uses; `text` sets exactly what it is given, without
 *   kerning, so that its width is `face.widthOf` times its size.
 * - **Bounded**: a page that is finished is on its way to the file; `nextPage` waits until it can take more.
 * - **Failure**: `nextPage` and `end` reject with the file's error.
 */

export const PAGE_WIDTH = 595.28;
export const PAGE_HEIGHT = 841.89;

export type Weight = "regular" | "bold";

/** What is known of the fonts without a document. */
export interface PdfFace {
  /** Of a text of size 1. */
  widthOf(text: string, weight: Weight): number;
  /** Is there a picture of the character? Both weights have the same ones. */
  hasGlyph(codePoint: number): boolean;
}

export interface PdfText {
  readonly x: number;
  /** Of the baseline. */
  readonly y: number;
  readonly size: number;
  readonly weight: Weight;
  /** Grey: 0 black, 1 white. */
  readonly grey: number;
  readonly text: string;
}

export interface PdfStroke {
  readonly width: number;
  readonly grey: number;
  /** Lengths of dash and gap; none: a whole line. */
  readonly dash?: readonly [number, number];
}

export type Point = readonly [x: number, y: number];

export interface PdfPages {
  /** Before the first page too. */
  nextPage(): Promise<void>;
  text(text: PdfText): void;
  /** Through all points. */
  line(points: readonly Point[], stroke: PdfStroke): void;
  rectangle(corner: Point, size: Point, stroke: PdfStroke): void;
  /** Filled with a grey. */
  area(corner: Point, size: Point, grey: number): void;
  /** Filled with white inside its stroke. */
  circle(centre: Point, radius: number, stroke: PdfStroke): void;
  /** The file is whole when it resolves. */
  end(): Promise<void>;
}

export interface PdfDocumentOptions {
  readonly path: string;
  readonly title: string;
  readonly madeAtMs: number;
}

export interface PdfPrinter {
  readonly face: PdfFace;
  open(options: PdfDocumentOptions): PdfPages;
}
