import { expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { wrapText } from "../../../services/evidence/report/wrap-text.js";

/** An ideograph is as wide as two letters. */
function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += character.codePointAt(0)! > 0xff ? 2 : 1;
  return width;
}

test.each([
  ["between ideographs", "医保卡使用记录", 8, ["医保卡使", "用记录"]],
  ["no comma begins a line", "医保卡用，记录", 8, ["医保卡", "用，记录"]],
  ["no bracket ends a line", "医保卡（实体）", 8, ["医保卡", "（实体）"]],
  ["a word stays whole", "卡 evidence 包", 10, ["卡", "evidence", "包"]],
  ["a word wider than the line is cut", "abcdefghij", 4, ["abcd", "efgh", "ij"]],
  ["given lines stay", "一\n二", 8, ["一", "二"]],
])("%s", (_name, text, width, lines) => {
  expect(wrapText(text, width, widthOf)).toEqual(lines);
});

test("nothing is lost, and no line is wider than the column", () => {
  const text = fc.array(fc.constantFrom("医", "保", "，", "（", "）", "a", "7", " ", "。", "long-word"), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(text, fc.integer({ min: 6, max: 20 }), (parts, width) => {
      const whole = parts.join("");
      const lines = wrapText(whole, width, widthOf);
      expect(lines.join("").replaceAll(" ", "")).toBe(whole.replaceAll(" ", ""));
      for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(width);
    }),
  );
});
