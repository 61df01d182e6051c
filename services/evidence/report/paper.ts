/**
 * Pages with headings, paragraphs and tables, set from above to below.
 *
 * Owns: where on which page the next thing stands. Does not own: what is said.
 *
 * 1. Without pages it only counts: the same calls give the same number of pages, which the second time stands on each.
 * 2. A row of a table is never torn; its head stands again on the next page.
 * 3. A character without a picture is told by its number, [U+20BB7]: no box, nothing left out.
 */

import {
  PAGE_HEIGHT,
  PAGE_WIDTH,
  type PdfFace,
  type PdfPages,
  type Point,
  type Weight,
} from "../../../platform/pdf/pdf.js";
import { wrapText } from "./wrap-text.js";

export const MARGIN = 42;
export const TEXT_WIDTH = PAGE_WIDTH - 2 * MARGIN;
const TOP = 64;
const BOTTOM = PAGE_HEIGHT - 62;
const BODY_SIZE = 9.5;
const LEADING = 1.62;
const TABLE_SIZE = 7.4;
const TABLE_LEADING = 1.38;
const CELL_PADDING = 3;
const GREY_TEXT = 0.35;
const THIN = { width: 0.4, grey: 0.55 };
const HAIRLINE = { width: 0.3, grey: 0.78 };
const STRONG = { width: 0.9, grey: 0 };
/** A cell of more lines is cut: a page holds some 60. */
const CELL_LINES_MAX = 40;

export interface PaperOptions {
  readonly face: PdfFace;
  /** null: only counts. */
  readonly pages: PdfPages | null;
  /** Above on each page. */
  readonly head: string;
  readonly headRight: string;
  /** Below on each page. */
  readonly foot: string;
  /** null while it is counted. */
  readonly pageCount: number | null;
}

export interface TextStyle {
  readonly size?: number;
  readonly weight?: Weight;
  readonly grey?: number;
  readonly indent?: number;
  readonly align?: "left" | "centre";
  /** Between this and what comes next. */
  readonly gap?: number;
}

export interface Column {
  readonly head: string;
  readonly width: number;
  readonly align?: "right";
}

export class Paper {
  pageNumber = 0;
  private y = 0;

  constructor(private readonly options: PaperOptions) {}

  async newPage(): Promise<void> {
    this.pageNumber++;
    this.y = TOP;
    const { pages, head, headRight, foot, pageCount } = this.options;
    if (pages === null) return;
    await pages.nextPage();
    this.put(head, MARGIN, 40, { size: 7.5, grey: GREY_TEXT });
    this.putRight(headRight, PAGE_WIDTH - MARGIN, 40, { size: 7.5, grey: GREY_TEXT });
    this.rule(46);
    this.rule(PAGE_HEIGHT - 48);
    this.put(foot, MARGIN, PAGE_HEIGHT - 36, { size: 6.6, grey: GREY_TEXT });
    const page = `第 ${this.pageNumber} 页 / 共 ${pageCount} 页`;
    this.putRight(page, PAGE_WIDTH - MARGIN, PAGE_HEIGHT - 36, { size: 7.5, grey: GREY_TEXT });
  }

  /** So much is left together, or it begins a page. */
  async room(height: number): Promise<void> {
    if (this.y + height > BOTTOM) await this.newPage();
  }

  gap(height: number): void {
    this.y += height;
  }

  async title(text: string, subtitle: string): Promise<void> {
    this.gap(18);
    await this.paragraph(text, { size: 21, weight: "bold", align: "centre", gap: 4 });
    await this.paragraph(subtitle, { size: 9, grey: GREY_TEXT, align: "centre", gap: 14 });
  }

  async heading(text: string): Promise<void> {
    await this.room(120);
    this.gap(10);
    await this.paragraph(text, { size: 12.5, weight: "bold", gap: 1 });
    this.rule(this.y, STRONG);
    this.gap(8);
  }

  async subheading(text: string): Promise<void> {
    await this.room(48);
    this.gap(5);
    await this.paragraph(text, { size: 10, weight: "bold", gap: 2 });
  }

