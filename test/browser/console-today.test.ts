/**
 * Today and analytics in a Chromium: figures that follow by themselves, what each leads to, files, states, other people's words.
 * KADUN_SCREENSHOTS=DIR keeps a picture of each, for somebody to look at.
 */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import { packageRoot } from "../../cli/package-root.js";
import { systemClock } from "../../platform/clock/system-clock.js";
import { permissionsOf } from "../../schemas/console/access.js";
import type { DecisionRow } from "../../schemas/http/figures.js";
import { formatInstant } from "../../schemas/instant.js";
import { dayOf, startOfDayMs } from "../../schemas/working-calendar.js";
import { FiguresAway } from "../../services/console/server/figures-desk.js";
import { consolePageHeaders } from "../../services/console/server/page-headers.js";
import { openWebFiles } from "../../services/console/server/web-files.js";
import { callerOf } from "../console/server/asked.js";
import { row } from "../console/server/memory-figures.js";
import { OverviewWorld } from "../console/server/overview-world.js";
import { axeFindings, openBrowser, widthFindings } from "./support/browser.js";
import { openConsolePage, PHONE, type Watched, WIDE } from "./support/console.js";

const HOSTILE = `<img src=x onerror="document.title='run'">{{7*7}}\u202e药店`;
const folder = process.env.KADUN_SCREENSHOTS ?? "";
const KEY = "kdp_of-a-test";
const TWO_HOURS_MS = 2 * 3_600_000;
const ROLES = ["reviewer", "auditor"] as const;
let browser: Browser;
let world: OverviewWorld;
const open: Watched[] = [];

beforeAll(async () => {
  if (folder !== "") mkdirSync(folder, { recursive: true });
  const pages = openWebFiles({ folder: join(packageRoot, "dist", "web"), headersOf: consolePageHeaders });
  [browser, world] = await Promise.all([openBrowser(), OverviewWorld.open(systemClock, pages)]);
});
beforeEach(() => {
  world.callers.set(`Bearer ${KEY}`, callerOf("lin", [""], [...permissionsOf(ROLES)]));
  world.figures.failure = null;
  world.figures.rows = rowsOfToday();
  world.needs = NEEDS();
  world.feeds = [{ feedId: "33", lastAt: formatInstant(Date.now() - 30_000) }];
  world.delivery = {
    sms: {
      from: formatInstant(Date.now()),
      counted: 214,
      isMore: false,
      delivered: 180,
      sent: 21,
      failed: 6,
      unknown: 1,
      waiting: 4,
      noContact: 2,
      suppressed: 0,
      calls: 3,
    },
    journal: { pending: 0, refused: 2 },
    rules: { version: 7, open: null, alarms: [] },
  };
});
afterEach(async () => {
  for (const { context, problems } of open.splice(0)) {
    await context.close();
    expect(problems).toEqual([]);
  }
});
afterAll(async () => {
  await browser.close();
  await world.close();
});

async function visit(path: string, viewport = WIDE): Promise<Page> {
  const watched = await openConsolePage(browser, { url: world.url, key: KEY, roles: ROLES, viewport });
  open.push(watched);
  watched.page.setDefaultTimeout(12_000);
  await watched.page.goto(`${world.url}${path}`);
  return watched.page;
}

async function picture(page: Page, name: string): Promise<void> {
  if (folder === "") return;
  await page.screenshot({ path: join(folder, `${name}-${page.viewportSize()!.width}.png`), fullPage: true });
}

/** Some hundred swipes of today, of the last two hours at most, in six cities, so that charts have something to show. */
function rowsOfToday(): DecisionRow[] {
  const now = Date.now();
  const spanMs = Math.min(TWO_HOURS_MS, now - startOfDayMs(dayOf(now)));
  const cities = ["330100", "330200", "340100", "110100", "510100", "440100"];
  const actions = [
    "approve",
    "approve",
    "approve",
    "approve",
    "review",
    "approve",
    "challenge",
    "reject",
  ] as const;
  return Array.from({ length: 160 }, (_, n) => {
    const careRegion = cities[(n % 7) % cities.length]!;
    const action = actions[n % actions.length]!;
    return row(`s-${n}`, {
      at: formatInstant(now - Math.floor((((n * 7919) % 110) / 110) * spanMs)),
      action,
      effectiveAction: n % 40 === 0 ? "approve" : action,
      careRegion,
      institutionId: `P${careRegion}0000${n % 5}`,
      institutionName: n % 5 === 0 ? HOSTILE : `第${(n % 5) + 1}定点药店`,
      rules: action === "approve" ? [] : [`R${String((n % 9) + 1).padStart(2, "0")}`],
      totalFen: 1_000 + n * 37,
      atRiskFen: 1_000 + n * 37,
    });
  });
}

function NEEDS() {
  const hour = 3_600_000;
  const item = (id: string, dueInHours: number | null, fields = {}) => ({
    id,
    caseId: "0123456789abcdef0123456789abcdef-1",
    what: null,
    by: null,
    severity: "critical" as const,
    region: "330100",
    since: formatInstant(Date.now() - 30 * hour),
    dueAt: dueInHours === null ? null : formatInstant(Date.now() + dueInHours * hour),
    ...fields,
  });
  return [
    {
      kind: "deadline-missed" as const,
      count: 1,
      items: [item("a1", -5, { what: "SS2026000042 · 受理", severity: null })],
    },
    {
      kind: "case-overdue" as const,
      count: 2,
      items: [item("c1", -27), item("c2", -3, { severity: "high" })],
    },
    { kind: "phone-call" as const, count: 1, items: [item("p1", null)] },
    {
      kind: "proposal" as const,
      count: 100,
      items: Array.from({ length: 20 }, (_, n) => item(`w${n}`, 20 + n, { what: "confirmed", by: HOSTILE })),
    },
  ];
}

