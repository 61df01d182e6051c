/** The scanner's contract: what it accepts, JSON.parse reads the same, within the limits; it never has to accept. */

import { describe, expect, test } from "@jest/globals";
import { ObjectScanner } from "../../../platform/json/object-scanner.js";
import type { ScannedField } from "../../../platform/json/scanned-fields.js";
import fc from "../../support/properties.js";

const FIELDS = [
  { kind: "text", name: "a", charactersMin: 0, charactersMax: 9 },
  { kind: "text", name: "wordText", charactersMin: 1, charactersMax: 12, alphabet: "word" },
  { kind: "text", name: "sixDigits", charactersMin: 6, charactersMax: 6, alphabet: "digit" },
  { kind: "integer", name: "count" },
  { kind: "decimal", name: "longitude", min: -180, max: 180 },
  { kind: "decimal", name: "anyNumber", min: -1e300, max: 1e300 },
  { kind: "choice", name: "credential", choices: ["card", "interim-certificate", "x"] },
  // Longer than what is compared at once.
  { kind: "integer", name: "externalPrescriptionCount" },
] as const satisfies readonly ScannedField[];
const NAMES = FIELDS.map(({ name }) => name);
type Values = Record<(typeof NAMES)[number], string | number>;
const BYTES_MAX = 512;
const scanner = new ObjectScanner(FIELDS, BYTES_MAX);

const VALID: Values = {
  a: "",
  wordText: "Az_9-",
  sixDigits: "004403",
  count: 0,
  longitude: -113.5,
  anyNumber: 1,
  credential: "interim-certificate",
  externalPrescriptionCount: 12,
};

const BEFORE = '{"a":"';
/** What a careless scanner would go on with: digits, a closing brace, an end of everything. */
const BEHIND = ["0", "}", '"}', '":', " ", "\\", "x"];

const ROOM = " ".repeat(BYTES_MAX);

/** Alone, in the middle of other messages, and as the last of a batch; each way gives the same. */
function slotsOf(text: string, behinds = BEHIND): Values | null {
  const slots = scanner.scan(Buffer.from(text)) ? readSlots(scanner) : null;
  const end = BEFORE.length + Buffer.byteLength(text);
  for (const behind of behinds) {
    const batch = Buffer.from(BEFORE + text + behind + ROOM);
    expect(scanner.scan(batch, BEFORE.length, end) ? readSlots(scanner) : null).toEqual(slots);
  }
  expect(scanner.scan(Buffer.from(BEFORE + text), BEFORE.length) ? readSlots(scanner) : null).toEqual(slots);
  return slots;
}

function readSlots(scanner: ObjectScanner): Values {
  const entries = FIELDS.map((field, index) => {
    if (field.kind === "choice") return [field.name, field.choices[scanner.numbers[index]!]];
    if (field.kind !== "text") return [field.name, scanner.numbers[index]];
    const [start, end] = [scanner.starts[index]!, scanner.ends[index]!];
    const { buffer, byteOffset } = scanner.view;
    return [field.name, Buffer.from(buffer, byteOffset + start, end - start).toString()];
  });
  return Object.fromEntries(entries) as Values;
}

const written = (change: Partial<Record<keyof Values, unknown>>) => JSON.stringify({ ...VALID, ...change });
/** VALID with the JSON of one value replaced by other text. */
const withText = (name: keyof Values, text: string) =>
  JSON.stringify(VALID).replace(`"${name}":${JSON.stringify(VALID[name])}`, `"${name}":${text}`);

/** The slow path: JSON.parse and the limits, field by field. */
function referenceOf(text: string): Values | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof parsed !== "object" || parsed === null) return null;
  const values = parsed as Values;
  const fits =
    Object.keys(parsed).length === NAMES.length &&
    /^[ -~]{0,9}$/.test(String(values.a)) &&
    /^[\w-]{1,12}$/.test(String(values.wordText)) &&
    /^\d{6}$/.test(String(values.sixDigits)) &&
    Number.isSafeInteger(values.count) &&
    Number(values.count) >= 0 &&
    Math.abs(Number(values.longitude)) <= 180 &&
    FIELDS[6].choices.includes(values.credential as "card") &&
    Number.isSafeInteger(values.externalPrescriptionCount);
  return fits ? values : null;
}

describe("accepts", () => {
  test.each([
    ["the keys in another order", JSON.stringify(Object.fromEntries(Object.entries(VALID).reverse()))],
    ["white space after colons and commas", JSON.stringify(VALID, null, 2)],
    ["every printable character of a text", written({ a: " !#~}{:,'" })],
    ["15 digits", withText("anyNumber", "-0.00000000000001")],
    [
      "the limits of a decimal",
      written({ longitude: 180, anyNumber: -999_999_999_999_999, count: 123_456_789_012_345 }),
    ],
    ["the least of a choice", written({ credential: "x" })],
  ])("%s", (_, text) => {
    expect(slotsOf(text)).toEqual(JSON.parse(text));
  });

  test("minus zero as minus zero", () => {
    expect(slotsOf(withText("longitude", "-0"))?.longitude).toBe(-0);
  });

  test("decimals to the last bit of what JSON.parse reads", () => {
    const digits = fc.stringMatching(/^-?(0|[1-9]\d{0,6})(\.\d{1,8})?$/);
    fc.assert(
      fc.property(digits, (number) => {
        expect(slotsOf(withText("anyNumber", number))?.anyNumber).toBe(JSON.parse(number));
      }),
      { numRuns: 5000 },
    );
  });

  test("more fields than one machine word has bits", () => {
    const fields = Array.from(
      { length: 70 },
      (_, i): ScannedField => ({ kind: "integer", name: `field${i}` }),
    );
    const text = JSON.stringify(Object.fromEntries(fields.map(({ name }, i) => [name, i])));
    const scanner = new ObjectScanner(fields, 2048);
    expect(scanner.scan(Buffer.from(text))).toBe(true);
    expect([...scanner.numbers]).toEqual(fields.map((_, i) => i));
    expect(scanner.scan(Buffer.from(text.replace('"field69":69', '"field3":3')))).toBe(false);
  });
});

