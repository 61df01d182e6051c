/** `kadun import-status --codes`: every code of every list, by its row (domain notes 1.4 and 1.8), and what is refused. */

import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { StatusCodes, statusCodesNamed } from "../../cli/status-codes.js";
import { statusCodesFile } from "../../schemas/status-codes.js";
import { judgeRecords } from "../support/judge.js";
import { rawStatus, rawSwipe } from "../support/records.js";

const TABLE = {
  "two-digit": {
    "00": ["初始", "issue", "reject R05"],
    "01": ["制卡中", "issue", "reject R05"],
    "02": ["待领卡", "issue", "reject R05"],
    "03": ["已领卡", "issue", "reject R05"],
    "04": ["已激活", "activate", "approve"],
    "05": ["正式挂失", "confirm-loss", "reject R01"],
    "06": ["临时挂失", "report-loss", "reject R01"],
    "07": ["补卡中", "file-replacement", "reject R01"],
    "08": ["换卡中", "file-replacement", "reject R01"],
    "09": ["注销", "cancel", "reject R04"],
  },
  "one-digit": {
    "0": ["未启用", "issue", "reject R05"],
    "1": ["正常", "activate", "approve"],
    "2": ["挂失", "confirm-loss", "reject R01"],
    "7": ["作废", "cancel", "reject R04"],
    "8": ["预挂失", "report-loss", "reject R01"],
    "9": ["注销", "cancel", "reject R04"],
  },
  "hsa-his": {
    "0": ["正常", "activate", "approve"],
    "1": ["挂失", "report-loss", "reject R01"],
    "2": ["冻结", "freeze", "reject R07"],
    "3": ["注销", "cancel", "reject R04"],
    "4": ["确认挂失", "confirm-loss", "reject R01"],
    "5": ["作废", "cancel", "reject R04"],
  },
} as const;
const SEALED = ["封存", "freeze", "reject R07"] as const;

const file = statusCodesFile.parse(JSON.parse(readFileSync("rulesets/status-codes.json", "utf8")));
const rows = Object.entries(TABLE).flatMap(([list, codes]) =>
  [...Object.entries(codes), ["封存", SEALED] as const].map(
    ([code, [meaning, action, then]]) => [list, code, meaning, action, then] as const,
  ),
);

/** A snapshot's line with a code, as it is sent; the reason where it is refused. */
function sent(list: string, fields: object): Record<string, unknown> | string {
  const { action: _action, ...line } = rawStatus();
  const coded = statusCodesNamed(list).withAction(JSON.stringify({ ...line, ...fields }));
  return "text" in coded ? (JSON.parse(coded.text) as Record<string, unknown>) : coded.refused;
}

test.each(rows)("%s %s %s is imported as %s: then %s", (list, code, meaning, action, then) => {
  expect(file.lists[list]!.codes[code]).toMatchObject({ meaning, action });
  const record = sent(list, { cardNumber: "CARD-0001", statusCode: code });
  expect(record).toEqual({ ...rawStatus({ cardNumber: "CARD-0001", action }) });
  const [transition, decision] = judgeRecords([record as object, rawSwipe()]).map(({ outcome }) => outcome);
  expect(transition).toMatchObject({ type: "transition", action, applied: true });
  if (!("type" in decision!) || decision.type !== "decision") throw new Error(JSON.stringify(decision));
  expect([decision.action, ...decision.reasons.map(({ rule }) => rule)].join(" ")).toBe(then);
});

test("the file has no other list and no other code", () => {
  const told = Object.entries(file.lists).flatMap(([list, { codes }]) =>
    Object.keys(codes).map((code) => `${list} ${code}`),
  );
  expect(told.sort()).toEqual(rows.map(([list, code]) => `${list} ${code}`).sort());
});