  async paragraph(text: string, style: TextStyle = {}): Promise<void> {
    const { size = BODY_SIZE, weight = "regular", indent = 0, align = "left", gap = 4 } = style;
    const width = TEXT_WIDTH - indent;
    for (const line of this.wrapped(text, width, size, weight)) {
      await this.room(size * LEADING);
      this.y += size * LEADING;
      const x = MARGIN + indent + (align === "centre" ? (width - this.widthOf(line, size, weight)) / 2 : 0);
      this.put(line, x, this.y - size * 0.42, { ...style, size });
    }
    this.gap(gap);
  }

  note(text: string): Promise<void> {
    return this.paragraph(text, { size: 8, grey: GREY_TEXT });
  }

  async item(text: string): Promise<void> {
    await this.room(BODY_SIZE * LEADING);
    this.put("•", MARGIN + 4, this.y + BODY_SIZE * (LEADING - 0.42), { size: BODY_SIZE });
    await this.paragraph(text, { indent: 16, gap: 2 });
  }

  /** Something typed, such as a command. */
  async code(text: string): Promise<void> {
    await this.paragraph(text, { size: 7.6, indent: 16, gap: 3 });
  }

  /** Label and value, line by line. */
  async pairs(pairs: readonly (readonly [label: string, value: string])[], labelWidth = 96): Promise<void> {
    const columns = [
      { head: "", width: labelWidth },
      { head: "", width: TEXT_WIDTH - labelWidth },
    ];
    this.rule(this.y, THIN);
    for (const pair of pairs) await this.row(columns, pair, { size: 9, labels: 1, head: null });
    this.gap(8);
  }

  async table(columns: readonly Column[]): Promise<Table> {
    await this.room(64);
    this.head(columns);
    return {
      row: (cells) => this.row(columns, cells, { size: TABLE_SIZE, labels: 0, head: columns }),
      strongRow: (cells) =>
        this.row(columns, cells, { size: TABLE_SIZE, labels: columns.length, head: columns }),
      end: () => this.gap(8),
    };
  }

  /** A line to write on behind each label. */
  async blanks(labels: readonly (readonly [label: string, width: number])[]): Promise<void> {
    await this.room(26);
    this.y += 22;
    let x = MARGIN;
    for (const [label, width] of labels) {
      this.put(label, x, this.y - 4, { size: BODY_SIZE });
      const start = x + this.widthOf(label, BODY_SIZE, "regular") + 3;
      this.options.pages?.line(
        [
          [start, this.y - 1],
          [x + width - 8, this.y - 1],
        ],
        THIN,
      );
      x += width;
    }
    this.gap(2);
  }

  /** Room to write in, with a label above. */
  async box(label: string, height: number): Promise<void> {
    await this.room(height + 16);
    this.gap(8);
    this.options.pages?.rectangle([MARGIN, this.y], [TEXT_WIDTH, height], THIN);
    this.put(label, MARGIN + 6, this.y + 13, { size: 8.5, grey: GREY_TEXT });
    this.y += height + 8;
  }

  /** Boxes side by side. */
  async boxes(labels: readonly string[], height: number): Promise<void> {
    await this.room(height + 16);
    this.gap(8);
    const width = TEXT_WIDTH / labels.length;
    for (const [index, label] of labels.entries()) {
      const x = MARGIN + index * width;
      this.options.pages?.rectangle([x, this.y], [width, height], THIN);
      const lines = this.wrapped(label, width - 12, 8.5, "regular");
      for (const [n, line] of lines.entries())
        this.put(line, x + 6, this.y + 14 + n * 12, { size: 8.5, grey: GREY_TEXT });
    }
    this.y += height + 8;
  }

  /** Something drawn by the caller, of this height; `pages` is null while it is counted. */
  async drawing(height: number, draw: (pages: PdfPages, corner: Point) => void): Promise<void> {
    await this.room(height + 8);
    if (this.options.pages !== null) draw(this.options.pages, [MARGIN, this.y]);
    this.y += height + 8;
  }

