/** Signing in, one-time links, accounts: the pages in a browser, over the real gate. */

import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "@jest/globals";
import { sql } from "kysely";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { addAccount, PASSWORD, signedIn } from "../console/access/browser-world.js";
import { ConsoleWorld } from "../console/server/console-world.js";
import { axeFindings, goFrom, openBrowser, PHONE } from "./support/browser.js";

const WIDE = { width: 1440, height: 900 };
let world: ConsoleWorld;
let browser: Browser;
let context: BrowserContext;
let problems: string[];
beforeAll(async () => {
  [world, browser] = await Promise.all([ConsoleWorld.open(), openBrowser()]);
});
beforeEach(async () => {
  await world.empty();
  await sql`truncate console_sessions, console_tries, accounts cascade`.execute(world.desk.tables);
  problems = [];
});
afterEach(async () => {
  await context.close();
  expect(problems).toEqual([]);
});
afterAll(async () => {
  await browser.close();
  await world.close();
});

async function open(path: string, viewport = WIDE): Promise<Page> {
  context = await browser.newContext({ viewport, locale: "zh-CN", reducedMotion: "reduce" });
  const page = await context.newPage();
  page.setDefaultTimeout(12_000);
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("request", (request) => {
    if (!request.url().startsWith(world.url)) problems.push(`asks ${request.url()}`);
  });
  page.on("console", (message) => {
    if (/content security policy/i.test(message.text())) problems.push(message.text());
  });
  await page.goto(`${world.url}${path}`);
  await page.locator("h1").waitFor();
  return page;
}

async function typeNameAndPassword(page: Page, name: string, password: string): Promise<void> {
  await page.getByLabel("账号", { exact: true }).fill(name);
  await page.getByLabel("密码", { exact: true }).fill(password);
  await page.getByRole("button", { name: "登录" }).click();
}

it("a one-time link lets its owner choose a password, and leads into the console; its token leaves the address", async () => {
  const token = await addAccount(world, "mei", { roles: ["administrator"] });
  const page = await open(`/welcome#${token}`, PHONE);
  await page.getByText("mei").waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await page.getByLabel("新密码").fill(PASSWORD);
  await page.getByLabel("再输入一次").fill("another tea at nine");
  await page.getByRole("button", { name: "设置并登录" }).click();
  await page.getByText("两次输入不一致").waitFor();
  await page.getByLabel("再输入一次").fill(PASSWORD);
  page.on("request", (request) => {
    if (request.url().endsWith("/welcome/link")) problems.push("asks for the link that is used up");
  });
  await page.getByRole("button", { name: "设置并登录" }).click();
  await page.waitForURL(/\/today$/);
  await context.close();
  const again = await open(`/welcome#${token}`);
  await again.getByText("链接已使用").waitFor();
});

it("whoever opens a page without a session signs in first, and gets to that page", async () => {
  await signedIn(world, "mei", { roles: ["administrator"] });
  const page = await open("/accounts");
  await page.waitForURL(/\/sign-in\?to=%2Faccounts$/);
  expect(await axeFindings(page)).toEqual([]);
  await typeNameAndPassword(page, "mei", "green tea at eight");
  await page.getByText("账号或密码不正确").waitFor();
  await typeNameAndPassword(page, "mei", PASSWORD);
  await page.waitForURL(/\/accounts$/);
  await page.getByRole("heading", { name: "账号与权限" }).waitFor();
});

it("an address of another site is not followed after signing in", async () => {
  await signedIn(world, "mei");
  const page = await open("/sign-in?to=%2F%2Fevil.example%2Fx");
  await typeNameAndPassword(page, "mei", PASSWORD);
  await page.waitForURL(/\/today$/);
});

