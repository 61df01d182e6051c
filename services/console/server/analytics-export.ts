/** Figures and rows as CSV files. Rows are read page by page while they are sent: however many there are, a page is held. */

import { EXPORT_ROWS_MAX, ROWS_PAGE_MAX } from "../../../schemas/http/analytics.js";
import type { DecisionRow, Figures } from "../../../schemas/http/figures.js";
import type { RulePrecision } from "../../../schemas/precision.js";
import { citiesOf, type FiguresParts, institutionsOf, rulesOf, trendOf } from "./analytics-asked.js";
import { casesRefusal } from "./console-problem.js";
import type { Asked } from "./console-routes.js";
import { CSV_MEDIA, type CsvCell, csvHead, csvLine, yuanCell } from "./csv-text.js";
import type { FiguresDesk } from "./figures-desk.js";
import type { PrecisionCache } from "./precision-cache.js";
import { fileHeaders, StreamedAnswer } from "./streamed-answer.js";

export interface ExportParts extends FiguresParts {
  readonly precision: PrecisionCache;
  readonly regionName: (region: string) => string;
}

interface Table {
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly CsvCell[])[];
}

export async function figureFile(parts: ExportParts, asked: Asked): Promise<StreamedAnswer> {
  const { name, columns, rows } = await tableOf(parts, asked);
  return new StreamedAnswer(CSV_MEDIA, linesOf(columns, rows), fileHeaders(`kadun-${name}.csv`));
}

async function* linesOf(columns: readonly string[], rows: readonly (readonly CsvCell[])[]) {
  yield csvHead(columns);
  for (const row of rows) yield csvLine(row);
}

const FIGURES = [
  "笔数 swipes",
  "通过 approve",
  "事后复核 review",
  "核验 challenge",
  "拒绝 reject",
  "涉案金额(元) at risk",
  "复核金额(元) reviewed",
  "核验金额(元) challenged",
  "拒绝金额(元) rejected",
];

function figureCells(of: Figures): readonly CsvCell[] {
  const counts = [of.swipes, of.approve, of.review, of.challenge, of.reject];
  return [...counts, ...[of.atRiskFen, of.reviewedFen, of.challengedFen, of.rejectedFen].map(yuanCell)];
}

async function tableOf(parts: ExportParts, asked: Asked): Promise<Table> {
  const { regionName } = parts;
  switch (asked.path.figure) {
    case "trend": {
      const { buckets } = await trendOf(parts, asked);
      const rows = buckets.map((bucket) => [bucket.from, ...figureCells(bucket)]);
      return { name: "trend", columns: ["时间 from", ...FIGURES], rows };
    }
    case "rules": {
      const { rules } = await rulesOf(parts, asked);
      const rows = rules.map((one) => [one.rule, one.mode, ...figureCells(one)]);
      return { name: "rules", columns: ["规则 rule", "模式 mode", ...FIGURES], rows };
    }
    case "cities": {
      const { cities } = await citiesOf(parts, asked);
      const rows = cities.map((one) => [one.city, regionName(one.city), ...figureCells(one)]);
      return { name: "cities", columns: ["区划代码 code", "统筹区 city", ...FIGURES], rows };
    }
    case "institutions": {
      const { institutions } = await institutionsOf(parts, asked);
      const rows = institutions.map((one) => [
        one.institutionId,
        one.institutionName,
        one.institutionKind,
        one.careRegion,
        regionName(one.careRegion),
        ...figureCells(one),
      ]);
      const columns = ["机构编码 id", "机构名称 name", "类别 kind", "区划代码 code", "就医地 region"];
      return { name: "institutions", columns: [...columns, ...FIGURES], rows };
    }
    case "precision": {
      const { rules } = parts.precision.answer(asked.caller.scope);
      return {
        name: "precision",
        columns: PRECISION,
        rows: rules.map((one) => precisionCells(one, regionName)),
      };
    }
    default:
      throw casesRefusal("NOT_FOUND", "such a figure is not exported; docs/console.md lists them");
  }
}

const PRECISION = [
  "规则 rule",
  "区划代码 code",
  "参保地 region",
  "命中 findings",
  "人数 people",
  "确认异常人数 confirmed",
  "本人使用人数 honest",
  "精确率 precision",
  "核验 challenged",
  "拒绝 rejected",
  "误拦 stopped honest",
  "误拦率 false block rate",
  "误拦金额(元) honest stopped",
  "避免损失(元) prevented",
];

function precisionCells(of: RulePrecision, regionName: ExportParts["regionName"]): readonly CsvCell[] {
  return [
    of.rule,
    of.region,
    regionName(of.region),
    of.findings,
    of.people,
    of.peopleConfirmed,
    of.peopleHonest,
    of.precision,
    of.challenged,
    of.rejected,
    of.stoppedHonest,
    of.falseBlockRate,
    yuanCell(of.honestStoppedFen),
    yuanCell(of.preventedFen),
  ];
}

type RowsAsked = Omit<Parameters<FiguresDesk["decisions"]>[0], "after" | "limit">;

export function decisionsFile({ figures, regionName }: ExportParts, asked: RowsAsked): StreamedAnswer {
  return new StreamedAnswer(
    CSV_MEDIA,
    decisionLines(figures, regionName, asked),
    fileHeaders("kadun-decisions.csv"),
  );
}

const DECISION = [
  "时间 at",
  "事件编号 event",
  "人员标识 person",
  "卡尾号 card tail",
  "类型 kind",
  "答复 action",
  "现行结论 effective",
  "严重程度 severity",
  "规则 rules",
  "参保地代码 insured",
  "参保地 insured",
  "就医地代码 care",
  "就医地 care",
  "机构编码 institution",
  "机构名称 institution",
  "机构类别 kind",
  "终端 terminal",
  "操作员 operator",
  "总金额(元) total",
  "涉案金额(元) at risk",
];

async function* decisionLines(
  figures: FiguresDesk,
  regionName: ExportParts["regionName"],
  asked: RowsAsked,
): AsyncGenerator<string, void, void> {
  yield csvHead(DECISION);
  let [left, after] = [EXPORT_ROWS_MAX, null as string | null];
  do {
    const page = await figures.decisions({ ...asked, after, limit: Math.min(left, ROWS_PAGE_MAX) });
    yield page.rows.map((row) => csvLine(decisionCells(row, regionName))).join("");
    left -= page.rows.length;
    after = page.after;
  } while (after !== null && left > 0);
  if (after !== null)
    yield csvLine([
      `只导出最新的 ${EXPORT_ROWS_MAX} 行，请缩小范围。Only the newest ${EXPORT_ROWS_MAX} rows.`,
    ]);
}

function decisionCells(row: DecisionRow, regionName: ExportParts["regionName"]): readonly CsvCell[] {
  return [
    row.at,
    row.eventId,
    row.personKey,
    row.cardTail,
    row.kind,
    row.action,
    row.effectiveAction,
    row.severity,
    row.rules.join(" "),
    row.insuredRegion,
    regionName(row.insuredRegion),
    row.careRegion,
    regionName(row.careRegion),
    row.institutionId,
    row.institutionName,
    row.institutionKind,
    row.terminalId,
    row.operatorId,
    yuanCell(row.totalFen),
    yuanCell(row.atRiskFen),
  ];
}