describe("today", () => {
  it.each([WIDE, PHONE])("shows first what needs me, then the figures, at $width px", async (viewport) => {
    const page = await visit("/today", viewport);
    await page.getByText("我的超期案件").waitFor();
    await page.getByRole("img", { name: "各统筹区（就医地）" }).waitFor();
    const text = (await page.textContent("main"))!;
    expect(text.indexOf("待我处理")).toBeLessThan(text.indexOf("今日判定"));
    for (const words of [
      "申诉已逾期",
      "已超期 1 天 3 小时",
      "99+",
      "2 条办案记录被接入端拒收",
      "已送达 180",
      HOSTILE,
    ])
      expect(text).toContain(words);
    await page.getByText("实时", { exact: true }).waitFor();
    await picture(page, "today");
    expect(await axeFindings(page)).toEqual([]);
    expect(await widthFindings(page)).toEqual([]);
    expect(await page.title()).toBe("今日 · 卡盾");
  });

  it("follows by itself, filters by a city, and leads to the rows", async () => {
    const page = await visit("/today");
    const swipes = page
      .locator(".ant-statistic", { hasText: "刷卡笔数" })
      .locator(".ant-statistic-content-value");
    await page.getByText("实时", { exact: true }).waitFor();
    const before = Number((await swipes.textContent())!.replace(",", ""));
    world.figures.rows = [...world.figures.rows, row("new", { at: formatInstant(Date.now() - 1_000) })];
    await until(async () => Number((await swipes.textContent())!.replace(",", "")) === before + 1);
    await page.getByRole("button", { name: "各统筹区（就医地）：以表格显示" }).click();
    await page.getByRole("button", { name: "合肥市", exact: true }).click();
    await page.getByText("已筛选：合肥市").waitFor();
    expect(page.url()).toContain("city=3401");
    await page.getByRole("link", { name: "拒绝", exact: true }).click();
    await page.waitForURL(/\/analytics\/rows\?action=reject&care=3401/);
    await page.getByRole("row").nth(1).waitFor();
    expect(await page.getByRole("row").nth(1).textContent()).toContain("拒绝");
  });

  it("says what does not answer and since when, and shows the rest", async () => {
    world.figures.failure = new FiguresAway("AWAY", "no answer");
    const page = await visit("/today");
    await page.getByText(/分析数据库自 .* 起没有应答/).waitFor();
    await page.getByText("待我处理").waitFor();
    await page.getByText("已送达 180").waitFor();
    await picture(page, "today-away");
  });

  it("says that nothing was swiped yet", async () => {
    world.figures.rows = [];
    world.needs = [];
    world.delivery.journal.refused = 0;
    const page = await visit("/today", PHONE);
    await page.getByText("当前没有需要您处理的事项").waitFor();
    await until(() => page.getByText("今天还没有刷卡记录").isVisible());
    await picture(page, "today-empty");
  });
});

describe("analytics", () => {
  /** The others are made of the same parts. */
  const LOOKED_AT: readonly string[] = ["trend", "regions", "precision"];
  const VIEWS = ["trend", "regions", "institutions", "money", "precision", "appeals", "rows"] as const;

  it.each([WIDE, PHONE])(
    "has every view, whole, and at a desk open to everybody, at $width px",
    async (viewport) => {
      world.appeals = { ...world.appeals, appeals: 9, states: [{ state: "submitted", appeals: 9 }] };
      const page = await visit("/analytics", viewport);
      for (const view of VIEWS) {
        await page.goto(`${world.url}/analytics/${view}`);
        await page.locator("main .ant-card").first().waitFor();
        await picture(page, `analytics-${view}`);
        if (viewport === WIDE && LOOKED_AT.includes(view))
          expect([view, ...(await axeFindings(page))]).toEqual([view]);
        expect(await widthFindings(page)).toEqual([]);
      }
      expect(await page.title()).toBe("统计分析 · 卡盾");
    },
    180_000,
  );

  it("shows other people's words as words, keeps its filters in the address, and saves figure and picture", async () => {
    const page = await visit("/analytics/institutions?by=swipes");
    await page.getByText(HOSTILE).first().waitFor();
    const saved = page.waitForEvent("download");
    await page.getByRole("link", { name: "导出 CSV" }).click();
    expect((await saved).suggestedFilename()).toBe("kadun-institutions.csv");
    await page.goto(`${world.url}/analytics/trend?care=3401&bucket=hour`);
    const drawn = page.waitForEvent("download");
    await page.getByRole("button", { name: "趋势：导出图片" }).click();
    expect((await drawn).suggestedFilename()).toBe("趋势.png");
    await page.getByText("近 7 天").click();
    await until(async () => /from=\d{4}-\d\d-\d\d/.test(page.url()) && page.url().includes("care=3401"));
  });
});

/** Waited for, not slept for. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 20_000; Date.now() < end; ) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("it does not come about");
}
