/**
 * The files of a package that people read: report and forms (PDF), tables (CSV), map (SVG), clues and findings (JSON).
 *
 * 1. The same package content gives the same bytes: times, rules and names come from the package alone.
 * 2. Memory does not grow with the number of swipes: rows lie in files between the readings (sorted-rows.ts).
 */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PdfPrinter } from "../../../platform/pdf/pdf.js";
import { type CaseFile, PackageFile } from "../../../schemas/evidence/package.js";
import type { RecordWithOutcomes } from "../package/folder-lines.js";
import { LineFile } from "../package/line-file.js";
import { setAppealApplication } from "./appeal-application.js";
import { auditLines } from "./audit-lines.js";
import { cluesOf } from "./clues.js";
import { writeInstitutions, writePinAttempts, writeTimeline, writeTransactions } from "./csv-files.js";
import { type Findings, findingsOf } from "./findings.js";
import { mapOf, setMap } from "./map-page.js";
import { mapSvg } from "./map-svg.js";
import type { Paper } from "./paper.js";
import { setPoliceStatement } from "./police-statement.js";
import { printDocument } from "./print-document.js";
import {
  setCustody,
  setDataList,
  setInstitutions,
  setLaw,
  setLoss,
  setPins,
  setRules,
  setVerification,
} from "./report-parts.js";
import { setCover, setSums } from "./report-summary.js";
import { setTransactions } from "./transaction-table.js";

export interface ReportFilesInput {
  readonly printer: PdfPrinter;
  readonly caseFile: CaseFile;
  /** The person's lines in order; read twice. */
  readonly lines: () => AsyncIterable<RecordWithOutcomes>;
  readonly contentSha256: string;
  /** Of the bag: `data/` with the package's bundles is there. */
  readonly folder: string;
  /** Custody entries as they stand in the package. */
  readonly custody: readonly string[];
  /** Steps; null: how many is not known yet. */
  readonly onProgress: (done: number, total: number | null) => void;
}

/** How often progress is told while lines are read. */
const TOLD_EACH_RECORDS = 500;

export async function writeReportFiles(input: ReportFilesInput): Promise<void> {
  mkdirSync(join(input.folder, "data"), { recursive: true, mode: 0o700 });
  const workFolder = mkdtempSync(join(input.folder, "report-"));
  try {
    let done = 0;
    const onRecord = () => {
      if (++done % TOLD_EACH_RECORDS === 0) input.onProgress(done, null);
    };
    const findings = await findingsOf({ ...input, workFolder, onRecord });
    const steps = stepsOf(input, findings);
    for (const [index, step] of steps.entries()) {
      await step();
      input.onProgress(done + index + 1, done + steps.length);
    }
  } finally {
    rmSync(workFolder, { recursive: true });
  }
}

function stepsOf(input: ReportFilesInput, findings: Findings): readonly (() => Promise<void>)[] {
  const { folder, caseFile } = input;
  return [
    () => writeTransactions(folder, findings),
    () => writeTimeline(folder, findings),
    () => writePinAttempts(folder, findings),
    () => writeInstitutions(folder, findings),
    async () => writeSmallFiles(input, findings),
    () => writeAuditResults(input, findings),
    () =>
      printDocument(input, {
        name: PackageFile.REPORT,
        title: "医保卡使用记录证据报告",
        set: (paper) => setReport(paper, input, findings),
      }),
    () =>
      printDocument(input, {
        name: PackageFile.POLICE_STATEMENT,
        title: "报案陈述",
        set: (paper) => setPoliceStatement(paper, caseFile, findings),
      }),
    () =>
      printDocument(input, {
        name: PackageFile.APPEAL_APPLICATION,
        title: "医保申诉申请表",
        set: (paper) => setAppealApplication(paper, caseFile, findings),
      }),
  ];
}

async function setReport(paper: Paper, input: ReportFilesInput, findings: Findings): Promise<void> {
  const { caseFile, contentSha256, printer, custody } = input;
  await setCover(paper, { caseFile, contentSha256, findings });
  await setSums(paper, { caseFile, contentSha256, findings });
  await setLoss(paper, findings);
  await setRules(paper, findings);
  await setPins(paper, findings);
  await setInstitutions(paper, findings);
  await setMap(paper, findings, printer.face);
  await setLaw(paper);
  await setVerification(paper, caseFile, contentSha256);
  await setCustody(paper, custody);
  await setDataList(paper);
  await setTransactions(paper, findings);
}

function writeSmallFiles({ folder, caseFile, printer }: ReportFilesInput, findings: Findings): void {
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text, { mode: 0o600 });
  write(PackageFile.MAP, mapSvg(mapOf(findings, printer.face), `刷卡地点 ${caseFile.caseId}`));
  write(PackageFile.CLUES, `${JSON.stringify(cluesOf(caseFile, findings), null, 2)}\n`);
}

async function writeAuditResults({ folder, caseFile }: ReportFilesInput, findings: Findings): Promise<void> {
  const file = new LineFile(join(folder, PackageFile.AUDIT_RESULTS));
  for await (const line of auditLines(caseFile, findings.transactions())) await file.add(line);
  await file.end();
}
