/** The tables of a package as CSV. Amounts in yuan, times of Shanghai. */

import { join } from "node:path";
import { PackageFile } from "../../../schemas/evidence/package.js";
import { formatInstant } from "../../../schemas/instant.js";
import { yuanTextOf } from "../../../schemas/national/yuan.js";
import { isPinAttempt } from "../facts/pin-attempts.js";
import { isInQuestion } from "../facts/transaction.js";
import {
  ACTION_WORDS,
  CREDENTIAL_WORDS,
  INSTITUTION_WORDS,
  instantWords,
  KIND_WORDS,
  PIN_WORDS,
  PLACE_WORDS,
  RELATION_WORDS,
} from "../facts/words.js";
import { type Cell, CsvFile } from "./csv.js";
import type { Findings, NumberedTransaction } from "./findings.js";

const TRANSACTION_HEAD = [
  "序号",
  "交易编号",
  "交易类型",
  "发生时间",
  "到达时间",
  "机构编号",
  "机构名称",
  "机构类别",
  "机构地址",
  "地区",
  "地区代码",
  "终端编号",
  "操作员编号",
  "凭证类型",
  "卡号尾号",
  "总金额(元)",
  "个人账户支付(元)",
  "共济账户支付(元)",
  "统筹基金支付(元)",
  "现金支付(元)",
  "交易前余额(元)",
  "交易后余额(元)",
  "密码校验",
  "当时处置",
  "现处置",
  "规则",
  "应答码",
  "应答含义",
  "代答处置",
  "争议消费",
  "列入待核实",
  "与挂失的关系",
  "原交易编号",
  "已由何交易撤销",
  "已由何交易重新提交",
  "经度",
  "纬度",
  "坐标来源",
  "判定编号",
  "流水位置",
];

export async function writeTransactions(folder: string, { transactions }: Findings): Promise<void> {
  const file = new CsvFile(join(folder, PackageFile.TRANSACTIONS), TRANSACTION_HEAD);
  for await (const row of transactions()) await file.add(transactionCells(row));
  await file.end();
}

function transactionCells({ number, transaction }: NumberedTransaction): readonly Cell[] {
  const { swipe, institution, decision, place, relation, standInAction, undoneBy, sentAgainAs } = transaction;
  return [
    number,
    swipe.eventId,
    KIND_WORDS[swipe.kind],
    instantWords(swipe.occurredAt),
    instantWords(formatInstant(transaction.appendedAtMs)),
    institution.id,
    institution.name,
    INSTITUTION_WORDS[swipe.institutionKind],
    institution.address,
    institution.regionName,
    swipe.careRegion,
    swipe.terminalId ?? "",
    swipe.operatorId ?? "",
    CREDENTIAL_WORDS[swipe.credential],
    swipe.cardTail ?? "",
    yuanCell(swipe.totalFen),
    yuanCell(swipe.accountFen),
    yuanCell(swipe.sharedAccountFen),
    yuanCell(swipe.fundFen),
    yuanCell(swipe.cashFen),
    yuanCell(swipe.balanceBeforeFen),
    yuanCell(swipe.balanceAfterFen),
    swipe.pin === undefined ? "" : PIN_WORDS[swipe.pin],
    decision === null ? "" : ACTION_WORDS[decision.firstAction],
    decision === null ? "" : ACTION_WORDS[decision.action],
    decision?.reasons.map(({ rule }) => rule).join(" ") ?? "",
    decision?.responseCode ?? "",
    decision?.responseText ?? "",
    standInAction === null ? "" : ACTION_WORDS[standInAction],
    yesNo(decision?.disputed === true),
    yesNo(isInQuestion(transaction)),
    RELATION_WORDS[relation],
    swipe.originalEventId ?? "",
    undoneBy,
    sentAgainAs,
    place?.longitude ?? null,
    place?.latitude ?? null,
    place === null ? "" : PLACE_WORDS[place.basis],
    decision?.decisionId ?? "",
    transaction.offset,
  ];
}

export async function writeTimeline(folder: string, { timeline }: Findings): Promise<void> {
  const file = new CsvFile(join(folder, PackageFile.TIMELINE), [
    "序号",
    "时间",
    "类别",
    "内容",
    "相关记录编号",
    "流水位置",
  ]);
  let number = 0;
  for await (const { at, kind, text, eventId, offset } of timeline())
    await file.add([++number, instantWords(at), kind, text, eventId, offset]);
  await file.end();
}

export async function writePinAttempts(folder: string, { transactions }: Findings): Promise<void> {
  const file = new CsvFile(join(folder, PackageFile.PIN_ATTEMPTS), [
    "交易序号",
    "时间",
    "交易类型",
    "校验结果",
    "初始密码",
    "生日密码",
    "总金额(元)",
    "机构编号",
    "机构名称",
    "终端编号",
    "操作员编号",
    "卡号尾号",
    "处置",
    "规则",
    "交易编号",
  ]);
  for await (const { number, transaction } of transactions()) {
    if (!isPinAttempt(transaction)) continue;
    const { swipe, institution, decision } = transaction;
    await file.add([
      number,
      instantWords(swipe.occurredAt),
      KIND_WORDS[swipe.kind],
      PIN_WORDS[swipe.pin!],
      knownYesNo(swipe.pinIsDefault),
      knownYesNo(swipe.pinIsBirthday),
      yuanCell(swipe.totalFen),
      institution.id,
      institution.name,
      swipe.terminalId ?? "",
      swipe.operatorId ?? "",
      swipe.cardTail ?? "",
      decision === null ? "" : ACTION_WORDS[decision.action],
      decision?.reasons.map(({ rule }) => rule).join(" ") ?? "",
      swipe.eventId,
    ]);
  }
  await file.end();
}

/** General experience of those who ask for recordings; no rule says it. */
export const CAMERA_WARNING = "监控录像通常约30天覆盖，请尽快调取（一般经验，并非规定期限）";

export async function writeInstitutions(folder: string, { institutions }: Findings): Promise<void> {
  const file = new CsvFile(join(folder, PackageFile.INSTITUTIONS), [
    "序号",
    "机构编号",
    "机构名称",
    "机构类别",
    "地区",
    "地址",
    "首次刷卡",
    "末次刷卡",
    "交易笔数",
    "有效结算笔数",
    "有效结算金额(元)",
    "其中待核实笔数",
    "其中待核实金额(元)",
    "密码错误次数",
    "终端编号",
    "操作员编号",
    "监控录像提示",
  ]);
  for (const [index, visited] of institutions.entries())
    await file.add([
      index + 1,
      visited.id,
      visited.name,
      INSTITUTION_WORDS[visited.kind],
      visited.regionName,
      visited.address,
      instantWords(formatInstant(visited.firstAtMs)),
      instantWords(formatInstant(visited.lastAtMs)),
      visited.swipes,
      visited.standing.count,
      yuanCell(visited.standing.totalFen),
      visited.inQuestion.count,
      yuanCell(visited.inQuestion.totalFen),
      visited.wrongPins,
      [...visited.terminals].join(" "),
      [...visited.operators].join(" "),
      visited.questioned.length > 0 ? CAMERA_WARNING : "",
    ]);
  await file.end();
}

function yuanCell(fen: number | undefined): string {
  return fen === undefined ? "" : yuanTextOf(fen);
}

function yesNo(is: boolean): string {
  return is ? "是" : "否";
}

function knownYesNo(is: boolean | undefined): string {
  return is === undefined ? "" : yesNo(is);
}