describe("a line", () => {
  test("may give a code of one digit as a number", () => {
    expect(sent("hsa-his", { statusCode: 4 })).toMatchObject({ action: "confirm-loss" });
  });

  test("with an unknown code is refused with the code and all known ones", () => {
    expect(sent("hsa-his", { statusCode: "8" })).toBe(
      'STATUS_CODE_UNKNOWN: statusCode: "8": expected a code of hsa-his (0 正常, 1 挂失, 2 冻结, 3 注销, 4 确认挂失, 5 作废, 封存)',
    );
    // A number has no leading zero: 5 is not 05.
    expect(sent("two-digit", { statusCode: 5 })).toMatch(
      /^STATUS_CODE_UNKNOWN: statusCode: 5: expected .*05 正式挂失/,
    );
  });

  test("with a code named like a property of every object is refused", () => {
    expect(sent("hsa-his", { statusCode: "constructor" })).toMatch(/^STATUS_CODE_UNKNOWN/);
  });

  test("with neither a code nor an action is refused", () => {
    expect(sent("one-digit", {})).toMatch(/^FIELD_MISSING: statusCode: expected a code of one-digit/);
  });

  test.each([
    ["no code", { statusCode: null }],
    ["neither", { statusCode: null, action: null }],
    ["no action", { action: null }],
  ])("with null for %s is refused like one without", (_title, fields) => {
    expect(sent("one-digit", fields)).toMatch(
      /^FIELD_MISSING: statusCode: expected a code of one-digit \(0 未启用, .*, or an action$/,
    );
  });

  test("with null for the other of the two goes as if it were not there", () => {
    expect(sent("one-digit", { statusCode: "2", action: null })).toEqual(
      rawStatus({ action: "confirm-loss" }),
    );
    expect(sent("one-digit", { statusCode: null, action: "suspend" })).toMatchObject({ action: "suspend" });
  });

  test.each([
    ["true", true],
    ["{}", {}],
    ['["06"]', ["06"]],
  ])("with the code %s is refused by field, with the known ones", (given, statusCode) => {
    expect(sent("two-digit", { statusCode })).toMatch(
      new RegExp(
        `^FIELD_INVALID: statusCode: ${given.replace(/[[\]{}]/g, "\\$&")} is neither text nor number: expected a code of two-digit \\(00`,
      ),
    );
  });

  test("with an action of the wrong type beside a code is refused", () => {
    expect(sent("one-digit", { statusCode: "2", action: 7 })).toBe(
      "FIELD_INVALID: statusCode: given together with action 7; keep one",
    );
  });

  test("with both is refused", () => {
    expect(sent("one-digit", { statusCode: "2", action: "release" })).toBe(
      'FIELD_INVALID: statusCode: given together with action "release"; keep one',
    );
  });

  test("with an action of its own goes as it is", () => {
    expect(sent("one-digit", { action: "suspend" })).toEqual(rawStatus({ action: "suspend" }));
  });

  test.each(["no json", "[1]", '"06"'])("that is no object goes as it is: %s", (text) => {
    expect(statusCodesNamed("one-digit").withAction(text)).toEqual({ text });
  });
});

test.each(["nobody", "constructor"])(
  "an unknown list (%s) is a mistake of usage that names the lists",
  (name) => {
    expect(() => statusCodesNamed(name)).toThrow(
      `--codes ${name}: expected one of two-digit, one-digit, hsa-his`,
    );
  },
);

describe("the file is refused by path and reason", () => {
  const list = { source: "test", codes: { "1": { meaning: "挂失", action: "report-loss" } } };
  const problems = (lists: unknown) =>
    (statusCodesFile.safeParse({ lists }).error?.issues ?? []).map(
      ({ path, message }) => `${path.join(".")}: ${message}`,
    );

  test.each([
    [
      "an unknown action",
      { codes: { "1": { meaning: "挂失", action: "lose" } } },
      /^lists\.vendor\.codes\.1\.action/,
    ],
    ["no meaning", { codes: { "1": { action: "report-loss" } } }, /^lists\.vendor\.codes\.1\.meaning/],
    ["no code at all", { codes: {} }, /^lists\.vendor\.codes: at least one code/],
    ["no source", { source: undefined }, /^lists\.vendor\.source/],
    ["an unknown field", { typo: 1 }, /^lists\.vendor: .*typo/],
  ])("%s", (_name, change, message) => {
    expect(problems({ vendor: list })).toEqual([]);
    expect(problems({ vendor: { ...list, ...change } })[0]).toMatch(message);
  });

  test("a list's name in capitals", () => {
    expect(problems({ VENDOR: list })[0]).toMatch(/^lists\.VENDOR/);
  });
});

test("a list given by hand works as one of the file", () => {
  const codes = new StatusCodes("own", {
    source: "test",
    codes: { L: { meaning: "lost", action: "report-loss" } },
  });
  expect(codes.withAction('{"statusCode":"L"}')).toEqual({ text: '{"action":"report-loss"}' });
});
