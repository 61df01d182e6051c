/** A document set twice: once to count its pages, once for the file. */

import { join } from "node:path";
import type { PdfPrinter } from "../../../platform/pdf/pdf.js";
import type { CaseFile } from "../../../schemas/evidence/package.js";
import { parseInstantMs } from "../../../schemas/instant.js";
import { Paper, type PaperOptions } from "./paper.js";

export interface DocumentInput {
  readonly printer: PdfPrinter;
  readonly folder: string;
  readonly caseFile: CaseFile;
  readonly contentSha256: string;
}

export interface PrintedDocument {
  /** Within the bag. */
  readonly name: string;
  readonly title: string;
  readonly set: (paper: Paper) => Promise<void>;
}

export async function printDocument(
  input: DocumentInput,
  { name, title, set }: PrintedDocument,
): Promise<void> {
  const { printer, caseFile } = input;
  const options: Omit<PaperOptions, "pages" | "pageCount"> = {
    face: printer.face,
    head: title,
    headRight: `案件编号 ${caseFile.caseId}${caseFile.isMasked ? "（脱敏）" : "（未脱敏）"}`,
    foot: `内容校验值 SHA-256 ${input.contentSha256}`,
  };
  const counting = new Paper({ ...options, pages: null, pageCount: null });
  await counting.newPage();
  await set(counting);
  const pages = printer.open({
    path: join(input.folder, name),
    title: `${title} ${caseFile.caseId}`,
    madeAtMs: parseInstantMs(caseFile.madeAt),
  });
  const paper = new Paper({ ...options, pages, pageCount: counting.pageNumber });
  await paper.newPage();
  await set(paper);
  await pages.end();
  if (paper.pageNumber !== counting.pageNumber)
    throw new Error(`${name}: counted ${counting.pageNumber} pages, set ${paper.pageNumber}`);
}
