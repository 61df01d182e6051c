/** The parts of the report behind the sums, each with its heading. */

import { custodyEntry } from "../../../schemas/evidence/custody.js";
import type { CaseFile } from "../../../schemas/evidence/package.js";
import { bundleFile, PackageFile } from "../../../schemas/evidence/package.js";
import { formatInstant } from "../../../schemas/instant.js";
import { ruleNameOf } from "../../../schemas/national/rule-names.js";
import { yuanTextOf } from "../../../schemas/national/yuan.js";
import { lossRows } from "../facts/loss-rows.js";
import type { MatchedRule } from "../facts/matched-rules.js";
import { isPinAttempt } from "../facts/pin-attempts.js";
import {
  ACTION_WORDS,
  INSTITUTION_WORDS,
  instantWords,
  KIND_WORDS,
  PIN_WORDS,
  SEVERITY_WORDS,
} from "../facts/words.js";
import { CAMERA_WARNING } from "./csv-files.js";
import type { Findings } from "./findings.js";
import { LAW_ARTICLES } from "./law-articles.js";
import { type Paper, TEXT_WIDTH } from "./paper.js";

const HOUR_MS = 3_600_000;
/** Of the report; the CSV has them all. */
const OK_AFTER_WRONG_HOURS = 24;

export async function setLoss(paper: Paper, { overview, regions }: Findings): Promise<void> {
  await paper.heading("三、挂失与卡状态");
  const rows = lossRows(overview, regions);
  if (rows.length === 0) return paper.paragraph("记录范围内没有挂失或其他卡状态记录。");
  const table = await paper.table([
    { head: "办理事项", width: 62 },
    { head: "凭证", width: 84 },
    { head: "渠道、地区", width: 72 },
    { head: "报失", width: 56 },
    { head: "受理", width: 56 },
    { head: "生效", width: 56 },
    { head: "到期", width: 56 },
    { head: "结果、政策、回执", width: TEXT_WIDTH - 442 },
  ]);
  for (const row of rows)
    await table.row([
      row.action,
      row.credential.replace(" ", "\n"),
      [row.channel, row.region].filter((part) => part !== "").join("\n"),
      row.reportedAt,
      row.acceptedAt,
      row.effectiveAt,
      row.expiresAt,
      [row.result, row.policyId && `政策 ${row.policyId}`, row.receiptNo && `回执 ${row.receiptNo}`]
        .filter((part) => part !== "")
        .join("\n"),
    ]);
  table.end();
  await paper.note("生效时间：上游给出的为准，没有给出的按政策最长时限推算。逐项经过见 data/timeline.csv。");
}

export async function setRules(paper: Paper, findings: Findings): Promise<void> {
  await paper.heading("四、触发的规则");
  if (findings.rules.length === 0) return paper.paragraph("没有触发规则。");
  await paper.paragraph(
    "每条规则只说明观察到什么、参数是多少。举例为处置最强的首笔交易；全部交易的规则编号见交易清单。",
  );
  for (const matched of findings.rules) await setRule(paper, matched, findings);
}

async function setRule(paper: Paper, matched: MatchedRule, { bundleOf }: Findings): Promise<void> {
  const { rule, version, count, strongest, examples, reason, bundleHash, severity } = matched;
  await paper.subheading(`${rule}　${ruleNameOf(rule)}`);
  const params = bundleOf(bundleHash)?.ruleset.rules.find(({ id }) => id === rule)?.params;
  const more = count > examples.length ? "等" : "";
  await paper.pairs(
    [
      [
        "次数与处置",
        `${count} 次，最强处置：${ACTION_WORDS[strongest]}，级别：${SEVERITY_WORDS[severity]}；第 ${examples.join("、")} 笔${more}`,
      ],
      ["系统当时的说明", reason.text["zh-CN"]],
      ["观察到的事实", factWords(reason.facts)],
      ["规则参数", params === undefined ? "见规则包" : factWords(params)],
      ["规则版本", `第 ${version} 版；规则包 ${bundleFile(bundleHash)}`],
    ],
    82,
  );
}

