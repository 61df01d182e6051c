/** Search, persons, institutions, terminals, findings, audit and system pages: main paths, states, strange texts, axe. */

import { afterAll, afterEach, beforeAll, expect, it } from "@jest/globals";
import { sql } from "kysely";
import type { Browser, Page } from "playwright-core";
import { CASE_STATES } from "../../schemas/case-transitions.js";
import type { Role } from "../../schemas/console/access.js";
import { readQueueFilter } from "../../schemas/console/queue-filter.js";
import { hashOf } from "../../services/alerts/patrol/finding.js";
import { FindingsStore } from "../../services/alerts/patrol/findings-store.js";
import { patrolOf } from "../../services/alerts/patrol/registry.js";
import { institutionBytes, institutionKey } from "../../services/ingest/institution-entry.js";
import { lossReport, OTHER_PERSON, PERSON, rejected } from "../alerts/outcome-records.js";
import { ConsoleWorld } from "../console/server/console-world.js";
import { decisionRow } from "../console/server/memory-rows.js";
import { START_MS } from "../support/records.js";
import { axeFindings, openBrowser, widthFindings } from "./support/browser.js";
import { openConsolePage, PHONE, type Watched, WIDE } from "./support/console.js";

/** What somebody could have typed as a name. */
const STRANGE = '<img src=x onerror="document.title=1">{{1+1}}\u202e药店';
const SHOP = "P33010600001";
const CASE = `${PERSON}-1`;
let world: ConsoleWorld;
let browser: Browser;
let opened: Watched | null = null;
beforeAll(async () => {
  [world, browser] = await Promise.all([ConsoleWorld.open(), openBrowser()]);
  await seeded();
});
afterEach(async () => {
  const problems = opened?.problems ?? [];
  await opened?.context.close();
  opened = null;
  world.figures.isAway = false;
  expect(problems).toEqual([]);
});
afterAll(async () => {
  await browser.close();
  await world.close();
});

async function open(
  path: string,
  { viewport = WIDE, roles = ["analyst"] as readonly Role[] } = {},
): Promise<Page> {
  opened = await openConsolePage(browser, { url: world.url, key: world.keyOf("lin"), viewport, roles });
  const { page } = opened;
  await page.goto(`${world.url}${path}`);
  await settled(page);
  return page;
}

async function settled(page: Page): Promise<void> {
  await page.locator("h1").waitFor();
  await page.locator(".ant-skeleton").first().waitFor({ state: "detached" });
}

async function seeded(): Promise<void> {
  const { decisionId } = rejected("s-1");
  await world.desk.consume([
    rejected("s-1"),
    rejected("s-2", { personKey: OTHER_PERSON, cardTail: "9876", swipe: { insuredRegion: "310101" } }),
    lossReport("l-1"),
    ...Array.from({ length: 25 }, (_, at) =>
      rejected(`many-${at}`, {
        personKey: `${at}`.padStart(32, "b"),
        cardTail: "4321",
        swipe: { institutionId: "P33010600002" },
      }),
    ),
  ]);
  await sql`insert into case_codes (case_id, code) values (${CASE}, 'K7M2-Q9XW')
    on conflict (case_id) do update set code = excluded.code`.execute(world.desk.tables);
  await world.institutions.put(
    institutionKey(SHOP),
    institutionBytes({ institutionId: SHOP, name: STRANGE, kind: "pharmacy", region: "330106" }),
  );
  const rest = {
    institutionName: STRANGE,
    rules: ["R01"],
    effectiveAction: "reject" as const,
    action: "reject" as const,
  };
  world.figures.rows = [
    decisionRow("s-1", { decisionId, personKey: PERSON, ...rest }),
    decisionRow("s-2", { personKey: OTHER_PERSON, cardTail: "9876", insuredRegion: "310101" }),
  ];
  await world.post("lin", `/v1/cases/${CASE}/assignment`, { version: 0 });
  await world.post("lin", `/v1/cases/${CASE}/notes`, { version: 1, text: STRANGE });
  await found();
}

async function found(): Promise<void> {
  const text = "SELECT 1 -- <b>";
  await new FindingsStore(world.desk.database).store({
    query: { patrol: patrolOf("R11"), sql: text, sha256: hashOf(text), placeholders: [] },
    severity: "high",
    parameters: { settings: { windowMinutes: 10, cardsMin: 5 }, query: { fromMs: 1 } },
    findings: [
      {
        findingId: "R11-f",
        patrol: "R11",
        subjectKind: "terminal",
        subject: `${SHOP}/T1`,
        formerSubjects: [],
        window: "2026-03-01",
        institutionId: SHOP,
        facts: { cards: 7, cardsOfDay: 9 },
        evidence: [{ atMs: START_MS, eventId: "s-1", personKey: PERSON, cardKey: "c", institutionId: SHOP }],
        evidenceCount: 1,
        evidenceSha256: hashOf("f"),
        region: "330106",
      },
    ],
    progress: { standing: { nextOffsets: [1], clockMs: START_MS }, recordsMax: 10 },
    seenAtMs: START_MS,
  });
}

