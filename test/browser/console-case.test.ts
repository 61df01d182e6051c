/** The page of a case and the handling of an appeal in Chromium: main paths, conflicts, drafts, hostile texts, telephone. */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { sql } from "kysely";
import type { Browser, Page } from "playwright-core";
import { contactContext, contactKey, encodeContact } from "../../schemas/contact.js";
import type { NeighbourGraph } from "../../schemas/http/figures.js";
import { CASE, decisionIdOf, threeSwipes, view } from "../alerts/appeals/appeals-world.js";
import { at, PERSON, reason } from "../alerts/outcome-records.js";
import { SmsDesk } from "../alerts/sms/sms-desk.js";
import { ConsoleWorld } from "../console/server/console-world.js";
import { swipeEntry } from "../console/server/few-swipes.js";
import { axeFindings, goFrom, openBrowser } from "./support/browser.js";
import { openConsolePage, PHONE, type SignedIn, type Watched } from "./support/console.js";

const folder = process.env.KADUN_SCREENSHOTS ?? "";
/** Whatever of it is read as markup, a template or a direction shows. */
const HOSTILE = `<img src=x onerror="document.title='owned'">{{7*7}}\u202E<script>document.title='owned'</script>`;
const LONG = "长".repeat(10_000);
const [A, B] = [decisionIdOf(1), decisionIdOf(2)];

let world: ConsoleWorld;
let browser: Browser;
let opened: Watched[] = [];

beforeAll(async () => {
  if (folder !== "") mkdirSync(folder, { recursive: true });
  [world, browser] = await Promise.all([ConsoleWorld.open(), openBrowser()]);
}, 60_000);
afterAll(async () => {
  await browser.close();
  await world.close();
});
beforeEach(async () => {
  await sql`truncate appeals, appeal_events, appeal_secrets, appeal_documents, appeal_papers, appeal_escalations,
    appeal_reversals, journal_outbox, case_drafts, case_unmaskings restart identity`.execute(
    world.desk.tables,
  );
  await world.empty();
  await world.desk.consume(threeSwipes());
  world.figures.entries = journal();
  world.figures.graph = GRAPH;
});
afterEach(async () => {
  // The browser tells of refusals by itself; the pages have to say them.
  const problems = opened.flatMap((one) => one.problems).filter((text) => !/status of (404|409) /.test(text));
  for (const { context } of opened) await context.close();
  opened = [];
  expect(problems).toEqual([]);
});

const travel = {
  distanceKm: 1126.2,
  distanceKmMin: 100,
  gapMinutes: 60,
  gapMinutesMin: 10,
  speedKmh: 1126,
  speedKmhMax: 300,
  bothPhysical: true,
};

function journal() {
  return [
    swipeEntry({ personKey: PERSON, at: at(-60), eventId: "near", institutionName: HOSTILE }),
    swipeEntry(
      {
        personKey: PERSON,
        at: at(0),
        eventId: "far",
        careRegion: "110105",
        institutionName: LONG,
        totalFen: 125_000,
      },
      [
        reason("R12", {
          action: "challenge",
          facts: travel,
          evidence: ["near"],
          text: { "zh-CN": HOSTILE, en: HOSTILE },
        }),
      ],
    ),
  ];
}

const GRAPH: NeighbourGraph = {
  nodes: [
    { kind: "person", key: PERSON, name: "", hop: 0, swipes: 2, stopped: 1 },
    { kind: "institution", key: "P-1", name: HOSTILE, hop: 1, swipes: 2, stopped: 1 },
  ],
  edges: [{ from: `person:${PERSON}`, to: "institution:P-1", swipes: 2, stopped: 1 }],
  isCut: true,
};

async function open(path: string, signedIn: Partial<SignedIn> = {}): Promise<Page> {
  const watched = await openConsolePage(browser, { url: world.url, key: world.keyOf("lin"), ...signedIn });
  opened.push(watched);
  watched.page.setDefaultTimeout(20_000);
  await watched.page.goto(world.url + path);
  return watched.page;
}