/** `name = value`: the names are those of the rule's documentation. */
function factWords(facts: Readonly<Record<string, unknown>>): string {
  const texts = Object.entries(facts).map(([name, value]) => `${name} = ${valueWords(name, value)}`);
  return texts.length === 0 ? "无" : texts.join("；");
}

function valueWords(name: string, value: unknown): string {
  if (Array.isArray(value)) return value.map((each) => valueWords(name, each)).join("、");
  if (typeof value === "number" && /Fen(Min|Max)?$/.test(name)) return `${yuanTextOf(value)}元`;
  if (typeof value === "string" && /^\d{4}-\d{2}-\d{2}T/.test(value)) return instantWords(value);
  if (typeof value === "boolean") return value ? "是" : "否";
  if (value === null) return "无";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

export async function setPins(paper: Paper, { pins, transactions }: Findings): Promise<void> {
  await paper.heading("五、密码校验记录");
  if (pins.attempts === 0) return paper.paragraph("没有密码校验记录。");
  await paper.paragraph(
    `共 ${pins.attempts} 次：正确 ${pins.ok} 次，错误 ${pins.wrong} 次，锁定后再用 ${pins.locked} 次。下表列出错误和锁定，以及错误之后 ${OK_AFTER_WRONG_HOURS} 小时内的正确；全部见 data/pin-attempts.csv。系统不保存密码本身。`,
  );
  if (pins.wrong + pins.locked === 0) return;
  const table = await paper.table([
    { head: "笔", width: 30, align: "right" },
    { head: "时间", width: 82 },
    { head: "类型", width: 44 },
    { head: "结果", width: 38 },
    { head: "金额（元）", width: 56, align: "right" },
    { head: "机构", width: 146 },
    { head: "终端、操作员", width: TEXT_WIDTH - 396 },
  ]);
  let lastWrongMs = Number.NEGATIVE_INFINITY;
  for await (const { number, transaction } of transactions()) {
    const { swipe, institution, occurredAtMs } = transaction;
    if (!isPinAttempt(transaction)) continue;
    if (swipe.pin === "wrong") lastWrongMs = occurredAtMs;
    if (swipe.pin === "ok" && occurredAtMs - lastWrongMs > OK_AFTER_WRONG_HOURS * HOUR_MS) continue;
    await table.row([
      String(number),
      instantWords(swipe.occurredAt),
      KIND_WORDS[swipe.kind],
      PIN_WORDS[swipe.pin!],
      yuanTextOf(swipe.totalFen),
      `${institution.name}\n${institution.id}`.trim(),
      deviceWords(swipe),
    ]);
  }
  table.end();
}

export function deviceWords({
  terminalId,
  operatorId,
}: {
  readonly terminalId?: string | undefined;
  readonly operatorId?: string | undefined;
}): string {
  const parts = [
    terminalId === undefined ? "" : `终端 ${terminalId}`,
    operatorId === undefined ? "" : `操作员 ${operatorId}`,
  ];
  return parts.filter((part) => part !== "").join(" ");
}

export async function setInstitutions(paper: Paper, { institutions }: Findings): Promise<void> {
  await paper.heading("六、涉及机构");
  if (institutions.length === 0) return paper.paragraph("没有交易。");
  await paper.paragraph(`有待核实交易的机构列在前面。提示：${CAMERA_WARNING}。`);
  const table = await paper.table([
    { head: "机构名称、编号", width: 150 },
    { head: "地区、地址", width: 116 },
    { head: "首次、末次刷卡", width: 82 },
    { head: "笔数", width: 30, align: "right" },
    { head: "有效结算（元）", width: 60, align: "right" },
    { head: "待核实（元）", width: TEXT_WIDTH - 438, align: "right" },
  ]);
  for (const visited of institutions)
    await table.row([
      `${visited.name}\n${visited.id}（${INSTITUTION_WORDS[visited.kind]}）`.trim(),
      `${visited.regionName}\n${visited.address}`.trim(),
      `${instantWords(formatInstant(visited.firstAtMs))}\n${instantWords(formatInstant(visited.lastAtMs))}`,
      String(visited.swipes),
      yuanTextOf(visited.standing.totalFen),
      visited.questioned.length === 0
        ? "—"
        : `${yuanTextOf(visited.inQuestion.totalFen)}\n第 ${visited.questioned.join("、")} 笔`,
    ]);
  table.end();
}

export async function setLaw(paper: Paper): Promise<void> {
  await paper.heading("八、可供参考的条文");
  await paper.paragraph("以下为条文要点，以正式文本为准；是否适用由有权机关决定。");
  const table = await paper.table([
    { head: "文件", width: 190 },
    { head: "条款", width: 92 },
    { head: "要点", width: TEXT_WIDTH - 282 },
  ]);
  for (const { law, article, about } of LAW_ARTICLES) await table.row([law, article, about]);
  table.end();
}

export async function setVerification(
  paper: Paper,
  { caseId }: CaseFile,
  contentSha256: string,
): Promise<void> {
  const zip = `kadun-evidence-${caseId}.zip`;
  await paper.heading("九、如何核验");
  await paper.paragraph(
    "证据包为 BagIt（RFC 8493）结构的 ZIP 文件，不压缩。核验不需要本系统的服务器，只需证据包和主管机关另行公布的公钥。",
  );
  await paper.item(
    "用核验程序：检查结构、清单、签名、保管链、每日完整性证明，并把原始记录重新判定一遍逐字比较：",
  );
  await paper.code(`kadun evidence verify ${zip} --replay`);
  await paper.item("用通用工具（先解开 ZIP，在 kadun-evidence 文件夹中）：");
  await paper.code("sha256sum -c manifest-sha256.txt");
  await paper.code("sha256sum -c tagmanifest-sha256.txt");
  await paper.code(
    "openssl pkeyutl -verify -pubin -inkey ed25519.pem -rawin -in tagmanifest-sha256.txt -sigfile signatures/tagmanifest.ed25519.sig",
  );
  await paper.code(
    "openssl dgst -sm3 -verify sm2.pem -sigopt distid:1234567812345678 -signature signatures/tagmanifest.sm2.sig tagmanifest-sha256.txt",
  );
  await paper.item("公钥见 kadun/public-keys.json，须与主管机关另行公布的公钥比对一致。");
  await paper.item(
    `本报告每页页脚的内容校验值 ${contentSha256} 由原始记录、判定结果、每日证明、规则包和案件信息算出，并记入保管记录的最后一项。`,
  );
}

export async function setCustody(paper: Paper, custody: readonly string[]): Promise<void> {
  await paper.heading("十、保管记录");
  await paper.paragraph("每一项都含前一项的 SHA-256，改动任何一项都会使后面的校验值不符。");
  const table = await paper.table([
    { head: "序", width: 24, align: "right" },
    { head: "时间", width: 86 },
    { head: "经手人", width: 66 },
    { head: "事项", width: 76 },
    { head: "原因、对象", width: TEXT_WIDTH - 372 },
    { head: "前一项校验值", width: 120 },
  ]);
  for (const line of custody) {
    const entry = custodyEntry.parse(JSON.parse(line));
    await table.row([
      String(entry.seq),
      instantWords(entry.at),
      entry.actor,
      CUSTODY_WORDS[entry.action],
      [entry.reason, entry.subject].filter((part) => part !== "").join("\n"),
      entry.previousSha256,
    ]);
  }
  table.end();
}

const CUSTODY_WORDS = {
  "unmasked-requested": "申请未脱敏件",
  "unmasked-approved": "批准未脱敏件",
  "package-made": "制作证据包",
} as const;

export async function setDataList(paper: Paper): Promise<void> {
  await paper.heading("十一、电子数据清单与签名");
  await paper.paragraph(
    `电子数据清单（类别、文件格式、完整性校验值 SHA-256 和 SM3）见 ${PackageFile.DATA_LIST}，列出证据包 data 文件夹的每一个文件。提取、移交时由下列人员签名。`,
  );
  await paper.boxes(
    ["提取人（两名）签名：\n\n\n日期：", "持有人（提供人）签名：\n\n\n日期：", "见证人签名：\n\n\n日期："],
    84,
  );
}
