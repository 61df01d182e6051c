/** What people type, read with patience; and what guessing would come to. */

import { describe, expect, it } from "@jest/globals";
import { attackOdds, CASE_CODES } from "../../services/console/citizen/door/attack-odds.js";
import {
  amountFenOf,
  bankAccountOf,
  caseCodeOf,
  hasLuhnDigit,
  idNumberLast4Of,
  oneTimeCodeOf,
} from "../../services/console/citizen/typed-text.js";
import { maskedName, yuanWords } from "../../services/console/citizen/words.js";

describe("typed text", () => {
  it.each([
    ["K7M2-Q9XW", "K7M2-Q9XW"],
    ["k7m2 q9xw", "K7M2-Q9XW"],
    ["Ｋ７Ｍ２ーＱ９ＸＷ".replace("ー", "－"), "K7M2-Q9XW"],
    ["KOM2-Q9XW", "K0M2-Q9XW"],
    ["KIM2-L9XW", "K1M2-19XW"],
    ["K7M2Q9X", null],
    ["K7M2-Q9XWW", null],
    ["K7M2-U9XW", null],
    ["𠮷7M2-Q9XW", null],
    ["x".repeat(5000), null],
  ])("is a case code: %s", (typed, code) => {
    expect(caseCodeOf(typed)).toBe(code);
  });

  it.each([
    ["123x", "123X"],
    ["１２３Ｘ", "123X"],
    ["12 34", "1234"],
    ["X123", null],
    ["12345", null],
    ["", null],
  ])("is an ID ending: %s", (typed, last4) => {
    expect(idNumberLast4Of(typed)).toBe(last4);
  });

  it("is a one-time code, an account, an amount", () => {
    expect(["123 456", "１２３４５６", "12345", "12a456"].map(oneTimeCodeOf)).toEqual([
      "123456",
      "123456",
      null,
      null,
    ]);
    expect(["6222 0212 3456 7890 128", "123", "6222-O212"].map(bankAccountOf)).toEqual([
      "6222021234567890128",
      null,
      null,
    ]);
    expect(
      ["300", "１，０００元", "99.5", "99.555", "-1", "1e3", "99999"].map((text) =>
        amountFenOf(text, 1_000_000),
      ),
    ).toEqual([30_000, 100_000, 9_950, null, null, null, null]);
  });

  it("of an account is doubted by its check digit", () => {
    expect(["4111111111111111", "4111111111111112"].map(hasLuhnDigit)).toEqual([true, false]);
  });

  it("names a person by one sign, whole beyond the first plane too", () => {
    expect(["王小明", "𠮷田", "", "买买提·".repeat(16)].map(maskedName)).toEqual([
      "王*",
      "𠮷*",
      "参保人",
      "买*",
    ]);
  });

  it("writes amounts in groups of three", () => {
    expect([0, 5, 123_456, 14_073_748_835_532_800].map(yuanWords)).toEqual([
      "0.00元",
      "0.05元",
      "1,234.56元",
      "140,737,488,355,328.00元",
    ]);
  });
});

describe("guessing", () => {
  it("comes to the figures that docs/citizen-pages.md names", () => {
    expect(CASE_CODES).toBe(1_099_511_627_776);
    const one = attackOdds({ cases: 100_000, addresses: 1 });
    const many = attackOdds({ cases: 100_000, addresses: 10_000 });
    expect(one.codeHit).toBeCloseTo(9.095e-8, 11);
    expect([one.entriesPerDay, many.entriesPerDay]).toEqual([300, 974_400]);
    expect(one.casesNamedPerYear).toBeCloseTo(0.00996, 5);
    expect(many.casesNamedPerYear).toBeCloseTo(32.35, 1);
    expect(one.openedPerYear).toBeCloseTo(4.527e-12, 15);
    expect(many.openedPerYear).toBeCloseTo(1.47e-8, 10);
    expect(one.openedPerYearBothKnown).toBeCloseTo(0.005475, 6);
    expect(one.openedPerYearCodeKnown).toBeCloseTo(4.977e-7, 10);
  });
});
