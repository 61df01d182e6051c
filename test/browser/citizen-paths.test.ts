/** Whole paths through the pages in a Chromium at the width of a phone, scripts switched off: nothing needs them. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { CitizenDatabase, CitizenPages } from "../citizen/support/citizen-pages.js";
import { jpeg, zipBomb } from "../citizen/support/documents.js";
import { CODE } from "../citizen/support/memory-desk.js";
import { goFrom, openBrowser, PHONE } from "./support/browser.js";

let browser: Browser;
let database: CitizenDatabase;
let context: BrowserContext;
let pages: CitizenPages;
let page: Page;
let url: string;
const folder = mkdtempSync(join(tmpdir(), "kadun-uploads-"));

beforeAll(async () => {
  [browser, database] = await Promise.all([openBrowser(), CitizenDatabase.open()]);
});
afterAll(async () => {
  await browser.close();
  await database.close();
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  await database.empty();
  pages = new CitizenPages(database.database);
  url = await pages.url();
  context = await browser.newContext({ viewport: PHONE, javaScriptEnabled: false, locale: "zh-CN" });
  page = await context.newPage();
});
afterEach(async () => {
  await context.close();
  await pages.close();
});

const press = (words: string) => page.click(`main >> :is(button, a):has-text("${words}")`);
const path = () => page.url().slice(url.length);
const arrives = (at: string) => page.waitForURL(url + at);
const says = (words: string) => page.locator("main", { hasText: words }).waitFor();

async function signIn(): Promise<void> {
  await page.goto(url);
  await page.fill("#code", "k7m2q9xw");
  await page.fill("#last4", "123x");
  await press("收短信验证码");
  await page.locator("#oneTimeCode").waitFor();
  await page.fill("#oneTimeCode", pages.desk.sms.at(-1)!.code);
  await press("进入");
  await arrives("/case");
}

describe("a cardholder with a telephone", () => {
  it("comes from the SMS to the report of loss and to an appeal that is under way", async () => {
    await signIn();
    await page.click('section:has-text("680.00元") >> text=不是我');
    await says("您回答“不是我”");
    await press("确认挂失");
    await says("GS20260301000123");
    await press("去申诉");
    await press("开始填写");
    await page.click("text=哪几笔不是您刷的");
    expect(await page.isChecked('.choice:has-text("680.00元") input')).toBe(true);
    await press("保存");
    await page.click("text=说明经过");
    await page.fill("#statement", "卡丢了，当时我在杭州。𠮷");
    await press("保存");
    await page.click("text=上传材料");
    await page.setInputFiles("#file", { name: "回执.jpg", mimeType: "image/jpeg", buffer: jpeg() });
    await page.click("form[enctype] button");
    await says("报警回执或受案回执：回执.jpg");
    await press("好了，返回");
    await press("核对并提交");
    await press("提交申诉");
    await says("申诉已提交");
    expect(pages.desk.appeals.views[0]).toMatchObject({
      state: "submitted",
      swipes: [{ decisionId: "d-1" }],
    });
  });

  it("who goes back, or loads a page again, sends nothing by it; after leaving nothing is seen", async () => {
    await signIn();
    await page.click("text=直接挂失");
    await press("确认挂失");
    await says("GS20260301000123");
    const done = path();
    await goFrom(page, "reload");
    await goFrom(page, "goBack");
    await arrives("/loss");
    await goFrom(page, "goForward");
    await arrives(done);
    expect(pages.desk.lossesAsked).toHaveLength(1);
    await page.click("text=退出");
    await says("您已安全退出");
    await goFrom(page, "goBack");
    expect(await page.textContent("main")).not.toContain("GS20260301000123");
  });

  it("who presses again while the first press is under way reports one loss", async () => {
    await signIn();
    await page.goto(`${url}/loss`);
    const { desk } = pages;
    const report = desk.reportLoss.bind(desk);
    let presses = 0;
    let answer = () => {};
    const isAnswered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    desk.reportLoss = async (loss) => {
      presses += 1;
      await isAnswered;
      return report(loss);
    };
    // The browser sends nothing of a press that another follows at once: the second comes while the first is with us.
    const button = page.locator('button:has-text("确认挂失")');
    await button.scrollIntoViewIfNeeded();
    const { x, y, width, height } = (await button.boundingBox())!;
    for (const press of [1, 2]) {
      await page.mouse.click(x + width / 2, y + height / 2);
      while (presses < press) await page.waitForTimeout(5);
    }
    answer();
    await says("GS20260301000123");
    expect(path()).toMatch(/^\/loss\/[0-9a-f]+$/);
    expect(desk.lossesAsked).toHaveLength(1);
  });

  it("who types a wrong one-time code is told, types the right one and is in", async () => {
    await page.goto(url);
    await page.fill("#code", CODE);
    await page.fill("#last4", "123X");
    await press("收短信验证码");
    await page.locator("#oneTimeCode").waitFor();
    const right = pages.desk.sms.at(-1)!.code;
    await page.fill("#oneTimeCode", right === "000000" ? "000001" : "000000");
    await press("进入");
    await says("还可以试 4 次");
    await page.fill("#oneTimeCode", right);
    await press("进入");
    await arrives("/case");
    await goFrom(page, "goBack");
    await arrives("/case");
  });

  it("whose session ends meanwhile comes back to the page where he was, with his draft", async () => {
    await signIn();
    await page.goto(`${url}/appeals`);
    await press("开始填写");
    await page.click("text=说明经过");
    await page.fill("#statement", "保存过的。");
    await press("保存");
    await page.click("text=说明经过");
    pages.nowMs += 25 * 60_000;
    await page.fill("#statement", "没有保存的。");
    await press("保存");
    expect(await page.inputValue("textarea")).toBe("没有保存的。");
    await press("重新进入");
    await page.fill("#code", CODE);
    await page.fill("#last4", "123X");
    await press("收短信验证码");
    await page.locator("#oneTimeCode").waitFor();
    await page.fill("#oneTimeCode", pages.desk.sms.at(-1)!.code);
    await press("进入");
    await arrives("/appeals/appeal-1/statement");
    expect(await page.inputValue("#statement")).toBe("保存过的。");
  });

  it("who uploads 50 MB, or a ZIP bomb called .jpg, reads why not and what to do", async () => {
    await signIn();
    pages.desk.appeals.put({});
    const upload = async (name: string, content: Buffer) => {
      await page.goto(`${url}/appeals/appeal-1/documents`);
      writeFileSync(join(folder, name), content);
      await page.setInputFiles("#file", join(folder, name));
      await page.click("form[enctype] button");
      return page.textContent('[role="alert"]');
    };
    expect(await upload("huge.jpg", Buffer.alloc(50 << 20, 1))).toContain("超过 10 MB");
    expect(await upload("photo.jpg", zipBomb())).toContain("这是一个压缩包");
    expect(pages.desk.appeals.views[0]!.documents).toEqual([]);
  });
});