  /** As it is set: characters without a picture by their numbers. */
  readable(text: string): string {
    let shown = "";
    for (const character of text) {
      const codePoint = character.codePointAt(0)!;
      shown += character === "\n" || this.options.face.hasGlyph(codePoint) ? character : numbered(codePoint);
    }
    return shown;
  }

  private head(columns: readonly Column[]): void {
    this.rule(this.y, { width: 0.7, grey: 0 });
    const cells = columns.map(({ head }) => head);
    this.set(columns, this.linesOf(columns, cells, { size: TABLE_SIZE, labels: columns.length }), {
      size: TABLE_SIZE,
      labels: columns.length,
      under: { width: 0.5, grey: 0 },
    });
  }

  private async row(
    columns: readonly Column[],
    cells: readonly string[],
    {
      size,
      labels,
      head,
    }: { readonly size: number; readonly labels: number; readonly head: readonly Column[] | null },
  ): Promise<void> {
    const lines = this.linesOf(columns, cells, { size, labels });
    if (this.y + heightOf(lines, size) > BOTTOM) {
      await this.newPage();
      if (head !== null) this.head(head);
      else this.rule(this.y, THIN);
    }
    this.set(columns, lines, { size, labels, under: HAIRLINE });
  }

  private linesOf(
    columns: readonly Column[],
    cells: readonly string[],
    { size, labels }: { readonly size: number; readonly labels: number },
  ): readonly (readonly string[])[] {
    return columns.map(({ width }, index) => {
      const weight = index < labels ? "bold" : "regular";
      const lines = this.wrapped(cells[index] ?? "", width - 2 * CELL_PADDING, size, weight);
      return lines.length <= CELL_LINES_MAX ? lines : [...lines.slice(0, CELL_LINES_MAX - 1), "…"];
    });
  }

  private set(
    columns: readonly Column[],
    lines: readonly (readonly string[])[],
    {
      size,
      labels,
      under,
    }: { readonly size: number; readonly labels: number; readonly under: typeof HAIRLINE },
  ): void {
    let x = MARGIN;
    for (const [index, { width, align }] of columns.entries()) {
      const style = { size, weight: index < labels ? "bold" : "regular" } as const;
      for (const [n, line] of lines[index]!.entries()) {
        const y = this.y + CELL_PADDING + size * (TABLE_LEADING * (n + 1) - 0.36);
        if (align === "right") this.putRight(line, x + width - CELL_PADDING, y, style);
        else this.put(line, x + CELL_PADDING, y, style);
      }
      x += width;
    }
    this.y += heightOf(lines, size);
    this.rule(this.y, under);
  }

  private wrapped(text: string, width: number, size: number, weight: Weight): readonly string[] {
    return wrapText(this.readable(text), width, (part) => this.widthOf(part, size, weight));
  }

  private widthOf(text: string, size: number, weight: Weight): number {
    return this.options.face.widthOf(text, weight) * size;
  }

  private put(text: string, x: number, y: number, style: TextStyle): void {
    const { size = BODY_SIZE, weight = "regular", grey = 0 } = style;
    this.options.pages?.text({ x, y, size, weight, grey, text: this.readable(text) });
  }

  private putRight(text: string, right: number, y: number, style: TextStyle): void {
    const { size = BODY_SIZE, weight = "regular" } = style;
    this.put(text, right - this.widthOf(this.readable(text), size, weight), y, style);
  }

  private rule(y: number, stroke = HAIRLINE): void {
    this.options.pages?.line(
      [
        [MARGIN, y],
        [PAGE_WIDTH - MARGIN, y],
      ],
      stroke,
    );
  }
}

export interface Table {
  row(cells: readonly string[]): Promise<void>;
  /** Of sums. */
  strongRow(cells: readonly string[]): Promise<void>;
  end(): void;
}

function heightOf(lines: readonly (readonly string[])[], size: number): number {
  return Math.max(...lines.map(({ length }) => length)) * size * TABLE_LEADING + 2 * CELL_PADDING;
}

function numbered(codePoint: number): string {
  return `[U+${codePoint.toString(16).toUpperCase().padStart(4, "0")}]`;
}
