/**
 * The fastest path for flat JSON objects: the keys in one order, without white space, as a program writes them that
 * always writes the same object. A function is made for a list of fields, in which the bytes between two values are
 * compared as whole words and values are read four characters at a time.
 *
 * Contract: that of object-scanner.ts, for the given order of keys only; false says nothing. Every field is required.
 *
 * 1. The text of the function is built from names, limits and choices of the fields, which are constants of the
 *    program and printable ASCII without quote and backslash (`asciiBytes`): nothing of a message is ever a part of it.
 * 2. Reading only goes forward and ends at the last byte given, or the answer is false: what lies behind the object is
 *    looked at, never taken for a part of it. `orderedBytesMax` says how far a scan may look.
 * 3. Numbers are those of JSON.parse to the last bit, by rule 2 of object-scanner.ts.
 */

import { asciiBytes, type ScannedField, type ScannedText } from "./scanned-fields.js";

/**
 * Scans `view` from `start` to `last`, its first brace and its last. Fills the slots of object-scanner.ts, with
 * positions in `view`, which must reach `orderedBytesMax` bytes beyond `start`.
 */
export type OrderedScan = (
  view: DataView,
  start: number,
  last: number,
  starts: Int32Array,
  ends: Int32Array,
  numbers: Float64Array,
) => boolean;

const WORD = 4;
const DIGITS_MAX = 15;
/** The longest number looked at: a sign, a point, and digits that are read before they are found to be too many. */
const NUMBER_BYTES_MAX = DIGITS_MAX + 2 * WORD + 2;
const FLAGS = 0x80808080 | 0;

/** How many bytes from its start on a scan may look at. */
export function orderedBytesMax(fields: readonly ScannedField[]): number {
  const values = fields.map((field) => {
    if (field.kind === "text") return field.charactersMax + 2 * WORD;
    if (field.kind === "choice") return Math.max(...field.choices.map((choice) => choice.length));
    return NUMBER_BYTES_MAX;
  });
  const between = fields.map((_, index) => literalBefore(fields, index).length + WORD);
  return [...values, ...between].reduce((sum, bytes) => sum + bytes, 2 * WORD);
}

/** @throws Error where a name or choice is not printable ASCII. */
export function compileOrderedScan(fields: readonly ScannedField[]): OrderedScan {
  const lines = fields.flatMap((field, index) => [
    ...compare(literalBefore(fields, index)),
    ...valueLines(field, index),
  ]);
  const last = isQuoted(fields.at(-1)) ? '"}' : "}";
  const source = [
    "let p = start, q = 0, w = 0, f = 0, k = 0, n = 0, value = 0;",
    ...lines,
    ...compare(asciiOf(last)),
    "return p - 1 === last;",
  ].join("\n");
  const make = new Function(
    "POWERS",
    `return (view, start, last, starts, ends, numbers) => {\n${source}\n};`,
  );
  return make(Float64Array.from({ length: DIGITS_MAX + 1 }, (_, exponent) => 10 ** exponent)) as OrderedScan;
}

/** What stands between the value before and the value of a field. A choice is compared together with its quote. */
function literalBefore(fields: readonly ScannedField[], index: number): Uint8Array {
  const { name, kind } = fields[index]!;
  const before = index === 0 ? "{" : `${isQuoted(fields[index - 1]) ? '"' : ""},`;
  asciiBytes(name);
  return asciiOf(`${before}"${name}":${kind === "text" || kind === "choice" ? '"' : ""}`);
}

/** Is a closing quote left to whoever goes on? */
function isQuoted(field: ScannedField | undefined): boolean {
  return field?.kind === "text";
}

function valueLines(field: ScannedField, index: number): string[] {
  switch (field.kind) {
    case "text":
      return field.charactersMin === field.charactersMax && field.charactersMin >= WORD
        ? textOfLength(field, index)
        : textUpTo(field, index);
    case "choice":
      return choiceLines(field.choices, index);
    case "integer":
      return [...integerLines(), `numbers[${index}] = value;`];
    case "decimal":
      return decimalLines(field, index);
  }
}

// texts ------------------------------------------------------------------------------------------------

/** Flags in `w` the bytes that do not belong to the alphabet; byte-words.ts says how. */
const FLAGGED: Readonly<Record<NonNullable<ScannedText["alphabet"]>, string>> = {
  plain: `(~((w + ${0x60606060}) | 0) | ((w + ${0x01010101}) | 0) | ${equals(0x22222222)} | ${equals(0x5c5c5c5c)} | w)`,
  word: `(~((((w | ${0x20202020}) + ${0x1f1f1f1f}) | 0) ^ (((w | ${0x20202020}) + ${0x05050505}) | 0) | ${digits()} | ${equals(0x5f5f5f5f)} | ${equals(0x2d2d2d2d)}) | w)`,
  digit: `(~(${digits()}) | w)`,
};

function equals(repeated: number): string {
  return `~(((w ^ ${repeated}) + ${0x7f7f7f7f}) | 0)`;
}
function digits(): string {
  return `(((w + ${0x50505050}) | 0) ^ ((w + ${0x46464646}) | 0))`;
}

