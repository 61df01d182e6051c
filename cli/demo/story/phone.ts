/**
 * The cardholder's telephone in a story: the pages in a headless Chromium at a telephone's width, used as a person uses them,
 * by what is written on them. Each page that matters is kept as a screenshot.
 */

import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { OperatingError } from "../../exit-status.js";

/** A telephone of the common size, at its own sharpness. */
const SCREEN = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  isMobile: true,
  hasTouch: true,
};
/** A page is there in milliseconds; a busy machine takes longer. */
const PAGE_TIMEOUT_MS = 20_000;

export interface PhoneOptions {
  /** Of Chromium. */
  readonly executablePath: string;
  /** Of the pages. */
  readonly url: string;
  /** For the screenshots. */
  readonly folder: string;
}

export class Phone {
  readonly screenshots: string[] = [];

  private constructor(
    private readonly browser: Browser,
    private readonly page: Page,
    private readonly options: PhoneOptions,
  ) {}

  /** @throws OperatingError where the browser does not start. */
  static async open(options: PhoneOptions): Promise<Phone> {
    const { chromium } = await import("playwright-core");
    const { executablePath } = options;
    // Root, as in a container, has no sandbox; nothing but our own pages is opened.
    const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
    const browser = await chromium.launch({ executablePath, args }).catch((cause: unknown) => {
      throw new OperatingError(
        `the browser ${executablePath} does not start (${firstLine(cause)}); 'npm run setup:browser' looks for one that does, or installs it`,
      );
    });
    const context = await browser.newContext({ ...SCREEN, locale: "zh-CN" });
    context.setDefaultTimeout(PAGE_TIMEOUT_MS);
    return new Phone(browser, await context.newPage(), options);
  }

  async go(path: string): Promise<void> {
    await this.page.goto(new URL(path, this.options.url).href);
  }

  /** @param label as it stands beside the field. */
  async type(label: string, text: string): Promise<void> {
    await this.page.getByLabel(label).fill(text);
  }

  /** The first button or link that says just so, else the first that begins so. */
  async press(words: string): Promise<void> {
    const isExact = await this.has(words);
    const name = isExact ? words : new RegExp(`^${words}`);
    const target = this.page
      .getByRole("button", { name, exact: isExact })
      .or(this.page.getByRole("link", { name, exact: isExact }));
    await target.first().click();
    await this.page.waitForLoadState();
  }

  /** Is there a button or link that says so? */
  async has(words: string): Promise<boolean> {
    const target = this.page
      .getByRole("button", { name: words, exact: true })
      .or(this.page.getByRole("link", { name: words, exact: true }));
    return (await target.count()) > 0;
  }

  async choose(label: string, value: string): Promise<void> {
    await this.page.getByLabel(label).selectOption(value);
  }

  async attach(label: string, file: { name: string; mimeType: string; buffer: Buffer }): Promise<void> {
    await this.page.getByLabel(label).setInputFiles(file);
  }

  /** What this page would look like, as a PNG. */
  async picture(page: string): Promise<Buffer> {
    const other = await this.page.context().newPage();
    try {
      await other.setContent(page);
      return await other.screenshot({ fullPage: true });
    } finally {
      await other.close();
    }
  }

  text(): Promise<string> {
    // biome-ignore lint/performance/useDomNodeTextContent: as it is seen, without what is hidden.
    return this.page.getByRole("main").innerText();
  }

  /** @returns its path. */
  async keep(name: string): Promise<string> {
    const number = String(this.screenshots.length + 1).padStart(2, "0");
    const path = join(this.options.folder, `${number}-${name}.png`);
    await this.page.screenshot({ path, fullPage: true });
    this.screenshots.push(path);
    return path;
  }

  async close(): Promise<void> {
    await this.browser.close();
  }
}

function firstLine(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).split("\n")[0]!;
}