it("from a case code to the person, the institution, its terminal and what a patrol found there", async () => {
  const page = await open("/search?q=k7m2q9xw");
  await page.getByText("按格式可能是：案件编码").waitFor();
  await page.getByRole("link", { name: /^0123456789abcdef…$/ }).click();
  await page.getByRole("tab", { name: /预警/ }).click();
  await page.getByRole("link", { name: SHOP }).click();
  await page.getByRole("heading", { level: 1, name: STRANGE }).waitFor();
  expect(await page.title()).not.toBe("1");
  await page.getByRole("tab", { name: "终端与操作员" }).click();
  await page.getByRole("link", { name: "T1" }).click();
  await page.getByRole("heading", { name: "终端 T1" }).waitFor();
  await page.getByRole("link", { name: /7张卡/ }).click();
  await page.getByText("查询语句", { exact: true }).click();
  await page.getByText("SELECT 1 -- <b>").waitFor();
  await page.getByRole("link", { name: "s-1" }).click();
  await page.getByText("刷卡事件 (1)").waitFor();
});

it("shows the latest cases of a common card tail, and all of them in the queue", async () => {
  const page = await open("/search?q=4321");
  await page.getByText("案件 (10)").waitFor();
  const all = page.getByRole("link", { name: "在案件队列中查看全部" });
  const { searchParams } = new URL((await all.getAttribute("href"))!, world.url);
  expect(readQueueFilter(Object.fromEntries(searchParams))).toMatchObject({
    kind: "filter",
    filter: { text: { kind: "card-tail", cardTail: "4321" }, states: CASE_STATES },
  });
});

it("says what is not there, what cannot be had now, and what is no page", async () => {
  let page = await open("/search?q=0000");
  await page.getByText("没有找到“0000”").waitFor();
  world.figures.isAway = true;
  await page.goto(`${world.url}/institutions/${SHOP}?tab=swipes`);
  await page.getByText("刷卡明细暂时无法查询").waitFor();
  world.figures.isAway = false;
  opened!.problems.length = 0;
  await page.goto(`${world.url}/persons/${"f".repeat(32)}`);
  await page.getByText("没有这一页").waitFor();
  // The browser tells of each 404 by itself.
  opened!.problems.length = 0;
  await opened!.context.close();
  page = await open("/search?q=x");
  await page.goto(`${world.url}/audit`);
  await page.getByText("您没有查看此页的权限").waitFor();
});

it("an auditor looks entries up, verifies the chain and takes it along", async () => {
  const page = await open("/audit?action=case.", { roles: ["auditor"] });
  await page.getByText("case.noted", { exact: true }).waitFor();
  await page.getByLabel("操作人").fill("nobody");
  await page.getByRole("button", { name: "查询" }).click();
  await page.getByText("没有符合条件的记录").waitFor();
  expect(page.url()).toContain("actor=nobody");
  await page.getByRole("tab", { name: "完整性校验" }).click();
  await page.getByRole("button", { name: "开始校验" }).click();
  await page.getByText(/完整：\d+ 条记录全部未被改动/).waitFor();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "导出全部记录" }).click(),
  ]);
  expect(download.suggestedFilename()).toBe("kadun-audit.ndjson");
});

it("an administrator sees that the swipe process is away, and may not see persons", async () => {
  const page = await open("/system", { roles: ["administrator"] });
  await page.getByText("没有应答").waitFor();
  await page.getByText("预警与案件").first().waitFor();
  opened!.problems.length = 0;
  await page.getByRole("tab", { name: "死信" }).click();
  await page.getByText("暂时看不到死信").waitFor();
  opened!.problems.length = 0;
  await page.goto(`${world.url}/findings`);
  await page.getByText("您没有查看此页的权限").waitFor();
});

/** With what stands there when they are whole. */
const PAGES = [
  ["/search?q=s-1", "刷卡事件 (1)"],
  [`/persons/${PERSON}?tab=timeline`, "swipe"],
  [`/persons/${PERSON}?tab=cards`, "没有网上挂失申请"],
  [`/institutions/${SHOP}`, "按日统计"],
  [`/institutions/${SHOP}/terminals/T1`, "涉及参保人"],
  ["/findings", /7张卡/],
  ["/findings/R11-f", "涉及卡数"],
  ["/audit", "case.noted"],
  ["/audit?tab=chain", "导出全部记录"],
  ["/system", "没有应答"],
] as const;

// At a desk: console-demo.test.ts, over a demo's data.
it.each([PHONE])("no page has faults that axe finds, and each fits a screen of $width", async (viewport) => {
  const page = await open("/search", { viewport, roles: ["analyst", "auditor"] });
  for (const [path, shows] of PAGES) {
    // Within the program of the pages, as its links do it.
    await page.evaluate(
      `history.pushState(null, "", ${JSON.stringify(path)}); dispatchEvent(new PopStateEvent("popstate"))`,
    );
    await page.getByText(shows).first().waitFor();
    await settled(page);
    expect({ path, found: await axeFindings(page) }).toEqual({ path, found: [] });
    expect({ path, found: await widthFindings(page) }).toEqual({ path, found: [] });
  }
});
