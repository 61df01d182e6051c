/** The report's beginning: the case, the package, the facts and sums with what each number rests on. */

import type { CaseFile } from "../../../schemas/evidence/package.js";
import { yuanTextOf } from "../../../schemas/national/yuan.js";
import { AFTER_EFFECT, BEFORE_EFFECT, RELATIONS } from "../facts/relation.js";
import type { Sum } from "../facts/totals.js";
import { instantWords, RELATION_WORDS } from "../facts/words.js";
import type { Findings } from "./findings.js";
import { type Column, type Paper, TEXT_WIDTH } from "./paper.js";

export interface SummaryInput {
  readonly caseFile: CaseFile;
  readonly contentSha256: string;
  readonly findings: Findings;
}

export async function setCover(paper: Paper, input: SummaryInput): Promise<void> {
  const { caseFile, contentSha256 } = input;
  await paper.title("医保卡使用记录证据报告", `案件编号 ${caseFile.caseId}`);
  await paper.paragraph(
    "本报告列出系统记录的事实和规则指标，以及每项数字的来源。报告不作认定：使用人是谁、行为如何定性，由有权机关核实和认定。",
    { gap: 8 },
  );
  await paper.heading("一、案件与证据包");
  await paper.pairs([
    ["案件编号", caseFile.caseId],
    ["系统开案时间", instantWords(caseFile.openedAt)],
    ["参保人", holderWords(caseFile)],
    ["人员标识", `${caseFile.personKey}（由系统密钥生成的代号，不是身份证号）`],
    ["记录范围", rangeWords(caseFile)],
    ["记录数量", countWords(input)],
    [
      "隐私处理",
      caseFile.isMasked
        ? "已脱敏：姓名、电话已遮盖，卡号只留后四位"
        : "未脱敏：经申请人和另一人批准，见保管记录",
    ],
    ["制作时间", `${instantWords(caseFile.madeAt)}（北京时间，下同）`],
    ["制作人", caseFile.madeBy],
    ["内容校验值", contentSha256],
  ]);
}

function holderWords({ holder }: CaseFile): string {
  if (holder === null) return "无联系信息";
  const { name, phone, idNumberTail } = holder;
  const parts = [
    name,
    phone === "" ? "" : `电话 ${phone}`,
    idNumberTail === "" ? "" : `证件号尾号 ${idNumberTail}`,
  ];
  return parts.filter((part) => part !== "").join("，");
}

function rangeWords({ range, partition }: CaseFile): string {
  return `${range.fromDay} 至 ${range.toDay}；分区 ${partition}，流水位置 ${range.fromOffset} 至 ${range.endOffset - 1}`;
}

function countWords({ findings, caseFile }: SummaryInput): string {
  const { overview, totals } = findings;
  const parts = [
    `本人记录 ${overview.records} 条`,
    `其中交易 ${totals.swipes} 笔`,
    `重复报送 ${overview.repeated} 条`,
    `未采用 ${overview.refused} 条`,
    `本案提示 ${caseFile.alerts.length} 条`,
  ];
  return parts.join("，");
}

const SUM_COLUMNS: readonly Column[] = [
  { head: "项目", width: 128 },
  { head: "笔数", width: 38, align: "right" },
  { head: "总金额（元）", width: 68, align: "right" },
  { head: "个人账户（元）", width: 68, align: "right" },
  { head: "现金（元）", width: 58, align: "right" },
  { head: "依据", width: TEXT_WIDTH - 360 },
];