async function look(page: Page, name: string): Promise<void> {
  const { width } = page.viewportSize()!;
  await page.locator(".ant-skeleton").first().waitFor({ state: "detached" });
  if (folder !== "")
    await page.screenshot({ path: join(folder, `console-${name}-${width}.png`), fullPage: true });
  const scroll = await page.evaluate("document.documentElement.scrollWidth");
  expect({ name, width, scroll, axe: await axeFindings(page) }).toEqual({
    name,
    width,
    scroll: width,
    axe: [],
  });
}

describe("a case", () => {
  it.each([{}, { viewport: PHONE }])(
    "tells what happened and why, whatever people typed: %j",
    async (given) => {
      await world.post("wang", `/v1/cases/${CASE}/notes`, { version: 0, text: HOSTILE });
      const page = await open(`/cases/${CASE}`, given);
      await page.getByText("≥ 时速300公里").waitFor();
      await page.getByText(/两次相隔至少3小时46分钟/).waitFor();
      expect(await page.getByText(HOSTILE, { exact: true }).count()).toBeGreaterThan(1);
      expect(await page.getByText("长".repeat(60)).count()).toBe(1);
      expect(await page.title()).not.toBe("owned");
      expect(await page.locator("main img[src=x], main script").count()).toBe(0);
      await look(page, "case");
    },
  );

  it.each([{}, { viewport: PHONE }])("shows where and with whom: %j", async (given) => {
    const page = await open(`/cases/${CASE}?tab=travel`, given);
    await page.getByRole("img", { name: /2 次刷卡，1 段行程/ }).waitFor();
    expect(await page.locator("tbody tr", { hasText: "R12" }).textContent()).toContain("北京市");
    await look(page, "case-travel");
    await page.getByRole("tab", { name: "关联" }).click();
    await page.getByText("关联较多").waitFor();
    expect(new URL(page.url()).searchParams.get("tab")).toBe("graph");
    expect(await page.locator("table").getByText(HOSTILE.slice(0, 60)).count()).toBe(1);
    await look(page, "case-graph");
  });

  it("is worked on; who was second sees what changed, keeps the text and sends it again", async () => {
    const page = await open(`/cases/${CASE}`);
    const claim = page.getByRole("button", { name: "领取" });
    await claim.click();
    await claim.waitFor({ state: "detached" });
    await page.getByLabel("笔记").fill("持卡人称不在当地");
    await world.post("wang", `/v1/cases/${CASE}/notes`, { version: 1, text: "先到一步" });
    await page.getByRole("button", { name: "添加笔记" }).click();
    const notice = page.getByRole("alert").filter({ hasText: "您的内容没有提交" });
    await notice.getByText("wang").waitFor();
    expect(await page.getByLabel("笔记").inputValue()).toBe("持卡人称不在当地");
    await look(page, "case-conflict");
    await notice.getByRole("button", { name: "载入最新并再次提交" }).click();
    await page.getByRole("article").filter({ hasText: "持卡人称不在当地" }).waitFor();
    await page.getByRole("article").filter({ hasText: "先到一步" }).waitFor();
    const { notes } = (await world.get("lin", `/v1/cases/${CASE}`)).body;
    expect(notes.map(({ author }: { author: string }) => author)).toEqual(["wang", "lin"]);
  });

  it.each([{}, { viewport: PHONE }])(
    "says whom no SMS reaches, until somebody has phoned: %j",
    async (given) => {
      await new SmsDesk(world.desk).unreached();
      const page = await open(`/cases/${CASE}?tab=work`, given);
      const call = page.locator(".ant-card", { hasText: "短信没有送达" }).last();
      await call.getByLabel("通话备注").fill(HOSTILE);
      await page.getByText("草稿已保存").waitFor();
      await look(page, "case-call");
      await world.post("wang", `/v1/cases/${CASE}/notes`, { version: 0, text: "先到一步" });
      await call.getByRole("button", { name: "未联系上" }).click();
      const notice = page.getByRole("alert").filter({ hasText: "您的内容没有提交" });
      expect(await call.getByLabel("通话备注").inputValue()).toBe(HOSTILE);
      await notice.getByRole("button", { name: "载入最新并再次提交" }).click();
      await call.waitFor({ state: "detached" });
      await page.goto(`${world.url}/cases/${CASE}`);
      const entry = page.getByRole("listitem").filter({ hasText: "lin 电话联系 · 未联系上" });
      await entry.getByText(`备注：${HOSTILE}`, { exact: true }).waitFor();
      expect(await page.title()).not.toBe("owned");
      const { history } = (await world.get("lin", `/v1/cases/${CASE}`)).body;
      expect(history.at(-1)).toMatchObject({ action: "phoned", detail: { outcome: "not-reached" } });
    },
  );

  it("shows the call that another has made, and refuses a second one in words", async () => {
    await new SmsDesk(world.desk).unreached();
    const page = await open(`/cases/${CASE}`);
    await page.getByRole("button", { name: "已联系上" }).waitFor();
    await world.post("wang", `/v1/cases/${CASE}/call`, { version: 0, outcome: "reached" });
    await page.getByRole("button", { name: "已联系上" }).click();
    const notice = page.getByRole("alert").filter({ hasText: "您的内容没有提交" });
    await notice.getByText("电话联系").waitFor();
    await notice.getByRole("button", { name: "载入最新并再次提交" }).click();
    await page.getByText("没有待办的电话联系").waitFor();
  });

  it("keeps what was typed when the page is loaded again", async () => {
    const page = await open(`/cases/${CASE}`);
    await page.getByLabel("笔记").fill("写到一半");
    await page.getByText("草稿已保存").waitFor();
    await goFrom(page, "reload");
    await page.getByText("写到一半").waitFor();
    expect(await page.getByLabel("笔记").inputValue()).toBe("写到一半");
  });

  it("goes on by a proposal that another person agrees to", async () => {
    await world.post("lin", `/v1/cases/${CASE}/assignment`, { version: 0 });
    await world.post("lin", `/v1/cases/${CASE}/transitions`, { version: 1, to: "investigating" });
    const page = await open(`/cases/${CASE}`);
    await page.getByRole("radio", { name: /确认异常/ }).click();
    const propose = page.getByRole("button", { name: "提出建议" });
    expect(await propose.isDisabled()).toBe(true);
    await page.getByLabel("理由（须填写理由）").fill("刷卡时持卡人在外地");
    await propose.click();
    await page.getByText("由另一人决定；您可以收回。").waitFor();
    const other = await open(`/cases/${CASE}`, { key: world.keyOf("wang"), name: "wang" });
    await other.getByText("刷卡时持卡人在外地").first().waitFor();
    await other.getByRole("button", { name: "同意", exact: true }).click();
    await other.getByRole("heading", { name: /确认异常/ }).waitFor();
  });

  it("shows who the person is after a reason, and hides it", async () => {
    const contact = { name: "王芳", phone: "13812345678", idNumberLast4: "123X" };
    const sealed = world.box.seal(encodeContact(contact), contactContext(PERSON));
    await world.contacts.put(contactKey(PERSON), sealed);
    const page = await open(`/cases/${CASE}`);
    await page.getByRole("button", { name: "查看脱敏前信息" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("理由").fill("回访参保人核实刷卡");
    await dialog.getByRole("button", { name: "查看脱敏前信息" }).click();
    await page.getByText("王芳").waitFor();
    expect(await page.content()).not.toContain("13812345678");
    await page.getByText("回访参保人核实刷卡").waitFor();
    await page.getByRole("button", { name: "立即隐藏" }).click();
    expect(await page.getByText("王芳").count()).toBe(0);
    await world.contacts.delete(contactKey(PERSON));
  });

  it("is read only for whom the roles allow no more, and says what is missing", async () => {
    world.figures.isAway = true;
    await new SmsDesk(world.desk).unreached();
    const page = await open(`/cases/${CASE}`, { roles: ["auditor"] });
    await page.getByText("您的角色只能查看，不能办理。").waitFor();
    await page.getByText("短信没有送达，请电话联系本人。").waitFor();
    await page.getByText("分析数据库暂时没有应答").waitFor();
    expect(await page.getByRole("button", { name: /领取|添加笔记|查看脱敏前信息|联系上/ }).count()).toBe(0);
    world.figures.isAway = false;
  });

  it("that is not there is said to be so", async () => {
    const page = await open("/cases/none-1");
    await page.getByText("没有这一页").waitFor();
  });
});

describe("an appeal", () => {
  async function submitted(): Promise<string> {
    const { holder } = world.appeals;
    const { appealId } = view(await holder.open(PERSON, CASE));
    await holder.addDocument(PERSON, appealId, {
      kind: "police-receipt",
      name: `${HOSTILE}.png`.slice(0, 64),
      mediaType: "image/png",
      content: Buffer.from(PICTURE, "base64"),
    });
    await holder.save(PERSON, appealId, {
      statement: HOSTILE,
      swipes: [A, B],
      bankAccount: "6222021234567890",
    });
    return view(await holder.submit(PERSON, appealId, "s")).appealId;
  }
  const PICTURE =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

  it.each([{}, { viewport: PHONE }])(
    "is read with its documents, whatever the holder wrote: %j",
    async (given) => {
      const appealId = await submitted();
      const page = await open("/appeals", given);
      await page.getByText("SS2026000001").waitFor();
      await look(page, "appeals");
      await page.getByRole("link", { name: "SS2026000001" }).click();
      await page.getByText(HOSTILE, { exact: true }).waitFor();
      expect(await page.title()).not.toBe("owned");
      await look(page, "appeal");
      await page.getByRole("button", { name: "打开" }).click();
      await page.getByRole("dialog").locator("img").waitFor();
      const lines = await world.desk.tables
        .selectFrom("audit_log" as never)
        .select("line" as never)
        .execute();
      expect(lines.filter((line) => JSON.stringify(line).includes("appeal.document-opened"))).toHaveLength(1);
      expect(JSON.stringify(lines)).toContain(appealId);
    },
  );

  it("goes from acceptance by two reviews to a decision that another person confirms", async () => {
    const appealId = await submitted();
    const page = await open(`/appeals/${appealId}`);
    const other = await open(`/appeals/${appealId}`, { key: world.keyOf("wang"), name: "wang" });
    await other.getByRole("button", { name: "受理" }).waitFor();
    await page.getByRole("button", { name: "受理" }).click();
    await page.getByLabel("审核意见").fill("材料齐全");
    await page.getByRole("button", { name: "提交初审意见" }).click();
    await page.getByRole("button", { name: "提交复审意见" }).waitFor();
    // Still on the version of the beginning.
    await other.getByRole("button", { name: "受理" }).click();
    await other.getByText("申诉刚被改动").waitFor();
    await other.getByRole("button", { name: "载入最新" }).click();
    await other.getByLabel("审核意见").fill("同意");
    await other.getByRole("button", { name: "提交复审意见" }).click();
    await other.getByLabel("调查情况").fill("监控显示另有其人");
    await other.getByRole("button", { name: "记录调查情况" }).click();
    await other.getByRole("listitem").filter({ hasText: "监控显示另有其人" }).waitFor();
    const groups = other.locator("fieldset");
    await groups.nth(0).getByRole("radio", { name: "支持", exact: true }).click();
    await groups.nth(1).getByRole("radio", { name: "不予支持" }).click();
    await groups.nth(1).getByRole("checkbox").click();
    await other.getByLabel(/决定理由/).fill("经查明");
    await other.getByRole("button", { name: "作出决定" }).click();
    await other.getByText("待另一人确认的决定").waitFor();
    expect(await other.getByRole("button", { name: "确认决定" }).count()).toBe(0);
    await goFrom(page, "reload");
    await look(page, "appeal-proposal");
    await page.getByRole("button", { name: "确认决定" }).click();
    await page.getByText("部分支持").waitFor();
    expect((await world.get("lin", "/v1/reversals")).body.reversals).toMatchObject([{ decisionId: A }]);
  });
});
