import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { calendarFile } from "../../../schemas/bundle/calendar.js";
import { lossPoliciesFile } from "../../../schemas/bundle/loss-policies.js";
import { regionsFile } from "../../../schemas/bundle/regions.js";
import { responseCodesFile } from "../../../schemas/bundle/response-codes.js";
import { rulesetFile, rulesetOverlayFile } from "../../../schemas/bundle/ruleset.js";

interface Result {
  success: boolean;
  error?: { issues: { path: PropertyKey[]; message: string }[] };
}

function problems(result: Result): string {
  return (result.error?.issues ?? []).map(({ path, message }) => `${path.join(".")}: ${message}`).join("\n");
}

describe("loss policies", () => {
  const national = {
    pinLockLimit: 3,
    pinUnlock: "COUNTER",
    activationDelayCd: null,
    blockECredential: false,
  };
  const row = {
    id: "A-1",
    region: "3301",
    credential: "card",
    channel: "phone",
    kind: "provisional",
    delayMax: [0, "h"],
    validity: [3, 7, "wd"],
  };
  const parse = (rows: unknown[], regions: unknown = { "*": national }) =>
    lossPoliciesFile.safeParse({ rows, regions });

  test("a row of the facts alone is accepted, and so is a comment", () => {
    expect(
      lossPoliciesFile.safeParse({ comment: "why", rows: [row], regions: { "*": national } }).success,
    ).toBe(true);
  });

  test.each([
    ["an unknown field", { typo: 1 }, /typo/],
    ["min above max", { validity: [7, 3, "wd"] }, /validity.*min <= max/],
    ["a validity of nothing", { validity: [0, 0, "h"] }, /validity/],
    ["zero working days of delay", { delayMax: [0, "wd"] }, /delayMax.*0 only in hours/],
    ["a delay beyond a year", { delayMax: [367, "cd"] }, /delayMax/],
    ["half an hour", { delayMax: [0.5, "h"] }, /delayMax/],
    ["minutes", { delayMax: [30, "min"] }, /delayMax/],
    ["a formal row that lapses", { kind: "formal" }, /formal loss never lapses/],
    ["an unknown channel", { channel: "fax" }, /channel/],
    ["a region of 3 digits", { region: "330" }, /region/],
    ["an unknown expiry effect", { onExpiry: "forget" }, /onExpiry/],
  ])("%s is refused", (_name, change, message) => {
    expect(problems(parse([{ ...row, ...change }]))).toMatch(message);
  });

  test("two rows with one id, or for one selection, are refused with both positions", () => {
    expect(problems(parse([row, { ...row, channel: "app" }]))).toMatch(/rows 0 and 1 have the same id/);
    expect(problems(parse([row, { ...row, id: "A-2" }]))).toMatch(/rows 0 and 1 have the same region/);
  });

  test("national settings must be complete, others may be partial", () => {
    expect(parse([], { "*": national, "50": { activationDelayCd: 15 } }).success).toBe(true);
    expect(problems(parse([], { "*": { pinLockLimit: 3 } }))).toMatch(/pinUnlock/);
    expect(parse([], {}).success).toBe(false);
    expect(problems(parse([], { "*": national, "50": { pinLimit: 3 } }))).toMatch(/pinLimit/);
    expect(problems(parse([], { "*": { ...national, pinLockLimit: 9 } }))).toMatch(/pinLockLimit/);
  });
});

describe("calendar", () => {
  const file = {
    source: "test",
    coverage: { from: "2026-01-01", to: "2026-12-31" },
    holidays: ["2026-10-01", "2026-10-02"],
    makeUpDays: ["2026-10-10"],
  };

  test.each([
    ["a date that does not exist", { holidays: ["2026-02-30"] }, /exists/],
    ["descending dates", { holidays: ["2026-10-02", "2026-10-01"] }, /ascending/],
    ["a date twice", { holidays: ["2026-10-01", "2026-10-01"] }, /ascending/],
    ["a day of both kinds", { makeUpDays: ["2026-10-01"] }, /2026-10-01 is both/],
    ["a day outside the coverage", { makeUpDays: ["2027-01-02"] }, /2027-01-02 lies outside/],
    ["coverage upside down", { coverage: { from: "2026-12-31", to: "2026-01-01" } }, /after/],
  ])("%s is refused", (_name, change, message) => {
    expect(calendarFile.safeParse(file).success).toBe(true);
    expect(problems(calendarFile.safeParse({ ...file, ...change }))).toMatch(message);
  });
});

