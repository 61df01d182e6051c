import { describe, expect, test } from "@jest/globals";
import { AMOUNT_FEN_MAX } from "../../../schemas/fields.js";
import { fenOf, signedYuan, yuan, yuanOf, yuanTextOf } from "../../../schemas/national/yuan.js";
import fc from "../../support/properties.js";

test("what is no amount is told the limits", () => {
  const reason = yuan.safeParse(-1).error?.issues[0]?.message;
  expect(reason).toBe("an amount ≥ 0 of yuan such as 123.45, at most two decimals, at most 1407374883553.28");
});

describe("yuan become fen", () => {
  const cases: [number | string, number | null][] = [
    [0, 0],
    ["0", 0],
    ["-0.00", 0],
    [99.8, 9_980],
    ["99.80", 9_980],
    ["99.8000", 9_980],
    [" 7 ", 700],
    [0.1, 10],
    [19.99, 1_999],
    [1.005, null],
    ["1.005", null],
    [0.30000000000000004, null],
    [-180.2, -18_020],
    ["1234567890123.45", 123_456_789_012_345],
    [1234567890123.45, 123_456_789_012_345],
    ["99999999999999.99", null],
    ["1e3", null],
    [1e21, null],
    ["1,000.00", null],
    ["¥5", null],
    ["", null],
    [Number.NaN, null],
    [Number.POSITIVE_INFINITY, null],
  ];
  test.each(cases)("%p → %p", (value, fen) => {
    expect(fenOf(value)).toBe(fen);
    expect(signedYuan.safeParse(value).success).toBe(fen !== null);
    expect(yuan.safeParse(value).success).toBe(fen !== null && fen >= 0);
  });

  test("and every amount comes back, as text, as number and through JSON", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: AMOUNT_FEN_MAX }), (fen) => {
        expect(fenOf(yuanTextOf(fen))).toBe(fen);
        expect(fenOf(JSON.parse(JSON.stringify(yuanOf(fen))) as number)).toBe(fen);
      }),
    );
  });
});
