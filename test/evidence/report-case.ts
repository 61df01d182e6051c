/** Report files of a case that a test makes up: its records are judged as a detector judges them. */

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PdfkitPrinter } from "../../platform/pdf/pdfkit/pdfkit-printer.js";
import { bundleFile, type CaseAlert, type CaseFile } from "../../schemas/evidence/package.js";
import type { RecordWithOutcomes } from "../../services/evidence/package/folder-lines.js";
import { LogHistory } from "../../services/evidence/package/log-history.js";
import { type Findings, findingsOf } from "../../services/evidence/report/findings.js";
import { writeReportFiles } from "../../services/evidence/report/write-report.js";
import { defaultBundle } from "../support/judge.js";
import { at, START_MS } from "../support/records.js";
import { JudgedLogs, personKeyOf } from "./judged-logs.js";
import { unsignedProofs } from "./unsigned-proofs.js";

export const PERSON = "PERSON-1";
export const CONTENT_SHA256 = "5d1e".repeat(16);

let printer: PdfkitPrinter | null = null;

/** Its fonts are read once. */
export function testPrinter(): PdfkitPrinter {
  printer ??= new PdfkitPrinter();
  return printer;
}

/** A raw record with the time at which it arrives. */
export interface Arrival {
  readonly nowMs: number;
  readonly raw: object;
}

/** The person's lines of the records, in their order. */
export async function linesOf(arrivals: readonly Arrival[]): Promise<readonly RecordWithOutcomes[]> {
  const logs = new JudgedLogs();
  await logs.activate(START_MS);
  for (const { nowMs, raw } of arrivals) await logs.take(nowMs, raw);
  const { end } = logs.world.bounds("kadun.journal", 0);
  const history = new LogHistory({
    log: logs.log,
    partition: 0,
    personKey: personKeyOf(PERSON),
    checkpoint: null,
    proofs: () => unsignedProofs([end]),
  });
  const lines: RecordWithOutcomes[] = [];
  for await (const { journal, outcomes } of history.stretches())
    for (const line of journal)
      lines.push({
        ...line,
        outcomes: outcomes.filter(({ journalOffset }) => journalOffset === line.offset),
      });
  return lines;
}

export function caseFileOf(fields: Partial<CaseFile> = {}): CaseFile {
  return {
    product: "kadun-evidence",
    format: 1,
    caseId: "c-20260301-0001",
    personKey: personKeyOf(PERSON),
    partition: 0,
    isMasked: true,
    holder: { name: "王*", phone: "138****0000", idNumberTail: "" },
    openedAt: at(START_MS),
    range: { fromOffset: 0, endOffset: 100, fromDay: "2026-03-01", toDay: "2026-03-20" },
    madeAt: "2026-03-21T09:00:00.000+08:00",
    madeBy: "经办人甲",
    alerts: [],
    sms: [],
    institutions: [],
    ...fields,
  };
}

/** A standing alert about a swipe. */
export function alertOf(eventId: string, fields: Partial<CaseAlert> = {}): CaseAlert {
  return {
    alertId: `a-${eventId}`,
    eventId,
    occurredAt: at(START_MS),
    action: "challenge",
    severity: "critical",
    rules: ["R09"],
    disputed: false,
    state: "standing",
    atRiskFen: null,
    ...fields,
  };
}

export class ReportFolder {
  readonly path = mkdtempSync(join(tmpdir(), "kadun-report-"));

  constructor() {
    mkdirSync(join(this.path, "data", "bundles"), { recursive: true });
    const { bundle, content } = defaultBundle;
    writeFileSync(join(this.path, bundleFile(bundle.hash)), JSON.stringify(content));
  }

  async findings(lines: readonly RecordWithOutcomes[], caseFile = caseFileOf()): Promise<Findings> {
    const workFolder = join(this.path, "work");
    mkdirSync(workFolder, { recursive: true });
    return findingsOf({
      caseFile,
      lines: () => streamOf(lines),
      folder: this.path,
      workFolder,
      onRecord: () => {},
    });
  }

  async write(lines: () => AsyncIterable<RecordWithOutcomes>, caseFile = caseFileOf()): Promise<void> {
    await writeReportFiles({
      printer: testPrinter(),
      caseFile,
      lines,
      contentSha256: CONTENT_SHA256,
      folder: this.path,
      custody: CUSTODY,
      onProgress: () => {},
    });
  }

  read(name: string): Buffer {
    return readFileSync(join(this.path, name));
  }

  remove(): void {
    rmSync(this.path, { recursive: true });
  }
}

export async function* streamOf<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  yield* items;
}

const CUSTODY = [
  JSON.stringify({
    seq: 1,
    caseId: "c-20260301-0001",
    at: "2026-03-21T09:00:00.000+08:00",
    actor: "经办人甲",
    action: "package-made",
    reason: "",
    subject: `masked ${CONTENT_SHA256}`,
    previousSha256: "0".repeat(64),
  }),
];
