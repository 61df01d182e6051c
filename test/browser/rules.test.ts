/** The pages of rules in a Chromium: a rule is changed, approved by another, published; long work; loss policies. */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, it } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import { axeFindings, goFrom, openBrowser, widthFindings } from "./support/browser.js";
import { openConsolePage, PHONE, type Watched, WIDE } from "./support/console.js";
import { RulesOffice } from "./support/rules-office.js";

let browser: Browser;
let office: RulesOffice;
let opened: Watched[] = [];

beforeAll(async () => {
  [browser, office] = [await openBrowser(), await RulesOffice.open(["林", "王"])];
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await office?.close();
});
afterEach(async () => {
  const problems = opened.flatMap((watched) => watched.problems);
  for (const { context } of opened) await context.close();
  opened = [];
  expect(problems).toEqual([]);
});

async function pageOf(name: string, path: string, viewport?: typeof PHONE): Promise<Page> {
  const { url } = office.world;
  const key = office.keys.get(name)!;
  const roles = ["rule-manager"] as const;
  const watched = await openConsolePage(browser, { url, key, name, roles, ...(viewport && { viewport }) });
  opened.push(watched);
  await watched.page.goto(`${url}${path}`);
  return watched.page;
}

/** What axe says of the page when it has loaded. */
async function findings(page: Page): Promise<readonly string[]> {
  await page.locator(".ant-skeleton").first().waitFor({ state: "detached" });
  return axeFindings(page);
}

/** Written where KADUN_SCREENSHOTS says; nowhere without it. */
async function shot(page: Page, name: string): Promise<void> {
  const folder = process.env.KADUN_SCREENSHOTS;
  if (folder === undefined || folder === "") return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

it("a rule is changed in a form that names mistakes, becomes a version, is approved by another and published", async () => {
  const author = await pageOf("林", "/rules/R14");
  await author.getByRole("button", { name: "修改此规则" }).click();
  const limit = author.getByLabel("单笔限额");
  await limit.fill("0.5");
  await author.getByText("1 处错误，改正后才能存为版本").waitFor();
  await shot(author, "rules-editor-mistake-1440");
  await limit.fill("450");
  await author.getByText("¥500.00").waitFor();
  await author.getByRole("status").getByText("已保存").waitFor();
  await goFrom(author, "reload");
  expect(await author.getByLabel("单笔限额").inputValue()).toBe("450");
  await author.getByLabel("说明（改什么、为什么）").fill("限额下调 <img src=x onerror=alert(1)>");
  await author.getByRole("status").getByText("已保存").waitFor();
  expect(await findings(author)).toEqual([]);
  await shot(author, "rules-editor-1440");
  await author.getByRole("button", { name: "存为版本" }).click();
  await author.getByRole("heading", { name: "版本 2" }).waitFor();
  await author.getByText("¥450.00").waitFor();
  expect(await author.getByRole("button", { name: "复核通过" }).count()).toBe(0);

  const other = await pageOf("王", "/rules/versions/2");
  await other.getByText("限额下调 <img src=x onerror=alert(1)>").waitFor();
  await other.getByRole("button", { name: "复核通过" }).click();
  await other
    .getByRole("tooltip")
    .getByRole("button", { name: /确\s*定/ })
    .click();
  await other.getByRole("button", { name: "发布", exact: true }).waitFor();
  expect(await findings(other)).toEqual([]);
  await shot(other, "rules-version-1440");
  await other.getByRole("button", { name: "发布", exact: true }).click();
  await other
    .getByRole("tooltip")
    .getByRole("button", { name: /确\s*定/ })
    .click();
  await other
    .getByRole("row", { name: /运行中/ })
    .getByText("林")
    .waitFor();
  await shot(other, "rules-versions-1440");
}, 180_000);

it("long work is begun, left, found again and ended", async () => {
  office.world.run = ({ signal, onProgress }) =>
    new Promise((_, reject) => {
      onProgress?.({ type: "run-progress", step: "judge", done: 1, total: 4, records: 900 });
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
  const page = await pageOf("林", "/rules/versions/1");
  await page.getByRole("button", { name: "回测" }).click();
  await page.getByText("judge：1 / 4，已处理 900 条记录").waitFor();
  const address = page.url();
  await page.goto(`${office.world.url}/rules/jobs`);
  await page.getByRole("row", { name: /回测/ }).getByText("进行中").waitFor();
  await page.goto(address);
  await page.getByRole("button", { name: "取消任务" }).click();
  await page.getByText("已取消").waitFor();
  expect(await findings(page)).toEqual([]);
}, 180_000);

const READ = [
  ["/rules", "R14 拆分消费"],
  ["/rules/R14", "一天内在同一连锁"],
  ["/rules/versions", "版本与发布"],
  ["/rules/breaker", "从未熔断"],
  ["/rules/drafts", "您没有草稿"],
  ["/rules/jobs", "后台任务"],
  ["/policies", "北京市"],
  ["/policies?tab=sources", "来源之间的矛盾"],
  ["/policies?tab=lookup&region=110105&at=2026-03-01T10:00:00%2B08:00", "2026/03/11 00:00:00"],
] as const;

it("every rule and policy is read at a desk and on a telephone", async () => {
  const page = await pageOf("林", "/rules");
  for (const [path, text] of READ) {
    await page.goto(`${office.world.url}${path}`);
    for (const viewport of [WIDE, PHONE]) {
      await page.setViewportSize(viewport);
      await page.getByText(text).first().waitFor();
      expect([path, await findings(page)]).toEqual([path, []]);
      expect([path, ...(await widthFindings(page))]).toEqual([path]);
      await shot(page, `${path.slice(1).split("&", 1)[0]!.replaceAll(/[/?=]/g, "-")}-${viewport.width}`);
    }
  }
}, 180_000);
