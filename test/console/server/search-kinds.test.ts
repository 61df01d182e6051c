/** What a typed text can be. */

import { expect, it } from "@jest/globals";
import { caseCodeOf, searchKinds } from "../../../services/console/server/search-kinds.js";

const TOKEN = "0123456789abcdef0123456789abcdef";

it.each([
  ["K7M2-Q9XW", ["case-code", "institution", "event"]],
  ["k7m2q9xw", ["case-code", "institution", "event"]],
  ["K7M2-Q9XI", ["institution", "event"]],
  ["1234", ["card-tail", "institution", "event"]],
  ["12345", ["institution", "event"]],
  ["SS2026000042", ["appeal", "institution", "event"]],
  [TOKEN, ["person", "institution", "event"]],
  [`${TOKEN}-2`, ["case"]],
  ["institution-0123456789abcdef-1", ["case"]],
  ["仁", ["event"]],
  ["仁和药店", ["institution", "event"]],
  ["<img src=x onerror=alert(1)>", ["institution", "event"]],
  ["x".repeat(65), ["institution"]],
])("%s", (typed, kinds) => {
  expect(searchKinds(typed)).toEqual(kinds);
});

it("a case code is looked up as it is stored, however it was typed", () => {
  for (const typed of ["K7M2-Q9XW", "k7m2q9xw", "k7m2 q9xw"]) expect(caseCodeOf(typed)).toBe("K7M2-Q9XW");
});
