/** Sets papers of appeals as the reports of evidence are set. */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PdfPrinter } from "../../platform/pdf/pdf.js";
import { parseInstantMs } from "../../schemas/instant.js";
import type { PaperPress } from "../../services/alerts/appeals/appeal-papers.js";
import type { PaperContent } from "../../services/alerts/appeals/paper-content.js";
import { Paper, type PaperOptions } from "../../services/evidence/report/paper.js";

const FOOT = "本文书由系统按申诉记录生成，只陈述事实和决定。";

/** @param printer opened with the first paper: its fonts take a while. */
export function appealPress(printer: () => Promise<PdfPrinter>): PaperPress {
  return {
    async print(content) {
      const folder = mkdtempSync(join(tmpdir(), "kadun-paper-"));
      try {
        const path = join(folder, "paper.pdf");
        await printTo(path, await printer(), content);
        return readFileSync(path);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

/** Set twice: once to count its pages. */
async function printTo(path: string, printer: PdfPrinter, content: PaperContent): Promise<void> {
  const { title, number, madeAt } = content;
  const options: Omit<PaperOptions, "pages" | "pageCount"> = {
    face: printer.face,
    head: title,
    headRight: `编号 ${number}`,
    foot: FOOT,
  };
  const counting = new Paper({ ...options, pages: null, pageCount: null });
  await set(counting, content);
  const pages = printer.open({ path, title: `${title} ${number}`, madeAtMs: parseInstantMs(madeAt) });
  await set(new Paper({ ...options, pages, pageCount: counting.pageNumber }), content);
  await pages.end();
}

async function set(
  paper: Paper,
  { title, number, madeAt, addressee, sections }: PaperContent,
): Promise<void> {
  await paper.newPage();
  await paper.title(title, `编号 ${number}　${madeAt.slice(0, 10)}`);
  await paper.paragraph(`申诉人：${addressee ?? "（无联系信息，以申诉编号为准）"}`);
  for (const { heading, paragraphs, pairs } of sections) {
    await paper.heading(heading);
    for (const paragraph of paragraphs) await paper.paragraph(paragraph);
    if (pairs.length > 0) await paper.pairs(pairs, 56);
  }
  await paper.boxes(["经办机构（盖章）：", "日期："], 70);
}
