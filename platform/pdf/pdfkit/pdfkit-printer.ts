/**
 * pdfkit with Noto Sans SC.
 *
 * 1. Nothing is compressed: compressed bytes are another thing with each release of Node.js.
 * 2. A text is set glyph by glyph, without kerning and ligatures: what is measured is what is set, and 5,000 rows take a
 *    third of the time that fontkit's features take.
 */

import { once } from "node:events";
import { createWriteStream, readFileSync, type WriteStream } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { finished } from "node:stream/promises";
import PDFDocument from "pdfkit";
import type {
  PdfDocumentOptions,
  PdfFace,
  PdfPages,
  PdfPrinter,
  PdfStroke,
  PdfText,
  Point,
  Weight,
} from "../pdf.js";
import { PAGE_HEIGHT, PAGE_WIDTH } from "../pdf.js";

const FONT_PACKAGE = "@expo-google-fonts/noto-sans-sc";
const FONT_FILES: Readonly<Record<Weight, string>> = {
  regular: "400Regular/NotoSansSC_400Regular.ttf",
  bold: "700Bold/NotoSansSC_700Bold.ttf",
};
/** Some ten pages of a table: what may wait for the file. */
const WAITING_BYTES_MAX = 1 << 20;

interface Glyph {
  readonly advanceWidth: number;
}

interface GlyphRun {
  readonly glyphs: readonly Glyph[];
  /** Thousandths of the size. */
  readonly positions: readonly object[];
  readonly advanceWidth: number;
}

/** pdfkit's font of a document; it has no types for it. */
interface EmbeddedFont {
  readonly font: Font;
  layout: (text: string) => GlyphRun;
}

/** What of fontkit's font is needed; pdfkit has no types for it. */
interface Font {
  readonly unitsPerEm: number;
  hasGlyphForCodePoint(codePoint: number): boolean;
  glyphForCodePoint(codePoint: number): Glyph;
}

/** Fonts are read once: 20 MB. */
export class PdfkitPrinter implements PdfPrinter {
  readonly face: PdfFace;
  private readonly fonts: Readonly<Record<Weight, Buffer>>;

  constructor() {
    const folder = dirname(createRequire(import.meta.url).resolve(`${FONT_PACKAGE}/package.json`));
    this.fonts = {
      regular: readFileSync(join(folder, FONT_FILES.regular)),
      bold: readFileSync(join(folder, FONT_FILES.bold)),
    };
    this.face = new MeasuredFace({
      regular: fontOf(this.fonts.regular),
      bold: fontOf(this.fonts.bold),
    });
  }

  open(options: PdfDocumentOptions): PdfPages {
    return new PdfkitPages(this.fonts, options);
  }
}

function fontOf(bytes: Buffer): Font {
  const document = new PDFDocument({ autoFirstPage: false });
  document.font(bytes);
  return embeddedFontOf(document).font;
}

/** The one in use. */
function embeddedFontOf(document: PDFKit.PDFDocument): EmbeddedFont {
  return (document as unknown as { readonly _font: EmbeddedFont })._font;
}

function setGlyphByGlyph(embedded: EmbeddedFont): void {
  const { font } = embedded;
  const scale = 1000 / font.unitsPerEm;
  embedded.layout = (text) => {
    const glyphs = Array.from(text, (character) => font.glyphForCodePoint(character.codePointAt(0)!));
    const positions = glyphs.map(({ advanceWidth }) => ({
      xAdvance: advanceWidth * scale,
      yAdvance: 0,
      xOffset: 0,
      yOffset: 0,
      advanceWidth: advanceWidth * scale,
    }));
    const advanceWidth = positions.reduce((sum, { xAdvance }) => sum + xAdvance, 0);
    return { glyphs, positions, advanceWidth };
  };
}

class MeasuredFace implements PdfFace {
  private readonly widths: Readonly<Record<Weight, Map<string, number>>> = {
    regular: new Map(),
    bold: new Map(),
  };

  constructor(private readonly fonts: Readonly<Record<Weight, Font>>) {}

  widthOf(text: string, weight: Weight): number {
    let width = 0;
    for (const character of text) width += this.characterWidth(character, weight);
    return width;
  }

  hasGlyph(codePoint: number): boolean {
    return this.fonts.regular.hasGlyphForCodePoint(codePoint);
  }

  private characterWidth(character: string, weight: Weight): number {
    const known = this.widths[weight].get(character);
    if (known !== undefined) return known;
    const font = this.fonts[weight];
    const width = font.glyphForCodePoint(character.codePointAt(0)!).advanceWidth / font.unitsPerEm;
    this.widths[weight].set(character, width);
    return width;
  }
}

class PdfkitPages implements PdfPages {
  private readonly document: PDFKit.PDFDocument;
  private readonly file: WriteStream;
  private readonly written: Promise<void>;

  constructor(fonts: Readonly<Record<Weight, Buffer>>, { path, title, madeAtMs }: PdfDocumentOptions) {
    const madeAt = new Date(madeAtMs);
    this.document = new PDFDocument({
      autoFirstPage: false,
      size: [PAGE_WIDTH, PAGE_HEIGHT],
      margin: 0,
      compress: false,
      lang: "zh-CN",
      info: { Title: title, Creator: "Kadun", Producer: "Kadun", CreationDate: madeAt, ModDate: madeAt },
    });
    for (const [weight, bytes] of Object.entries(fonts)) {
      this.document.registerFont(weight, bytes);
      this.document.font(weight);
      setGlyphByGlyph(embeddedFontOf(this.document));
    }
    this.file = createWriteStream(path, { mode: 0o600 });
    this.written = finished(this.file);
    // Told by whoever awaits `nextPage` or `end`.
    this.written.catch(() => {});
    this.document.pipe(this.file);
  }

  async nextPage(): Promise<void> {
    this.document.addPage();
    while (this.document.readableLength > WAITING_BYTES_MAX)
      await Promise.race([this.written, once(this.file, "drain")]);
  }

  text({ x, y, size, weight, grey, text }: PdfText): void {
    if (text === "") return;
    this.document
      .font(weight)
      .fontSize(size)
      .fillColor(hexOf(grey))
      .text(text, x, y, { lineBreak: false, baseline: "alphabetic" });
  }

  line(points: readonly Point[], stroke: PdfStroke): void {
    const [first, ...others] = points;
    if (first === undefined) return;
    this.document.moveTo(...first);
    for (const point of others) this.document.lineTo(...point);
    this.stroke(stroke);
  }

  rectangle(corner: Point, size: Point, stroke: PdfStroke): void {
    this.document.rect(...corner, ...size);
    this.stroke(stroke);
  }

  area(corner: Point, size: Point, grey: number): void {
    this.document.rect(...corner, ...size).fill(hexOf(grey));
  }

  circle(centre: Point, radius: number, { width, grey }: PdfStroke): void {
    this.document
      .lineWidth(width)
      .circle(...centre, radius)
      .fillAndStroke("#ffffff", hexOf(grey));
  }

  async end(): Promise<void> {
    this.document.end();
    await this.written;
  }

  private stroke({ width, grey, dash }: PdfStroke): void {
    const document = this.document.lineWidth(width).strokeColor(hexOf(grey));
    if (dash === undefined) document.undash();
    else document.dash(dash[0], { space: dash[1] });
    document.stroke();
  }
}

function hexOf(grey: number): string {
  const level = Math.round(grey * 255)
    .toString(16)
    .padStart(2, "0");
  return `#${level}${level}${level}`;
}
