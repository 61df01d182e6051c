/** 附表: every swipe, however many. */

import { yuanTextOf } from "../../../schemas/national/yuan.js";
import { isInQuestion, type Transaction } from "../facts/transaction.js";
import {
  ACTION_WORDS,
  CREDENTIAL_SHORT,
  instantWords,
  KIND_WORDS,
  PIN_WORDS,
  RELATION_WORDS,
} from "../facts/words.js";
import type { Findings, NumberedTransaction } from "./findings.js";
import { type Column, type Paper, TEXT_WIDTH } from "./paper.js";
import { deviceWords } from "./report-parts.js";

const COLUMNS: readonly Column[] = [
  { head: "笔", width: 28, align: "right" },
  { head: "时间", width: 49 },
  { head: "类型、凭证", width: 50 },
  { head: "机构、地区、终端", width: 114 },
  { head: "总金额\n（元）", width: 48, align: "right" },
  { head: "个人账户\n余额（元）", width: 54, align: "right" },
  { head: "密码", width: 30 },
  { head: "处置、应答、规则", width: 80 },
  { head: "与挂失的关系、标记", width: TEXT_WIDTH - 453 },
];

export async function setTransactions(paper: Paper, { transactions, totals }: Findings): Promise<void> {
  await paper.heading("附表　交易清单");
  if (totals.swipes === 0) return paper.paragraph("记录范围内没有交易。");
  await paper.note(
    "按发生时间排列。个人账户一栏上行为个人账户支付，下行“余”为交易后余额（报文有的才列）。处置一栏：当时 → 现在；两者相同只列一次。完整字段见 data/transactions.csv。",
  );
  const table = await paper.table(COLUMNS);
  for await (const row of transactions()) await table.row(cellsOf(row));
  table.end();
}

function cellsOf({ number, transaction }: NumberedTransaction): readonly string[] {
  const { swipe, institution } = transaction;
  const [day = "", time = ""] = instantWords(swipe.occurredAt).split(" ");
  return [
    String(number),
    `${day}\n${time}`,
    lines(
      KIND_WORDS[swipe.kind],
      CREDENTIAL_SHORT[swipe.credential],
      swipe.cardTail && `尾号${swipe.cardTail}`,
    ),
    lines(institution.name || institution.id, institution.regionName, deviceWords(swipe)),
    yuanTextOf(swipe.totalFen),
    lines(
      swipe.accountFen === undefined ? "" : yuanTextOf(swipe.accountFen),
      swipe.balanceAfterFen === undefined ? "" : `余${yuanTextOf(swipe.balanceAfterFen)}`,
    ),
    swipe.pin === undefined ? "" : PIN_WORDS[swipe.pin],
    decisionWords(transaction),
    lines(RELATION_WORDS[transaction.relation], ...marksOf(transaction)),
  ];
}

function decisionWords({ decision, standInAction }: Transaction): string {
  if (decision === null) return "转由新标识判定";
  const { firstAction, action, responseCode, responseText, reasons } = decision;
  const change =
    firstAction === action ? ACTION_WORDS[action] : `${ACTION_WORDS[firstAction]} → ${ACTION_WORDS[action]}`;
  return lines(
    change,
    standInAction === null ? "" : `代答：${ACTION_WORDS[standInAction]}`,
    `应答${responseCode}${responseText}`,
    reasons.map(({ rule }) => rule).join(" "),
  );
}

function marksOf(transaction: Transaction): readonly string[] {
  const { decision, undoneBy, sentAgainAs, swipe } = transaction;
  return [
    decision?.disputed === true ? "争议消费" : "",
    isInQuestion(transaction) ? "待核实" : "",
    undoneBy === null ? "" : "已撤销或冲正",
    sentAgainAs === null ? "" : "核验后重新提交",
    swipe.challengeResult === "passed" ? "核验通过" : "",
    swipe.challengeResult === "failed" ? "核验未通过" : "",
    swipe.emergency === true ? "急诊" : "",
    swipe.agentPurchase === true ? "代购" : "",
    swipe.readError === true ? "读卡失败" : "",
  ];
}

function lines(...texts: readonly (string | undefined)[]): string {
  return texts.filter((text) => text !== undefined && text !== "").join("\n");
}
