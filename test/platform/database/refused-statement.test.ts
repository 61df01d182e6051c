import { describe, expect, it } from "@jest/globals";
import { refusedStatement } from "../../../platform/database/refused-statement.js";

describe("a refused statement", () => {
  it.each([
    ["deadlock", "40P01", true],
    ["serialization failure", "40001", true],
    ["disk full", "53100", true],
    ["too many connections", "53300", true],
    ["shutdown", "57P01", true],
    ["statement timeout", "57014", true],
    ["lock timeout", "55P03", true],
    ["connection failure", "08006", true],
    ["write on a standby", "25006", true],
    ["the engine failed without a code", null, true],
    ["unique violation", "23505", false],
    ["check violation", "23514", false],
    ["unknown table", "42P01", false],
    ["no permission", "42501", false],
    ["unsuitable value", "22P02", false],
    ["object not in the state for it", "55000", false],
  ])("%s (%s) may pass by itself: %s", (_, sqlState, retryable) => {
    expect(refusedStatement("no", sqlState)).toMatchObject({ code: "QUERY_FAILED", sqlState, retryable });
  });

  it.each([
    ['invalid input syntax for type bigint: "1381234"', "22P02", 'invalid input syntax for type bigint: "…"'],
    ['a "b\n1381234" and "c"', "22007", 'a "…"'],
    ['relation "nowhere" does not exist', "42P01", 'relation "nowhere" does not exist'],
  ])("says %j (%s) as %j", (said, sqlState, message) => {
    expect(refusedStatement(said, sqlState).message).toBe(message);
  });
});
