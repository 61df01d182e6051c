/** The queue's page: filters in the address, keys, many at once with undo, states, strange texts, axe. */

import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import type { Role } from "../../schemas/console/access.js";
import { OPERATION_WAITS_MS } from "../../schemas/http/queue.js";
import { institutionBytes, institutionKey } from "../../services/ingest/institution-entry.js";
import { at, challenged, OTHER_PERSON, PERSON, rejected, reviewed } from "../alerts/outcome-records.js";
import { ConsoleWorld } from "../console/server/console-world.js";
import { emptyTables } from "../support/empty-tables.js";
import { axeFindings, openBrowser, widthFindings } from "./support/browser.js";
import { openConsolePage, PHONE, type Watched, WIDE } from "./support/console.js";

const STRANGE = '<img src=x onerror="document.title=1">{{1+1}}\u202e药店';
const STRANGE_NAME = "<img src=x onerror=alert(1)> {{7*7}}";
const SHOP = "P33010600001";
const THIRD_PERSON = "33".repeat(16);
const [FIRST, SECOND, THIRD] = [PERSON, OTHER_PERSON, THIRD_PERSON].map((person) => `${person}-1`);
let world: ConsoleWorld;
let browser: Browser;
let opened: Watched | null = null;
beforeAll(async () => {
  [world, browser] = await Promise.all([ConsoleWorld.open(), openBrowser()]);
  await world.institutions.put(
    institutionKey(SHOP),
    institutionBytes({ institutionId: SHOP, name: STRANGE, kind: "pharmacy", region: "330106" }),
  );
});
beforeEach(() =>
  world.desk.consume([
    rejected("s-1", { occurredAt: at(0) }),
    challenged("s-2", { personKey: OTHER_PERSON, occurredAt: at(10), cardTail: "8877" }),
    reviewed("s-3", { personKey: THIRD_PERSON, occurredAt: at(20), swipe: { careRegion: "341881" } }),
  ]),
);
afterEach(async () => {
  const problems = opened?.problems ?? [];
  await opened?.context.close();
  opened = null;
  await emptyTables(world.desk.tables, ["queue_operations", "queue_views"]);
  await world.empty();
  expect(problems).toEqual([]);
});
afterAll(async () => {
  await browser.close();
  await world.close();
});

async function open(
  query = "",
  { viewport = WIDE, roles = ["analyst"] as readonly Role[] } = {},
): Promise<Page> {
  opened = await openConsolePage(browser, { url: world.url, key: world.keyOf("lin"), viewport, roles });
  const { page } = opened;
  // Rules are wired by the process; their names are its own test's.
  await page.route("**/v1/console/rules", (route) =>
    route.fulfill({ json: { rules: [{ id: "R01", title: { zh: "已挂失卡使用", en: "Lost card used" } }] } }),
  );
  await page.goto(`${world.url}/queue${query}`);
  await page.locator("h1").waitFor();
  await page.locator(".ant-skeleton").waitFor({ state: "detached" });
  return page;
}

const shown = (page: Page) =>
  page
    .locator("[data-case]")
    .evaluateAll((rows) =>
      rows.map((row) => (row as unknown as { dataset: { case?: string } }).dataset.case),
    );
const active = (page: Page) => page.evaluate("document.activeElement.dataset.case");
const assigneeOf = async (caseId: string | undefined) =>
  (await world.get("lin", `/v1/cases/${caseId}`)).body.assignee;

it.each([
  ["desk", WIDE],
  ["telephone", PHONE],
])("shows what is to be known of each case, as text, on a %s", async (_, viewport) => {
  const page = await open("", { viewport });
  await page.getByText(STRANGE).first().waitFor();
  expect(await shown(page)).toEqual([FIRST, SECOND, THIRD]);
  // Names of rules and regions come with answers of their own.
  await page
    .locator("[data-case]")
    .first()
    .filter({
      hasText:
        /紧急[\s\S]*拒绝[\s\S]*1234[\s\S]*R01[\s\S]*已挂失卡使用[\s\S]*杭州市[\s\S]*¥400\.00[\s\S]*待处理/,
    })
    .waitFor();
  expect(await page.title()).toContain("预警队列");
  expect(await widthFindings(page)).toEqual([]);
  expect(await axeFindings(page)).toEqual([]);
  if (process.env.KADUN_SCREENSHOTS)
    await page.screenshot({
      path: `${process.env.KADUN_SCREENSHOTS}/queue-${viewport.width}.png`,
      fullPage: true,
    });
});