describe("regions", () => {
  const file = {
    source: "test",
    corrected: [],
    provinces: ["33"],
    regions: { "33": ["浙江省", 120.2, 30.3], "3301": ["杭州市", 120.2, 30.3] },
    adjacentPairs: [],
  };

  test.each([
    [
      "a city of an unlisted province",
      { regions: { ...file.regions, "3401": ["合肥市", 117.3, 31.8] } },
      /add 34/,
    ],
    ["a listed province without an entry", { provinces: ["33", "34"] }, /34 is listed/],
    ["an unknown adjacent city", { adjacentPairs: [["3301", "3304"]] }, /3304 is listed/],
    ["swapped coordinates", { regions: { "33": ["浙江省", 30.3, 120.2] } }, /regions\.33/],
  ])("%s is refused", (_name, change, message) => {
    expect(regionsFile.safeParse(file).success).toBe(true);
    expect(problems(regionsFile.safeParse({ ...file, ...change }))).toMatch(message);
  });
});

test("a response code without a meaning is refused", () => {
  const file = JSON.parse(readFileSync("rulesets/response-codes.json", "utf8"));
  const broken = { ...file, byReason: { ...file.byReason, NEW: "Z9" } };
  expect(problems(responseCodesFile.safeParse(broken))).toMatch(/Z9 has no meaning/);
});

describe("ruleset", () => {
  const rule = {
    id: "R09",
    name: "PIN_PROBE",
    version: 1,
    mode: "live",
    severity: "critical",
    params: { windowHours: 24, totalFenMin: 5000, onHit: "challenge" },
  };
  const file = {
    name: "default",
    version: "1",
    traceCodeReuseAction: "review",
    rules: [rule],
    overrides: { "3301": { R09: { params: { totalFenMin: 8000 }, actions: { challenge: "review" } } } },
  };

  test.each([
    ["an unknown mode", { mode: "loud" }, /mode/],
    ["a lower-case name", { name: "pin probe" }, /name/],
    ["a rule id of another form", { id: "rule-9" }, /rule id/],
    ["a parameter that is an object", { params: { window: { hours: 24 } } }, /params\.window/],
    ["a parameter that is no number", { params: { windowHours: Number.NaN } }, /params\.windowHours/],
    ["a missing severity", { severity: undefined }, /severity/],
  ])("%s is refused", (_name, change, message) => {
    expect(rulesetFile.safeParse(file).success).toBe(true);
    expect(problems(rulesetFile.safeParse({ ...file, rules: [{ ...rule, ...change }] }))).toMatch(message);
  });

  test("a region of 3 digits is refused", () => {
    expect(problems(rulesetFile.safeParse({ ...file, overrides: { "330": {} } }))).toMatch(/overrides\.330/);
  });

  test("a rule listed twice is refused", () => {
    expect(problems(rulesetFile.safeParse({ ...file, rules: [rule, rule] }))).toMatch(/R09 is listed twice/);
  });

  test("an overlay names only what it changes, and what it extends", () => {
    const overlay = {
      name: "strict",
      version: "1",
      extends: "default",
      rules: [{ id: "R09", mode: "shadow" }],
    };
    expect(rulesetOverlayFile.safeParse(overlay).success).toBe(true);
    expect(rulesetFile.safeParse(overlay).success).toBe(false);
    expect(rulesetOverlayFile.safeParse(file).success).toBe(false);
    expect(problems(rulesetOverlayFile.safeParse({ ...overlay, rules: [{ mode: "off" }] }))).toMatch(/id/);
  });
});
