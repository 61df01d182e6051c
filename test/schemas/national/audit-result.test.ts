import { describe, expect, test } from "@jest/globals";
import { type AlertFacts, auditResult, auditResultsOf } from "../../../schemas/national/audit-result.js";
import { NAMED_RULES, ruleNameOf } from "../../../schemas/national/rule-names.js";
import { defaultBundle } from "../../support/judge.js";

const alert = (fields: Partial<AlertFacts> = {}): AlertFacts => ({
  alertId: "0123456789ab-P33010600012202603020915001001-0",
  caseId: "0123456789abcdef0123456789abcdef-1",
  personKey: "0123456789abcdef0123456789abcdef",
  decisionId: "0123456789ab-P33010600012202603020915001001-0",
  eventId: "P33010600012202603020915001001",
  findingId: null,
  action: "reject",
  severity: "critical",
  rules: ["R01"],
  kind: "settle",
  institutionId: "P33010600012",
  careRegion: "330106",
  occurredAt: "2026-03-02T09:15:00.000+08:00",
  cardTail: "7358",
  totalFen: 9_980,
  atRiskFen: 9_000,
  disputed: false,
  ...fields,
});

describe("a finding in the platform's shape", () => {
  test("fits it, whatever the ids and texts are", () => {
    const long = "长😀".repeat(200);
    for (const fields of [
      {},
      { alertId: long, caseId: long, personKey: long, eventId: long, decisionId: long, institutionId: long },
      { personKey: null, decisionId: null, eventId: null, findingId: "f-1", occurredAt: null, kind: null },
      { totalFen: null, atRiskFen: null, cardTail: null, institutionId: null, careRegion: null },
      { rules: [] },
      { rules: ["R20X"], severity: "low" },
    ] satisfies Partial<AlertFacts>[])
      for (const result of auditResultsOf(alert(fields))) {
        expect(auditResult.parse(result)).toEqual(result);
        expect(JSON.stringify(result)).not.toMatch(/\\ud[89a-f]/i);
      }
  });

  test("has the same id in every export and another for another alert or rule", () => {
    const ids = (fields: Partial<AlertFacts>) => auditResultsOf(alert(fields)).map(({ jr_id }) => jr_id);
    expect(ids({})).toEqual(ids({}));
    const long = "x".repeat(80);
    expect(ids({ alertId: `${long}1` })).not.toEqual(ids({ alertId: `${long}2` }));
    expect(new Set(ids({ rules: ["R01", "R09"] })).size).toBe(2);
  });

  test("says what was seen and that it is no verdict", () => {
    const [result] = auditResultsOf(alert({ disputed: true }));
    expect(result!.vola_cont).toBe(
      "可疑：挂失生效后使用凭证。尾号7358的卡在机构P33010600012（330106）的交易，处置：拒绝结算；属挂失生效前的争议消费。本结果为线索，不是认定。",
    );
    expect(result).toMatchObject({ vola_amt: 90, sev_deg: "高度可疑" });
    expect(JSON.stringify(result)).not.toContain("明确违规");
    expect(auditResultsOf(alert({ severity: "medium" }))[0]!.sev_deg).toBe("轻度可疑");
  });
});

test("every rule of the default ruleset has a name", () => {
  for (const { id } of defaultBundle.content.ruleset.rules) expect(NAMED_RULES).toContain(id);
  expect(ruleNameOf("R99")).toBe("R99");
  expect(ruleNameOf("constructor")).toBe("constructor");
});
