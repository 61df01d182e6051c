/** One Chromium for a test file. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Browser, chromium, type Page } from "playwright-core";
import { chromiumProgram } from "../../../platform/browser/chromium-program.js";

export const PHONE = { width: 390, height: 844 };
export const DESK = { width: 1280, height: 900 };

export function openBrowser(): Promise<Browser> {
  const executablePath = chromiumProgram();
  if (executablePath === null) throw new Error("there is no Chromium; run 'npm run setup:browser'");
  // Root has no sandbox; the pages are our own.
  return chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
  });
}

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** What axe finds, one line each; empty where nothing. */
export async function axeFindings(page: Page): Promise<readonly string[]> {
  if (!(await page.evaluate("'axe' in globalThis"))) await page.evaluate(axe);
  return page.evaluate(async (standards) => {
    interface Found {
      readonly id: string;
      readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
    }
    const { axe } = globalThis as unknown as {
      axe: { run(options: unknown): Promise<{ violations: readonly Found[] }> };
    };
    const { violations } = await axe.run({ runOnly: standards, resultTypes: ["violations"] });
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary ?? ""}`);
  }, STANDARDS);
}

/** What a reader of 60 trips over: text below 18 px, small things to press, a page wider than the screen. */
export function layoutFindings(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    interface Box {
      readonly width: number;
      readonly height: number;
    }
    interface Shown {
      readonly textContent: string | null;
      readonly outerHTML: string;
      readonly children: ArrayLike<unknown>;
      getBoundingClientRect(): Box & { readonly right: number };
    }
    const view = globalThis as unknown as {
      innerWidth: number;
      document: { documentElement: { scrollWidth: number }; querySelectorAll(of: string): Iterable<Shown> };
      getComputedStyle(of: Shown): { fontSize: string };
    };
    const findings: string[] = [];
    const { scrollWidth } = view.document.documentElement;
    if (scrollWidth > view.innerWidth)
      findings.push(`the page is ${scrollWidth} wide, the screen ${view.innerWidth}`);
    for (const one of view.document.querySelectorAll("body *")) {
      const size = Number.parseFloat(view.getComputedStyle(one).fontSize);
      if (size < 18 && one.children.length === 0 && (one.textContent ?? "").trim() !== "")
        findings.push(`${size} px: ${one.outerHTML.slice(0, 120)}`);
    }
    for (const one of view.document.querySelectorAll(
      "button, a.button, nav a, input:not([type=hidden]), select",
    )) {
      const { width, height } = one.getBoundingClientRect();
      if (height < 24 || width < 24) findings.push(`${width} × ${height}: ${one.outerHTML.slice(0, 120)}`);
    }
    return findings;
  });
}
