/**
 * Every page of the cardholder at the width of a phone and of a desk: what axe finds, what does not fit, what is too small.
 * KADUN_SCREENSHOTS=DIR keeps a picture of each (`npm run screenshots:citizen`), for somebody to look at.
 */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { CitizenDatabase, CitizenPages } from "../citizen/support/citizen-pages.js";
import { axeFindings, DESK, layoutFindings, openBrowser, PHONE } from "./support/browser.js";
import { SCENES, type World } from "./support/scenes.js";

const folder = process.env.KADUN_SCREENSHOTS ?? "";
let browser: Browser;
let context: BrowserContext;
let database: CitizenDatabase;

beforeAll(async () => {
  if (folder !== "") mkdirSync(folder, { recursive: true });
  [browser, database] = await Promise.all([openBrowser(), CitizenDatabase.open()]);
  context = await browser.newContext({ viewport: PHONE, locale: "zh-CN", timezoneId: "Asia/Shanghai" });
});
afterAll(async () => {
  await browser.close();
  await database.close();
});

async function worldOf(page: Page): Promise<World> {
  await database.empty();
  await context.clearCookies();
  const pages = new CitizenPages(database.database);
  const url = await pages.url();
  const enter = async () => {
    pages.nowMs += 120_000;
    const holder = await pages.signedIn();
    const cookies = [...holder.cookies].map(([name, value]) => ({ name, value, url }));
    await context.addCookies(cookies);
  };
  return { pages, page, url, enter };
}

describe("a page", () => {
  it.each(SCENES)("is whole, large enough and open to everybody: $name", async ({ name, shows, go }) => {
    const page = await context.newPage();
    const asked: string[] = [];
    const said: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    page.on("console", (message) => said.push(message.text()));
    const world = await worldOf(page);
    try {
      await go(world);
      await page.locator("main", { hasText: shows }).waitFor();
      for (const viewport of [PHONE, DESK]) {
        await page.setViewportSize(viewport);
        if (folder !== "")
          await page.screenshot({ path: join(folder, `${name}-${viewport.width}.png`), fullPage: true });
        expect([viewport.width, ...(await axeFindings(page)), ...(await layoutFindings(page))]).toEqual([
          viewport.width,
        ]);
      }
      expect(asked.filter((url) => !url.startsWith(world.url))).toEqual([]);
      // Status codes of our own pages are told as failures; everything else would be a page that broke a rule.
      expect(said.filter((text) => !text.startsWith("Failed to load resource"))).toEqual([]);
    } finally {
      await page.close();
      await world.pages.close();
    }
  });
});

describe("the looking itself", () => {
  it("finds a picture without words, pale text, small text, small buttons and a page that is too wide", async () => {
    const page = await context.newPage();
    await page.setViewportSize(PHONE);
    await page.setContent(
      `<html lang="zh-CN"><title>x</title><main><h1>x</h1><img src="data:,"><p style="color:#bbb">pale</p>
      <p style="font-size:12px">small</p><button style="width:10px;height:10px;padding:0"></button><div style="width:900px">wide</div></main>`,
    );
    const found = [...(await axeFindings(page)), ...(await layoutFindings(page))].join("\n");
    for (const what of ["image-alt", "color-contrast", "button-name", "12 px", "10 × 10", "900"])
      expect(found).toContain(what);
    await page.close();
  });
});
