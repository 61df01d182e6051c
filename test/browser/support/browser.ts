/** One Chromium for a test file. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Browser, chromium, type Page } from "playwright-core";
import { chromiumProgram } from "../../../platform/browser/chromium-program.js";

export const PHONE = { width: 390, height: 844 };
export const DESK = { width: 1280, height: 900 };
/** How long a page has to come to rest; a machine that does other things is slow. */
const SETTLED_MS = 5_000;

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

/**
 * Goes from a page to another (reload, back, forward) as soon as the browser lets it: while one page gives way to another,
 * which has an address already, Chromium refuses ("Not attached to an active page") and nothing has happened.
 */
export async function goFrom(page: Page, how: "reload" | "goBack" | "goForward"): Promise<void> {
  for (const until = Date.now() + SETTLED_MS; ; ) {
    await page.waitForLoadState("load");
    try {
      await page[how]();
      return;
    } catch (error) {
      if (!String(error).includes("Not attached to an active page") || Date.now() >= until) throw error;
    }
    await page.waitForTimeout(20);
  }
}

/** "the page is … wide, the screen …", of a page that still is after the time in which a browser lays it out again. */
export async function widthFindings(page: Page): Promise<readonly string[]> {
  // A page that has just been given another width hears of it with the browser's next frame, not at once.
  for (const until = Date.now() + SETTLED_MS; ; ) {
    const [content, screen] = (await page.evaluate("[document.documentElement.scrollWidth, innerWidth]")) as [
      number,
      number,
    ];
    if (content <= screen) return [];
    if (Date.now() >= until) return [`the page is ${content} wide, the screen ${screen}`];
    await page.waitForTimeout(50);
  }
}

/** What a reader of 60 trips over: text below 18 px, small things to press, a page wider than the screen. */
export async function layoutFindings(page: Page): Promise<readonly string[]> {
  return [...(await widthFindings(page)), ...(await sizeFindings(page))];
}

function sizeFindings(page: Page): Promise<readonly string[]> {
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
      document: { querySelectorAll(of: string): Iterable<Shown> };
      getComputedStyle(of: Shown): { fontSize: string };
    };
    const findings: string[] = [];
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
