/** 报案陈述: what the records say stands there already, the rest is for the holder to write. */

import { type CaseFile, PackageFile } from "../../../schemas/evidence/package.js";
import { yuanTextOf } from "../../../schemas/national/yuan.js";
import { lossRows } from "../facts/loss-rows.js";
import type { Sum } from "../facts/totals.js";
import { instantWords } from "../facts/words.js";
import { CAMERA_WARNING } from "./csv-files.js";
import type { Findings } from "./findings.js";
import { type Paper, TEXT_WIDTH } from "./paper.js";

export async function setPoliceStatement(
  paper: Paper,
  caseFile: CaseFile,
  findings: Findings,
): Promise<void> {
  await paper.title("报案陈述", "事实栏由系统记录填写，空白处由报案人填写并核对");
  await setReporter(paper, caseFile);
  await setLossStory(paper, findings);
  await setRecordedFacts(paper, caseFile, findings);
  await setAsked(paper, findings);
  await setSignature(paper);
}

async function setReporter(paper: Paper, { holder }: CaseFile): Promise<void> {
  await paper.heading("一、报案人");
  await paper.pairs([
    ["系统登记", holder === null ? "无联系信息" : `${holder.name}　${holder.phone}`],
    ["与持卡人关系", "□ 本人　　□ 代理人（附双方身份证明和委托书）"],
  ]);
  await paper.blanks([
    ["姓名", 160],
    ["性别", 90],
    ["身份证件号码", TEXT_WIDTH - 250],
  ]);
  await paper.blanks([
    ["联系电话", 200],
    ["住址", TEXT_WIDTH - 200],
  ]);
}

async function setLossStory(paper: Paper, { overview, regions }: Findings): Promise<void> {
  await paper.heading("二、卡的遗失与保管（报案人填写）");
  await paper.blanks([
    ["发现遗失的时间", TEXT_WIDTH / 2],
    ["地点", TEXT_WIDTH / 2],
  ]);
  await paper.blanks([
    ["本人最后一次使用的时间", TEXT_WIDTH / 2],
    ["地点（机构）", TEXT_WIDTH / 2],
  ]);
  await paper.blanks([["密码除本人外还有谁知道", TEXT_WIDTH]]);
  await paper.blanks([["卡与身份证件是否放在一起；是否曾交他人使用或代购", TEXT_WIDTH]]);
  await paper.blanks([["挂失的时间、渠道和回执（附凭证）", TEXT_WIDTH]]);
  await paper.box("遗失和发现的经过：", 92);
  await paper.subheading("系统记录的挂失");
  const rows = lossRows(overview, regions);
  if (rows.length === 0) await paper.item("记录范围内没有挂失记录。");
  for (const { action, credential, channel, reportedAt, acceptedAt, effectiveAt, expiresAt, result } of rows)
    await paper.item(
      `${action}，${credential}${channel === "" ? "" : `，${channel}`}：报失 ${reportedAt}，受理 ${acceptedAt}，生效 ${effectiveAt}${expiresAt === "" ? "" : `，到期 ${expiresAt}`}，${result}。`,
    );
}

async function setRecordedFacts(
  paper: Paper,
  { caseId, range }: CaseFile,
  findings: Findings,
): Promise<void> {
  const { totals, pins, institutions, lastBeforeQuestion } = findings;
  const asked = institutions.filter(({ questioned }) => questioned.length > 0);
  await paper.heading("三、系统记录的事实（请报案人核对）");
  await paper.pairs([
    ["案件编号", caseId],
    ["记录期间", `${range.fromDay} 至 ${range.toDay}`],
    [
      "此前最后一笔结算",
      lastBeforeQuestion === null
        ? "无"
        : `第 ${lastBeforeQuestion.number} 笔，${instantWords(lastBeforeQuestion.transaction.swipe.occurredAt)}，${lastBeforeQuestion.transaction.institution.name || lastBeforeQuestion.transaction.institution.id}（是否本人使用：□ 是　□ 否）`,
    ],
    ["列入待核实", sumWords(totals.inQuestion)],
    ["其中挂失生效前", sumWords(totals.inQuestionBeforeEffect)],
    ["其中挂失生效后", sumWords(totals.inQuestionAfterEffect)],
    ["其中争议消费", sumWords(totals.disputed)],
    ["密码错误", `${pins.wrong} 次`],
    ["有待核实的机构", `${asked.length} 家，名称、地址和终端见 ${PackageFile.INSTITUTIONS}`],
    ["逐笔清单", `报告附表，及 ${PackageFile.TRANSACTIONS}`],
  ]);
  await paper.blanks([["非本人使用的交易（清单中的笔序）", TEXT_WIDTH]]);
  await paper.blanks([["本人当时所在地及证明（如本人同日在别处的刷卡）", TEXT_WIDTH]]);
}

function sumWords({ count, totalFen }: Sum): string {
  return `${count} 笔，${yuanTextOf(totalFen)} 元`;
}

async function setAsked(paper: Paper, { institutions }: Findings): Promise<void> {
  await paper.heading("四、请求调取的材料");
  await paper.item(`有待核实交易的机构在交易时刻的监控录像。${CAMERA_WARNING}。`);
  await paper.item("处方、购药登记、票据，以及终端和操作员的记录。");
  const asked = institutions.filter(({ questioned }) => questioned.length > 0);
  for (const { name, id, regionName, address, questioned } of asked.slice(0, INSTITUTIONS_MAX))
    await paper.item(
      `${name === "" ? id : `${name}（${id}）`}，${regionName}${address === "" ? "" : ` ${address}`}：第 ${questioned.join("、")} 笔`,
    );
  if (asked.length > INSTITUTIONS_MAX)
    await paper.item(`其余 ${asked.length - INSTITUTIONS_MAX} 家见 ${PackageFile.INSTITUTIONS}。`);
}

/** More than a page of them helps nobody: the table has them all. */
const INSTITUTIONS_MAX = 20;

async function setSignature(paper: Paper): Promise<void> {
  await paper.heading("五、签名");
  await paper.paragraph("以上由本人填写和核对，与本人所知相符。");
  await paper.blanks([
    ["报案人签名（捺印）", 220],
    ["代理人签名", 160],
    ["日期", TEXT_WIDTH - 380],
  ]);
  await paper.blanks([
    ["接报单位", 220],
    ["经办人", 160],
    ["接报案回执编号", TEXT_WIDTH - 380],
  ]);
}