it("filters and groups stand in the address, and an address opens what it says", async () => {
  const page = await open("?severity=critical,high&group=institution&sort=latest");
  expect(await shown(page)).toEqual([SECOND, FIRST]);
  await page.locator("h2").getByText(STRANGE).waitFor();
  await page.getByText("2 件 · 800.00 元").waitFor();
  await page.getByRole("button", { name: "清除条件" }).click();
  await page.locator(`[data-case="${THIRD}"]`).waitFor();
  expect(new URL(page.url()).search).toBe("?group=institution");
  await page.getByRole("link", { name: /^紧急/ }).click();
  await page.locator(`[data-case="${THIRD}"]`).waitFor({ state: "detached" });
  expect(new URL(page.url()).search).toBe("?severity=critical");
});

it("on a telephone the cases come first: filters are behind a button that says how many hold", async () => {
  const page = await open("?severity=critical,high&disputed=1&sort=latest", { viewport: PHONE });
  const button = page.getByRole("button", { name: "筛选（2）" });
  const severity = page.getByRole("combobox", { name: "等级" });
  expect([await button.getAttribute("aria-expanded"), await severity.isVisible()]).toEqual(["false", false]);
  await button.click();
  await severity.waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await page.getByRole("search").getByRole("button", { name: "清除条件" }).click();
  await page.locator(`[data-case="${THIRD}"]`).waitFor();
  await page.getByRole("button", { name: /筛选$/ }).click();
  await severity.waitFor({ state: "hidden" });
});

it("keys go from case to case, take one, undo it, and open another; typing is left alone", async () => {
  const page = await open();
  await page.keyboard.press("j");
  expect(await active(page)).toBe(FIRST);
  await page.keyboard.press("j");
  expect(await active(page)).toBe(SECOND);
  await page.keyboard.press("k");
  await page.keyboard.press("a");
  await page.getByText(/分派 1 件，10 秒后执行/).waitFor();
  await page.keyboard.press("u");
  await page.getByText("分派 1 件：已撤销").waitFor();
  world.clock.advance(OPERATION_WAITS_MS);
  expect(await assigneeOf(FIRST)).toBeNull();
  await page.keyboard.press("/");
  await page.keyboard.type("8877ajt");
  expect(await page.getByRole("searchbox", { name: /案件编码/ }).inputValue()).toBe("8877ajt");
  await page.keyboard.press("Enter");
  await page
    .getByRole("alert")
    .getByText(/K7M2-Q9XW/)
    .waitFor();
  await page.locator(`[data-case="${SECOND}"]`).focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(`**/cases/${SECOND}`);
  // The page of a case asks for what this world does not have.
  opened!.problems.length = 0;
});

it("does the same to many: what is refused is named, the others are done", async () => {
  const page = await open();
  for (const box of await page.locator("[data-case]").getByRole("checkbox").all()) await box.check();
  await page.getByText("已选 3 件").waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await world.post("wang", `/v1/cases/${SECOND}/assignment`, { version: 0 });
  await page.getByRole("button", { name: "纳入初筛" }).click();
  await page.getByText(/纳入初筛 3 件，10 秒后执行/).waitFor();
  world.clock.advance(OPERATION_WAITS_MS);
  await page.getByText("纳入初筛：完成 2 件，1 件未执行").waitFor();
  await page.getByText("打开后已被他人更新").waitFor();
  expect([await assigneeOf(FIRST), await assigneeOf(SECOND)]).toEqual(["lin", "wang"]);
  await page.locator(`[data-case="${FIRST}"]`).getByText("初筛").waitFor();
});

it("a view is saved under a name, counted, and found again", async () => {
  const page = await open("?severity=high");
  await page.getByRole("button", { name: "保存视图" }).click();
  await page.getByLabel("视图名称").fill(STRANGE_NAME);
  await page.getByRole("dialog").getByRole("button", { name: "确定" }).click();
  const view = page
    .getByRole("navigation", { name: "视图" })
    .getByRole("link", { name: `${STRANGE_NAME} 1` });
  await view.waitFor();
  expect(await view.getAttribute("href")).toBe("/queue?severity=high");
});

it("where nothing fits it says so, and who only reads is offered nothing to do", async () => {
  const page = await open("?moneyMin=99999999", { roles: ["auditor"] });
  await page.getByText("没有符合条件的案件").waitFor();
  await page.getByRole("button", { name: "清除条件" }).first().click();
  await page.locator("[data-case]").first().waitFor();
  expect(await page.getByRole("checkbox").count()).toBe(0);
});
