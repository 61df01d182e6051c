/**
 * Findings in the shape of the platform's audit results (3101 明细审核事前分析, output node `result`).
 *
 * A finding is a suspicion with its facts, never a verdict: 明确违规 ("clear violation") is not said. Code lists of the
 * platform for vola_amt_stas, sev_deg and vola_bhvr_type are not published with the interface; the words are those seen
 * in published messages (docs/national-messages.md).
 */
import * as z from "zod";
import { crc32c } from "../crc32c.js";
import type { Action, Severity } from "../fields.js";
import { murmur2 } from "../murmur2.js";
import { ruleNameOf } from "./rule-names.js";
import { yuanOf } from "./yuan.js";

const ID_LENGTH_MAX = 50;
const RULE_NAME_LENGTH_MAX = 200;
const TEXT_LENGTH_MAX = 500;

const id = z.string().min(1).max(ID_LENGTH_MAX);
const SEV_DEG = ["高度可疑", "轻度可疑"] as const;
const VOLA_AMT_STAS = ["正常", "未知"] as const;

const auditDetail = z.object({
  jrd_id: id.describe("违规明细标识: the result has one, under its own id"),
  patn_id: id.nullable().describe("参保人标识"),
  mdtrt_id: id.nullable().describe("就诊标识: not known here"),
  rx_id: id.nullable().describe("处方(医嘱)标识: not known here"),
  vola_item_type: z.enum(["1", "2"]).describe("1 the settlement itself, 2 related"),
  vola_amt: z.number().min(0).describe("违规金额, yuan"),
});

export const auditResult = z.object({
  jr_id: id.describe("违规标识: of the alert and the rule; the same in every export"),
  rule_id: id.describe("规则ID such as R01"),
  rule_name: z.string().min(1).max(RULE_NAME_LENGTH_MAX).describe("规则名称"),
  vola_cont: z.string().min(1).max(TEXT_LENGTH_MAX).describe("违规内容"),
  patn_id: id
    .nullable()
    .describe(
      "参保人ID: Kadun's token of the person (it keeps no psn_no); null for a patrol's finding about no one",
    ),
  mdtrt_id: id.nullable().describe("就诊ID: not known here"),
  judge_result_detail_dtos: z.array(auditDetail).describe("违规明细"),
  vola_amt: z.number().min(0).describe("违规金额 16,2, yuan: money of the swipe that could be lost"),
  vola_amt_stas: z.enum(VOLA_AMT_STAS).describe("违规金额计算状态: 未知 where the swipe is not known"),
  sev_deg: z.enum(SEV_DEG).describe("严重程度"),
  vola_evid: z.string().max(TEXT_LENGTH_MAX).describe("违规依据: decision, message and time"),
  vola_bhvr_type: z.literal("行为类").describe("违规行为分类"),
  task_id: id.describe("任务ID: the case"),
});

export type AuditResult = z.infer<typeof auditResult>;

/** What an alert says, as far as a result needs it. Ids of any length. */
export interface AlertFacts {
  readonly alertId: string;
  readonly caseId: string;
  /** null, as decision and event, of what a patrol found about an institution, terminal or operator. */
  readonly personKey: string | null;
  readonly decisionId: string | null;
  readonly eventId: string | null;
  /** Of what a patrol found. */
  readonly findingId: string | null;
  readonly action: Exclude<Action, "approve">;
  readonly severity: Severity;
  readonly rules: readonly string[];
  readonly kind: string | null;
  readonly institutionId: string | null;
  readonly careRegion: string | null;
  readonly occurredAt: string | null;
  readonly cardTail: string | null;
  readonly totalFen: number | null;
  readonly atRiskFen: number | null;
  readonly disputed: boolean;
}

/** One result for each rule of the alert: a result names one. An alert of a floor alone has the rule R00. */
export function auditResultsOf(alert: AlertFacts): readonly AuditResult[] {
  const rules = alert.rules.length === 0 ? [FLOOR_RULE] : alert.rules;
  return rules.map((rule) => resultOf(alert, rule, ruleNameOf(rule)));
}

const FLOOR_RULE = "R00";

function resultOf(alert: AlertFacts, rule: string, ruleName: string): AuditResult {
  const jrId = `${shortId(alert.alertId, ID_LENGTH_MAX - rule.length - 1)}-${rule}`;
  const amount = yuanOf(alert.atRiskFen ?? alert.totalFen ?? 0);
  const person = alert.personKey === null ? null : shortId(alert.personKey, ID_LENGTH_MAX);
  const isKnown = alert.atRiskFen !== null || alert.totalFen !== null;
  return {
    jr_id: jrId,
    rule_id: rule,
    rule_name: cut(ruleName, RULE_NAME_LENGTH_MAX),
    vola_cont: cut(contentOf(alert, ruleName), TEXT_LENGTH_MAX),
    patn_id: person,
    mdtrt_id: null,
    judge_result_detail_dtos: [
      {
        jrd_id: jrId,
        patn_id: person,
        mdtrt_id: null,
        rx_id: null,
        vola_item_type: "1",
        vola_amt: amount,
      },
    ],
    vola_amt: amount,
    vola_amt_stas: isKnown ? "正常" : "未知",
    sev_deg: alert.severity === "critical" || alert.severity === "high" ? "高度可疑" : "轻度可疑",
    vola_evid: cut(evidenceOf(alert), TEXT_LENGTH_MAX),
    vola_bhvr_type: "行为类",
    task_id: shortId(alert.caseId, ID_LENGTH_MAX),
  };
}

const ACTION_WORDS = {
  review: "事后核查",
  challenge: "要求核验身份",
  reject: "拒绝结算",
} as const satisfies Readonly<Record<AlertFacts["action"], string>>;

function contentOf(alert: AlertFacts, ruleName: string): string {
  const card = alert.cardTail === null || alert.cardTail === "" ? "" : `尾号${alert.cardTail}的卡`;
  const where =
    alert.institutionId === null ? "" : `在机构${alert.institutionId}（${alert.careRegion ?? "地区不明"}）`;
  const disputed = alert.disputed ? "；属挂失生效前的争议消费" : "";
  return `可疑：${ruleName}。${card}${where}的交易，处置：${ACTION_WORDS[alert.action]}${disputed}。本结果为线索，不是认定。`;
}

function evidenceOf({ decisionId, eventId, findingId, occurredAt, kind }: AlertFacts): string {
  const facts = [
    decisionId === null ? null : `判定${decisionId}`,
    findingId === null ? null : `巡查${findingId}`,
    eventId === null ? null : `报文${eventId}；类型${kind ?? "不明"}`,
    `发生时间${occurredAt ?? "不明"}`,
  ];
  return facts.filter((fact) => fact !== null).join("；");
}

/** The id itself, or its beginning and 64 bits of it all. */
function shortId(text: string, lengthMax: number): string {
  if (text.length <= lengthMax) return text;
  const bytes = Buffer.from(text, "utf8");
  const rest = `~${hex(crc32c(bytes))}${hex(murmur2(bytes))}`;
  return `${text.slice(0, lengthMax - rest.length).replace(HALF_AT_END, "")}${rest}`;
}

const HALF_AT_END = /[\ud800-\udbff]$/;

function hex(value: number): string {
  return (value >>> 0).toString(16).padStart(8, "0");
}

function cut(text: string, lengthMax: number): string {
  return text.length <= lengthMax ? text : `${text.slice(0, lengthMax - 1).replace(HALF_AT_END, "")}…`;
}