function textUpTo({ alphabet, charactersMin, charactersMax }: ScannedText, index: number): string[] {
  return [
    "q = p;",
    "for (;;) {",
    "  w = view.getInt32(p, true);",
    `  f = ${FLAGGED[alphabet ?? "plain"]} & ${FLAGS};`,
    "  if (f !== 0) break;",
    `  p = (p + ${WORD}) | 0;`,
    `  if (p - q > ${charactersMax}) return false;`,
    "}",
    "p = (p + ((31 - Math.clz32(f & -f)) >> 3)) | 0;",
    "n = p - q;",
    `if (n > ${charactersMax}${charactersMin > 0 ? ` || n < ${charactersMin}` : ""}) return false;`,
    `starts[${index}] = q;`,
    `ends[${index}] = p;`,
  ];
}

/** All words of it, the last one over the one before where it is no multiple of a word. */
function textOfLength({ alphabet, charactersMax: length }: ScannedText, index: number): string[] {
  const words = wordsOf(length).flatMap((at, i) => [
    `w = view.getInt32(p + ${at}, true);`,
    `f ${i === 0 ? "=" : "|="} ${FLAGGED[alphabet ?? "plain"]};`,
  ]);
  return [
    ...words,
    `if ((f & ${FLAGS}) !== 0) return false;`,
    `starts[${index}] = p;`,
    `p = (p + ${length}) | 0;`,
    `ends[${index}] = p;`,
  ];
}

function choiceLines(choices: readonly string[], index: number): string[] {
  const branches = choices.map((choice, position) => {
    asciiBytes(choice);
    const bytes = asciiOf(`${choice}"`);
    return `if (${differences(bytes)} === 0) { numbers[${index}] = ${position}; p = (p + ${bytes.length}) | 0; }`;
  });
  return [`${branches.join("\nelse ")}\nelse return false;`];
}

// numbers ----------------------------------------------------------------------------------------------

/** The four digits in `w`, of which it holds the values: 10 × the left + the right one, twice, then 100 × and 1 ×. */
const FOUR_DIGITS = "Math.imul(k & 255, 100) + ((k >>> 16) & 255)";

/** Reads the digits from `p` on behind those in `value`; `p` behind the last one, and no more than are exact. */
function digitLines(): string[] {
  return [
    "for (;;) {",
    `  w = view.getInt32(p, true) ^ ${0x30303030};`,
    `  f = (((w + ${0x76767676}) | 0) | w) & ${FLAGS};`,
    "  if (f !== 0) break;",
    "  k = (Math.imul(w, 10) + (w >>> 8)) | 0;",
    `  value = value * 10000 + (${FOUR_DIGITS});`,
    `  p = (p + ${WORD}) | 0;`,
    `  if (p - q > ${DIGITS_MAX + 1}) return false;`,
    "}",
    "n = (31 - Math.clz32(f & -f)) >> 3;",
    "if (n !== 0) {",
    "  w = w << (32 - 8 * n);",
    "  k = (Math.imul(w, 10) + (w >>> 8)) | 0;",
    `  value = value * POWERS[n] + (${FOUR_DIGITS});`,
    "  p = (p + n) | 0;",
    "}",
  ];
}

/** At least one digit, no more than are exact, none of them a leading zero; `q` is where they start. */
function wholeLines(): string[] {
  return [
    "n = p - q;",
    `if (n === 0 || n > ${DIGITS_MAX} || (n > 1 && view.getUint8(q) === ${0x30})) return false;`,
  ];
}

function integerLines(): string[] {
  return ["q = p;", "value = 0;", ...digitLines(), ...wholeLines()];
}

function decimalLines({ min, max }: { min: number; max: number }, index: number): string[] {
  const minus = `view.getUint8(start${index}) === ${0x2d}`;
  return [
    `const start${index} = p;`,
    `if (${minus}) p = (p + 1) | 0;`,
    ...integerLines(),
    `if (view.getUint8(p) === ${0x2e}) {`,
    "  p = (p + 1) | 0;",
    `  const point${index} = p;`,
    ...digitLines(),
    `  n = p - point${index};`,
    `  if (n === 0 || p - q - 1 > ${DIGITS_MAX}) return false;`,
    "  value /= POWERS[n];",
    "}",
    `if (${minus}) value = -value;`,
    `if (!(value >= ${min} && value <= ${max})) return false;`,
    `numbers[${index}] = value;`,
  ];
}

// words ------------------------------------------------------------------------------------------------

/** Goes on behind these bytes, which must stand at `p`. */
function compare(bytes: Uint8Array): string[] {
  return [`if (${differences(bytes)} !== 0) return false;`, `p = (p + ${bytes.length}) | 0;`];
}

/** An expression: 0 where these bytes stand at `p`. */
function differences(bytes: Uint8Array): string {
  if (bytes.length < WORD) {
    const padded = new DataView(new ArrayBuffer(WORD));
    for (const [i, byte] of bytes.entries()) padded.setUint8(i, byte);
    const mask = (1 << (8 * bytes.length)) - 1;
    return `((view.getInt32(p, true) ^ ${padded.getInt32(0, true)}) & ${mask})`;
  }
  const expected = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const words = wordsOf(bytes.length).map(
    (at) => `(view.getInt32(p + ${at}, true) ^ ${expected.getInt32(at, true)})`,
  );
  return `(${words.join(" | ")})`;
}

/** Where words begin that together cover so many bytes and no others. */
function wordsOf(bytes: number): number[] {
  const whole = Array.from({ length: Math.floor(bytes / WORD) }, (_, word) => word * WORD);
  return bytes % WORD === 0 ? whole : [...whole, bytes - WORD];
}

function asciiOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