it("an administrator makes an account with regions and hands over its link, disables it, and is told of a conflict", async () => {
  await signedIn(world, "mei", { roles: ["administrator"] });
  const page = await open("/sign-in?to=%2Faccounts");
  await typeNameAndPassword(page, "mei", PASSWORD);
  await page.getByRole("button", { name: "新建账号" }).click();
  await page.getByLabel("账号名").fill("lan");
  await page.getByLabel("负责的统筹区").fill("3301");
  await page.getByText("杭州市 3301", { exact: true }).click();
  // The list of several choices stays open and may lie over the button below it, until one clicks elsewhere.
  await page.locator(".ant-modal-title").click();
  await page.getByRole("button", { name: /保\s*存/ }).click();
  const address = await page.getByRole("textbox", { name: "生成一次性链接" }).inputValue();
  expect(address).toMatch(/\/welcome#[\w-]{43}$/);
  expect(await axeFindings(page)).toEqual([]);
  await page
    .getByRole("button", { name: /关\s*闭/ })
    .last()
    .click();
  const lan = page.locator(".ant-card", { hasText: "lan" });
  await lan.getByText("杭州市").waitFor();
  await lan.getByRole("button", { name: /修\s*改/ }).click();
  const change = { version: 1, roles: ["auditor"], scope: ["33"], isDisabled: false, oidcSubject: null };
  await world.ask("local", "PUT", "/v1/console/accounts/lan", change);
  await page.getByRole("button", { name: /保\s*存/ }).click();
  await page.getByText("账号刚被别人修改").waitFor();
});

it("one's own page changes the password and ends another session", async () => {
  const other = await signedIn(world, "mei", { roles: ["auditor"] });
  const page = await open("/sign-in?to=%2Fown-account", PHONE);
  await typeNameAndPassword(page, "mei", PASSWORD);
  await page.getByText("当前会话").waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await page.getByRole("button", { name: /结\s*束/ }).click();
  await page.getByRole("button", { name: /结\s*束/ }).waitFor({ state: "detached" });
  expect((await other.get("/v1/console/session")).body.code).toBe("SESSION_ENDED");
  await page.getByLabel("当前密码").fill(PASSWORD);
  await page.getByLabel("新密码").fill("black tea at nine");
  await page.getByLabel("再输入一次").fill("black tea at nine");
  await page.getByRole("button", { name: "修改密码" }).click();
  await page.getByText("密码已修改").waitFor();
});

it("a page whose session ended goes on when the same person has signed in again in another tab", async () => {
  await signedIn(world, "mei", { roles: ["auditor"] });
  const page = await open("/sign-in?to=%2Fown-account");
  await typeNameAndPassword(page, "mei", PASSWORD);
  await page.getByText("当前会话").waitFor();
  await page.getByLabel("当前密码").fill(PASSWORD);
  await page.getByLabel("新密码").fill("black tea at nine");
  await page.getByLabel("再输入一次").fill("black tea at nine");
  await sql`truncate console_sessions`.execute(world.desk.tables);
  await page.getByRole("button", { name: "修改密码" }).click();
  const notice = page.getByText("登录已失效");
  await notice.waitFor();
  const other = await context.newPage();
  await other.goto(`${world.url}/sign-in`);
  await typeNameAndPassword(other, "mei", PASSWORD);
  await other.waitForURL(/\/today$/);
  await page.evaluate("dispatchEvent(new Event('focus'))");
  await notice.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "修改密码" }).click();
  await page.getByText("密码已修改").waitFor();
});

it("an office that does not answer sends nobody to sign in, and is asked again by itself", async () => {
  await signedIn(world, "mei", { roles: ["auditor"] });
  const page = await open("/sign-in?to=%2Fown-account");
  await typeNameAndPassword(page, "mei", PASSWORD);
  await page.getByText("当前会话").waitFor();
  await page.route("**/v1/**", (route) => route.abort());
  await page.clock.install();
  await goFrom(page, "reload");
  const away = page.getByText("暂时连接不上");
  while (!(await away.isVisible())) await page.clock.runFor(1_000);
  expect(new URL(page.url()).pathname).toBe("/own-account");
  await page.unroute("**/v1/**");
  await page.clock.runFor(5_000);
  await page.getByText("当前会话").waitFor();
});
