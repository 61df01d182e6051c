/** Breaks text into lines as Chinese is set: between any two ideographs, but no line begins with a comma or ends with an opening bracket. Pure. */

const NEVER_FIRST = "，。、；：！？）》」』”’〕】％%,.;:!?)]}…·–元笔次年月日";
const NEVER_LAST = "（《「『“‘〔【([{";
/** A word, number or identifier stays together where it fits. */
const PIECES = /[A-Za-z0-9_@#$&*+=/\\|~^<>'"`.:,%-]+|\s+|./gsu;

/** @param widthOf of a text at the size it is set in. Every `\n` begins a line. */
export function wrapText(text: string, width: number, widthOf: (text: string) => number): readonly string[] {
  return text.split("\n").flatMap((paragraph) => wrapParagraph(paragraph, width, widthOf));
}

function wrapParagraph(text: string, width: number, widthOf: (text: string) => number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const piece of fittingPieces(text, width, widthOf)) {
    if (widthOf(line + piece.trimEnd()) <= width) {
      line += piece;
      continue;
    }
    const asked = carriedOver(line, piece);
    const carried = widthOf(asked + piece.trim()) <= width ? asked : "";
    lines.push(line.slice(0, line.length - carried.length).trimEnd());
    line = (carried + piece).trimStart();
  }
  lines.push(line.trimEnd());
  return lines;
}

/** What of the full line goes to the next one with the piece. */
function carriedOver(line: string, piece: string): string {
  const characters = [...line];
  let count = 0;
  const first = [...piece.trimStart()][0] ?? "";
  if (NEVER_FIRST.includes(first)) count = 1;
  while (count < characters.length - 1 && isBadBreak(characters, count)) count++;
  return count === 0 || count >= characters.length - 1
    ? ""
    : characters.slice(characters.length - count).join("");
}

function isBadBreak(characters: readonly string[], count: number): boolean {
  const last = characters[characters.length - count - 1]!;
  const first = characters[characters.length - count];
  return NEVER_LAST.includes(last) || (first !== undefined && NEVER_FIRST.includes(first));
}

/** A piece that is wider than a line is cut. */
function* fittingPieces(text: string, width: number, widthOf: (text: string) => number): Generator<string> {
  for (const [piece] of text.matchAll(PIECES)) {
    if (widthOf(piece) <= width) {
      yield piece;
      continue;
    }
    let part = "";
    for (const character of piece) {
      if (part !== "" && widthOf(part + character) > width) {
        yield part;
        part = "";
      }
      part += character;
    }
    yield part;
  }
}