describe("leaves to the slow path", () => {
  test.each([
    ["a missing field", JSON.stringify({ ...VALID, a: undefined })],
    ["an unknown field", JSON.stringify({ ...VALID, b: 1 })],
    ["a field that comes twice", JSON.stringify(VALID).replace("}", ',"a":""}')],
    [
      "a longer key that begins alike",
      JSON.stringify(VALID).replace("PrescriptionCount", "PrescriptionCounts"),
    ],
    ["a text that is too long", written({ a: "0123456789" })],
    ["a text that is too short", written({ wordText: "" })],
    ["a character of another alphabet", written({ wordText: "a b" })],
    ["an escape", withText("a", '"\\u0041"')],
    ["a character beyond ASCII", written({ a: "卡" })],
    ["a control character", withText("a", '"\n"')],
    ["a choice that is none", written({ credential: "interim-certificates" })],
    ["a negative integer", written({ count: -1 })],
    ["an integer with a point", withText("count", "1.0")],
    ["an exponent", withText("count", "1e3")],
    ["16 digits", withText("count", "1234567890123456")],
    ["a leading zero", withText("longitude", "-01.5")],
    ["a point without digits", withText("longitude", "1.")],
    ["a number beyond its limit", written({ longitude: 180.000001 })],
    ["a number for a text", withText("a", "1")],
    ["a text for a number", withText("count", '"1"')],
    ["null", withText("a", "null")],
    ["white space in front", ` ${JSON.stringify(VALID)}`],
    ["something behind", `${JSON.stringify(VALID)}}`],
    ["a comma before the end", JSON.stringify(VALID).replace(/\}$/, ",}")],
    ["an unclosed text", JSON.stringify(VALID).replace(/"[^"]*$/, "}")],
    ["nothing", ""],
    ["an empty object", "{}"],
    ["more bytes than it has room for", JSON.stringify(VALID).replaceAll(",", `,${" ".repeat(BYTES_MAX)}`)],
  ])("%s", (_, text) => {
    expect(slotsOf(text)).toBeNull();
  });
});

test("whatever is scanned before leaves no trace", () => {
  // A text last: a cut through a number would leave a number.
  const whole = JSON.stringify({ ...VALID, a: undefined }).replace("}", ',"a":"left"}');
  for (let length = 1; length < whole.length; length++) {
    expect(scanner.scan(Buffer.from(whole))).toBe(true);
    expect(scanner.scan(Buffer.from(`${whole.slice(0, length)}}`))).toBe(length === whole.length - 1);
  }
});

test("what it accepts, JSON.parse reads the same and the limits allow, on mutilated texts", () => {
  const pieces = fc.constantFrom(
    "",
    " ",
    '"',
    ",",
    "}",
    "{",
    ":",
    "0",
    "-",
    ".5",
    "1e3",
    "\\u0041",
    "中",
    "x",
    "\n",
  );
  const edits = fc.array(fc.record({ at: fc.nat({ max: 220 }), piece: pieces, cut: fc.nat({ max: 3 }) }), {
    maxLength: 2,
  });
  let accepted = 0;
  fc.assert(
    fc.property(fc.shuffledSubarray([...NAMES], { minLength: NAMES.length }), edits, (order, changes) => {
      let text = JSON.stringify(Object.fromEntries(order.map((name) => [name, VALID[name]])));
      for (const { at, piece, cut } of changes) text = text.slice(0, at) + piece + text.slice(at + cut);
      const slots = slotsOf(text, ["}"]);
      if (slots === null) return;
      accepted++;
      expect(slots).toEqual(referenceOf(text));
    }),
    { numRuns: 20_000 },
  );
  expect(accepted).toBeGreaterThan(5000);
});

test("a loaded object fills the same slots as its bytes", () => {
  scanner.load(VALID);
  expect(readSlots(scanner)).toEqual(slotsOf(JSON.stringify(VALID)));
  scanner.load({ ...VALID, a: "卡盾" });
  expect(readSlots(scanner).a).toBe("卡盾");
});

describe("names that cannot be looked for are refused", () => {
  test.each([
    ["a quote", ['a"b'], "printable ASCII"],
    ["a closing brace", ["a}"], "closing brace"],
    ["a beginning like another's", ["externalPrescription1", "externalPrescription2"], "begin alike"],
  ])("%s", (_, names, message) => {
    const fields = names.map((name): ScannedField => ({ kind: "integer", name }));
    expect(() => new ObjectScanner(fields, BYTES_MAX)).toThrow(message);
  });
});