export async function setSums(paper: Paper, { findings }: SummaryInput): Promise<void> {
  const { totals } = findings;
  await paper.heading("二、事实摘要与金额");
  await paper.paragraph(
    "金额只计有效结算：类型为结算，未被撤销或冲正，也未在核验后重新提交。逐笔见附表交易清单。",
  );
  const table = await paper.table(SUM_COLUMNS);
  await table.strongRow(sumCells("有效结算合计", totals.standing, "交易清单中的有效结算逐笔相加"));
  for (const relation of RELATIONS) {
    const sum = totals.byRelation[relation];
    if (sum.count > 0)
      await table.row(sumCells(`　${RELATION_WORDS[relation]}`, sum, RELATION_BASES[relation]));
  }
  await table.strongRow(sumCells("挂失生效前", totals.of(BEFORE_EFFECT), "“报失前”与“已报失、未生效”之和"));
  await table.strongRow(
    sumCells("挂失生效后", totals.of(AFTER_EFFECT), "“挂失生效后”“临时挂失到期后”与“补换后使用旧卡”之和"),
  );
  await table.row(sumCells("争议消费", totals.disputed, "判定标为有争议：报失后、生效前（规则R02）"));
  await table.row(sumCells("列入待核实", totals.inQuestion, "争议消费，或本案有现存提示的结算"));
  await table.row(
    sumCells("　其中挂失生效前", totals.inQuestionBeforeEffect, "待核实的各笔中，发生在挂失生效之前"),
  );
  await table.row(
    sumCells("　其中挂失生效后", totals.inQuestionAfterEffect, "待核实的各笔中，发生在挂失生效之后"),
  );
  await table.row(sumCells("未列入待核实", totals.notInQuestion, "其余有效结算"));
  await table.row(
    sumCells("当时答复为拒绝", totals.rejectedAtFirst, "首次处置为拒绝；是否实际扣款须与经办机构核对"),
  );
  await table.row(sumCells("已撤销或冲正", totals.undone, "有撤销或冲正报文指向该笔；不计入以上各项"));
  await table.row(sumCells("核验后重新提交", totals.sentAgain, "由后一笔代替；不计入以上各项"));
  table.end();
  await setFacts(paper, findings);
}

const RELATION_BASES = {
  "no-report": "该凭证在记录范围内没有挂失",
  "before-report": "发生时间早于报失时间",
  pending: "报失时间 ≤ 发生时间 < 生效时间",
  "in-effect": "生效时间 ≤ 发生时间，挂失未到期、未解除",
  lapsed: "临时挂失已到期，未解挂、未补换",
  replaced: "卡号已补换，仍用旧号",
  ended: "解挂后，或使用补换的新卡",
} as const;

function sumCells(name: string, sum: Sum, basis: string): readonly string[] {
  return [
    name,
    String(sum.count),
    yuanTextOf(sum.totalFen),
    yuanTextOf(sum.accountFen),
    yuanTextOf(sum.cashFen),
    basis,
  ];
}

async function setFacts(paper: Paper, findings: Findings): Promise<void> {
  const { totals, pins, institutions, first, last, lastBeforeQuestion, rules } = findings;
  const asked = institutions.filter(({ questioned }) => questioned.length > 0);
  const facts = [
    first === null || last === null
      ? "记录范围内没有交易。"
      : `首笔交易 ${instantWords(first.swipe.occurredAt)}，末笔交易 ${instantWords(last.swipe.occurredAt)}，共 ${totals.swipes} 笔，涉及机构 ${institutions.length} 家，其中有待核实交易的 ${asked.length} 家。`,
    lastBeforeQuestion === null
      ? null
      : `首笔待核实交易之前的最后一笔结算：第 ${lastBeforeQuestion.number} 笔，${instantWords(lastBeforeQuestion.transaction.swipe.occurredAt)}，${lastBeforeQuestion.transaction.institution.name || lastBeforeQuestion.transaction.institution.id}。`,
    pins.attempts === 0
      ? "没有密码校验记录。"
      : `密码校验 ${pins.attempts} 次：正确 ${pins.ok} 次，错误 ${pins.wrong} 次，锁定后再用 ${pins.locked} 次。`,
    rules.length === 0
      ? "没有触发规则。"
      : `触发规则 ${[...new Set(rules.map(({ rule }) => rule))].join("、")}，参数与事实见第四部分。`,
  ];
  for (const fact of facts) if (fact !== null) await paper.item(fact);
}
