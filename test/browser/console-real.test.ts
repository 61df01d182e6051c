/**
 * Pages over a whole Kadun: evidence that is made, taken and verified; an office that is killed while somebody types; a draft of
 * rules that becomes a version and runs in shadow.
 */

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Browser, Locator, Page } from "playwright-core";
import { kadunMain } from "../support/kadun.js";
import { axeFindings, goFrom, openBrowser } from "./support/browser.js";
import { RealConsole } from "./support/real-console.js";

const OPEN_MS = 240_000;
/** Of some such waits. */
const TEST_MS = 240_000;
/** Longer than an office takes to come back on a busy machine. */
const SHOWN_MS = 60_000;

let browser: Browser;
let real: RealConsole;
let li: Page;
let wang: Page;
let casePath: string;

beforeAll(async () => {
  [browser, real] = await Promise.all([openBrowser(), RealConsole.open()]);
  li = await real.signedIn(browser, "li");
  wang = await real.signedIn(browser, "wang");
  for (const page of [li, wang]) page.setDefaultTimeout(SHOWN_MS);
  const { cases } = await (await li.request.get(`${real.url}/v1/cases`)).json();
  casePath = `${real.url}/cases/${cases[0].caseId}`;
}, OPEN_MS);
afterAll(async () => {
  await browser?.close();
  await real?.close();
}, OPEN_MS);

describe("evidence of a case", () => {
  it(
    "is made, taken, and is what the page says: sound, and without who the person is",
    async () => {
      await li.goto(`${casePath}?tab=evidence`);
      await li.getByRole("button", { name: "制作" }).click();
      const { path, bytes } = await taken(li);
      await li.getByText(createHash("sha256").update(bytes).digest("hex")).waitFor();
      const { name, phone } = real.story.contact;
      for (const secret of [name, phone]) expect(bytes.includes(secret)).toBe(false);
      const verify = ["evidence", "verify", path, "--replay", "--json"];
      const { stdout } = await promisify(execFile)(process.execPath, [kadunMain, ...verify]);
      expect(JSON.parse(stdout)).toMatchObject({ isSound: true });
      expect(await axeFindings(li)).toEqual([]);
    },
    TEST_MS,
  );

  it(
    "is unmasked for whom another person has agreed",
    async () => {
      await li.getByLabel("申请理由").fill("公安机关需要联系持卡人");
      await li.getByRole("button", { name: "申请" }).click();
      const asked = li.getByRole("article").filter({ hasText: "公安机关需要联系持卡人" });
      await asked.getByText("等待另一人批准").waitFor();
      expect(await asked.getByRole("button").count()).toBe(0);
      await wang.goto(`${casePath}?tab=evidence`);
      const seen = wang.getByRole("article").filter({ hasText: "公安机关需要联系持卡人" });
      await seen.getByRole("button", { name: "批准" }).click();
      await seen.getByText("wang").waitFor();
      await goFrom(li, "reload");
      await asked.getByRole("button", { name: "制作" }).click();
      const { bytes } = await taken(li);
      expect(bytes.includes(real.story.contact.name)).toBe(true);
      await li.goto(casePath);
      await li.getByText("公安机关需要联系持卡人").first().waitFor();
    },
    TEST_MS,
  );
});

it(
  "an office that is killed keeps sessions and drafts; what was typed meanwhile is kept, figures go on",
  async () => {
    await li.goto(casePath);
    await li.getByRole("button", { name: "领取" }).click();
    await li.getByLabel("笔记").fill("写到一半");
    await li.getByLabel("理由", { exact: true }).fill("电话里说卡丢了");
    await expectCount(li.getByText("草稿已保存"), 2);
    await wang.goto(`${real.url}/rules/R14`);
    await wang.getByRole("button", { name: "修改此规则" }).click();
    const limit = wang.getByLabel("单笔限额");
    await limit.fill("450");
    await wang.getByText("¥450.00").waitFor();
    const today = await li.context().newPage();
    await today.goto(`${real.url}/today`);
    await today.getByText("实时", { exact: true }).waitFor();
    await today.getByRole("button", { name: /每分钟刷卡.*表/ }).click();
    const minutes = today.locator(".ant-card", { hasText: "每分钟刷卡" }).locator(".ant-table-row");
    expect(await minutes.count()).toBe(0);
    const before = await li.context().cookies();

    const isBack = await real.killOffice();
    // What is said only while the office is away.
    const said = Promise.all([
      li.getByText("草稿未能保存，请勿关闭本页").waitFor(),
      wang.getByText(/^修改尚未保存/).waitFor(),
      today.getByText(/^每 10 秒更新/).waitFor(),
    ]);
    await li.getByLabel("笔记").fill("写到一半，办公室重启了");
    await limit.fill("460");
    await said;
    await isBack();
    await expectCount(li.getByText("草稿已保存"), 2);
    await wang.getByRole("status").getByText("已保存").waitFor();
    await today.getByText("实时", { exact: true }).waitFor();
    await real.triedAgain();
    await minutes.first().waitFor();
    await today.close();

    for (const page of [li, wang]) await goFrom(page, "reload");
    await li.getByText("写到一半，办公室重启了").waitFor();
    expect(await li.getByLabel("笔记").inputValue()).toBe("写到一半，办公室重启了");
    expect(await li.getByLabel("理由", { exact: true }).inputValue()).toBe("电话里说卡丢了");
    await wang.getByText("¥460.00").waitFor();
    expect(await limit.inputValue()).toBe("460");
    expect(await li.context().cookies()).toEqual(before);
    await li.getByRole("button", { name: "添加笔记" }).click();
    await li.getByRole("article").filter({ hasText: "办公室重启了" }).waitFor();
  },
  TEST_MS,
);

it(
  "a version is put into shadow, and compared with what runs",
  async () => {
    await wang.getByLabel("说明（改什么、为什么）").fill("限额下调");
    await wang.getByRole("status").getByText("已保存").waitFor();
    await wang.getByRole("button", { name: "存为版本" }).click();
    await wang.getByRole("heading", { name: "版本 2" }).waitFor();
    await wang.getByRole("button", { name: "影子运行" }).click();
    await wang
      .getByRole("tooltip")
      .getByRole("button", { name: /确\s*定/ })
      .click();
    await wang.locator(".ant-tag", { hasText: "影子运行" }).waitFor();
    // Nobody presses: the page follows by itself until all partitions have taken it.
    await wang.getByRole("region", { name: "发布进度" }).waitFor({ state: "detached" });
    await wang.goto(`${real.url}/rules/versions`);
    await wang.getByRole("button", { name: "统计影子比较" }).click();
    await wang.getByText(/影子版本 2 对比运行版本 1/).waitFor();
  },
  TEST_MS,
);

async function taken(page: Page): Promise<{ readonly path: string; readonly bytes: Buffer }> {
  const link = page.getByRole("link", { name: /^下载 .*\.zip$/ });
  const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);
  const path = await download.path();
  return { path, bytes: readFileSync(path) };
}

/** Waits until there are so many. */
async function expectCount(found: Locator, count: number): Promise<void> {
  await found.nth(count - 1).waitFor();
  expect(await found.count()).toBe(count);
}
