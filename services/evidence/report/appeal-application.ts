/** 医保申诉申请表: to the bureau, with what the records say of each claim. */

import { type CaseFile, PackageFile } from "../../../schemas/evidence/package.js";
import { yuanTextOf } from "../../../schemas/national/yuan.js";
import { isInQuestion, isStanding } from "../facts/transaction.js";
import { instantWords, RELATION_WORDS } from "../facts/words.js";
import type { Findings } from "./findings.js";
import { type Paper, TEXT_WIDTH } from "./paper.js";

/** A form stays a form: what is more stands in the list of transactions. */
const ROWS_MAX = 200;

export async function setAppealApplication(
  paper: Paper,
  caseFile: CaseFile,
  findings: Findings,
): Promise<void> {
  await paper.title("医保申诉申请表", "事实栏由系统记录填写，空白处由申请人填写并核对");
  await setApplicant(paper, caseFile);
  await setClaim(paper, findings);
  await setAttachments(paper);
  await setSignature(paper);
}

async function setApplicant(paper: Paper, { caseId, holder }: CaseFile): Promise<void> {
  await paper.heading("一、申请人");
  await paper.pairs([
    ["案件编号", caseId],
    ["系统登记", holder === null ? "无联系信息" : `${holder.name}　${holder.phone}`],
  ]);
  await paper.blanks([
    ["姓名", 170],
    ["身份证件号码", TEXT_WIDTH - 170],
  ]);
  await paper.blanks([
    ["联系电话", 200],
    ["通信地址", TEXT_WIDTH - 200],
  ]);
  await paper.blanks([
    ["代理人姓名", 170],
    ["身份证件号码", 200],
    ["关系", TEXT_WIDTH - 370],
  ]);
  await paper.blanks([
    ["报警回执编号", 240],
    ["接报单位", TEXT_WIDTH - 240],
  ]);
  await paper.blanks([
    ["开户银行", 200],
    ["户名", 110],
    ["银行账号", TEXT_WIDTH - 310],
  ]);
}

async function setClaim(paper: Paper, { totals, transactions }: Findings): Promise<void> {
  const { inQuestion, disputed } = totals;
  await paper.heading("二、申诉事项与金额");
  await paper.pairs([
    [
      "系统列入待核实",
      `${inQuestion.count} 笔，总金额 ${yuanTextOf(inQuestion.totalFen)} 元，其中个人账户 ${yuanTextOf(inQuestion.accountFen)} 元`,
    ],
    ["其中争议消费", `${disputed.count} 笔，${yuanTextOf(disputed.totalFen)} 元（报失后、生效前）`],
  ]);
  await paper.blanks([
    ["申请人主张的金额（元）", 240],
    ["大写", TEXT_WIDTH - 240],
  ]);
  if (inQuestion.count > 0) {
    await paper.paragraph("系统列入待核实的结算如下。请在“主张”栏勾选非本人使用的各笔，并可另行补充笔序。");
    const table = await paper.table([
      { head: "笔", width: 30, align: "right" },
      { head: "时间", width: 84 },
      { head: "机构", width: 168 },
      { head: "总金额（元）", width: 60, align: "right" },
      { head: "个人账户（元）", width: 64, align: "right" },
      { head: "与挂失的关系", width: 72 },
      { head: "主张", width: TEXT_WIDTH - 478 },
    ]);
    let left = ROWS_MAX;
    for await (const { number, transaction } of transactions()) {
      if (!isStanding(transaction) || !isInQuestion(transaction)) continue;
      if (left-- === 0) break;
      const { swipe, institution, relation } = transaction;
      await table.row([
        String(number),
        instantWords(swipe.occurredAt),
        `${institution.name}\n${institution.id}`.trim(),
        yuanTextOf(swipe.totalFen),
        swipe.accountFen === undefined ? "" : yuanTextOf(swipe.accountFen),
        RELATION_WORDS[relation],
        "□",
      ]);
    }
    table.end();
    if (inQuestion.count > ROWS_MAX)
      await paper.note(`其余 ${inQuestion.count - ROWS_MAX} 笔见 ${PackageFile.TRANSACTIONS}。`);
  }
  await paper.blanks([["补充的笔序", TEXT_WIDTH]]);
  await paper.box("非本人使用的说明，以及本人当时所在地的证明：", 96);
}

async function setAttachments(paper: Paper): Promise<void> {
  await paper.heading("三、所附材料");
  for (const text of [
    "□ 身份证件复印件（代理的，附双方身份证件和委托书）",
    "□ 报警回执",
    `□ 消费记录（${PackageFile.TRANSACTIONS} 或报告附表）`,
    "□ 挂失凭证（回执、短信、通话记录）",
    "□ 本证据包及其校验值",
    "□ 其他：",
  ])
    await paper.paragraph(text, { indent: 8, gap: 1 });
}

async function setSignature(paper: Paper): Promise<void> {
  await paper.heading("四、签名与受理");
  await paper.blanks([
    ["申请人签名", 210],
    ["代理人签名", 170],
    ["日期", TEXT_WIDTH - 380],
  ]);
  await paper.boxes(
    ["经办机构受理意见：\n\n\n\n受理人：　　　　　日期：", "复核意见：\n\n\n\n复核人：　　　　　日期："],
    92,
  );
}
