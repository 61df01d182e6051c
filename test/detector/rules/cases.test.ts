import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { RULES } from "../../../services/detector/rules/registry.js";
import { type ActionRank, Rank } from "../../../services/detector/rules/rule.js";
import { judgeCase, readCaseTables, ruleFileOf } from "./case-table.js";

const tables = readCaseTables();
/** What a cardholder reads on a phone at a glance, and what an SMS and a slip have room for. */
const TEXT_LENGTH_MAX_ZH = 120;

describe("case tables", () => {
  test.each(RULES.map(({ id, name }) => [id, name]))("%s %s has one", (id) => {
    expect(tables.map(({ rule }) => rule)).toContain(id);
  });

  test.each(tables.map((table) => [table.file, table] as const))(
    "%s stands beside its rule, shows hits and silence, and reads the explanation in both languages",
    (file, { rule, cases }) => {
      const beside = ruleFileOf(file);
      expect(rule).toBe(beside.id);
      expect(existsSync(join("services/detector/rules", beside.source))).toBe(true);
      expect(new Set(cases.map(({ title }) => title)).size).toBe(cases.length);
      const hits = cases.filter(({ then }) => then.action !== null);
      expect(hits.length).toBeGreaterThan(0);
      expect(hits.length).toBeLessThan(cases.length);
      const languages = hits.flatMap(({ then }) => Object.keys(then.textIncludes ?? {}));
      expect([...new Set(languages)].sort()).toEqual(["en", "zh-CN"]);
    },
  );
});

test.each(tables.map((table) => [table.rule, table] as const))(
  "%s finds in its cases exactly the actions that it says it finds",
  (id, { cases }) => {
    const rule = RULES.find((each) => each.id === id)!;
    const found = new Set<ActionRank>();
    const evaluate = rule.evaluate;
    rule.evaluate = (...given) => {
      const hit = evaluate(...given);
      if (hit !== null) found.add(hit.action);
      return hit;
    };
    try {
      for (const each of cases) judgeCase(id, each);
    } finally {
      rule.evaluate = evaluate;
    }
    const expected = new Set([...rule.finds, ...(rule.findsReuseAction ? [Rank.REVIEW, Rank.REJECT] : [])]);
    expect([...found].sort()).toEqual([...expected]);
  },
);

describe.each(tables.map(({ rule, cases }) => [rule, cases] as const))("%s", (rule, cases) => {
  test.each(cases.map((each) => [each.title, each.section, each] as const))(
    "%s (%s)",
    (_title, _section, each) => {
      const { then } = each;
      const { outcome, reasons } = judgeCase(rule, each);
      expect(outcome).toMatchObject(then.outcome ?? {});
      if (then.action === null) {
        expect(reasons).toEqual([]);
        return;
      }
      const { action, mode, code, severity, facts, evidence } = then;
      const expected = Object.entries({ action, mode, code, severity, evidence }).filter(
        ([, value]) => value !== undefined,
      );
      expect(reasons).toMatchObject([{ ...Object.fromEntries(expected), ...(facts && { facts }) }]);
      expect(reasons[0]!.text["zh-CN"].length).toBeLessThanOrEqual(TEXT_LENGTH_MAX_ZH);
      for (const [language, text] of Object.entries(then.textIncludes ?? {}))
        expect(reasons[0]!.text[language as "zh-CN" | "en"]).toContain(text);
    },
  );
});
