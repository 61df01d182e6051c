/**
 * `npm run demo` gives one address; every page behind it works on the demo's data, at the width of a desk and of a telephone.
 * KADUN_SCREENSHOTS=DIR keeps a picture of each (`npm run screenshots:console`), for somebody to look at.
 */

import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { packageRoot } from "../../cli/package-root.js";
import { axeFindings, openBrowser, widthFindings } from "./support/browser.js";
import { PHONE, WIDE } from "./support/console.js";
import { CONSOLE_SCENES, type Places } from "./support/console-scenes.js";
import { DemoConsole } from "./support/demo-console.js";

const OPEN_MS = 300_000;
const SHOWN_MS = 30_000;
const folder = process.env.KADUN_SCREENSHOTS ?? "";
let browser: Browser;
let context: BrowserContext;
let demo: DemoConsole;
let places: Places;

beforeAll(async () => {
  if (folder !== "") mkdirSync(folder, { recursive: true });
  [browser, demo] = await Promise.all([openBrowser(), DemoConsole.open()]);
  context = await browser.newContext({
    locale: "zh-CN",
    timezoneId: "Asia/Shanghai",
    reducedMotion: "reduce",
  });
}, OPEN_MS);
afterAll(async () => {
  await browser.close();
  expect(await demo.close()).toBe(0);
}, OPEN_MS);

it("the address opens a console that says it is a demonstration and needs no account", async () => {
  const page = await context.newPage();
  await page.goto(demo.url);
  await page.getByText("演示环境").waitFor({ timeout: SHOWN_MS });
  expect(new URL(page.url()).pathname).toBe("/today");
  places = await placesOf(page);
  await page.close();
});

describe("a page of the demo", () => {
  it.each(CONSOLE_SCENES)("works, fits and is open to everybody: $name", async ({ name, path, shows }) => {
    const page = await context.newPage();
    const problems = watch(page);
    await page.setViewportSize(WIDE);
    await page.goto(demo.url + path(places));
    for (const viewport of [WIDE, PHONE]) {
      await page.setViewportSize(viewport);
      await page.locator("main").getByText(shows).first().waitFor({ timeout: SHOWN_MS });
      await settled(page);
      if (folder !== "")
        await page.screenshot({
          path: join(folder, `console-${name}-${viewport.width}.png`),
          fullPage: true,
        });
      expect([viewport.width, ...(await axeFindings(page)), ...(await widthFindings(page))]).toEqual([
        viewport.width,
      ]);
    }
    expect(problems).toEqual([]);
    await page.close();
  });
});

it("no page is without a scene", () => {
  const pages = join(packageRoot, "services", "console", "web", "pages");
  const files = readdirSync(pages, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith("page.ts"),
  );
  const paths = files.flatMap((file) =>
    [...readFileSync(join(pages, file), "utf8").matchAll(/\bpath: "([^"]+)"/g)].map(([, path]) => path!),
  );
  // Those of nobody who has signed in are looked at by console-access.test.ts.
  const open = ["/sign-in", "/welcome"];
  const shown = CONSOLE_SCENES.map(({ path }) => path(NAMED_PLACES).split("?", 1)[0]!);
  // "/rules/versions" is not the scene of "/rules/:rule" too: a scene shows the page with the fewest places to fill.
  const places = (path: string) => path.split(":").length;
  const claimed = shown.map((one) =>
    paths
      .filter((path) => patternOf(path).test(one))
      .sort((x, y) => places(x) - places(y))
      .at(0),
  );
  const without = paths.filter((path) => !claimed.includes(path));
  expect(without.filter((path) => !open.includes(path))).toEqual([]);
});

/** Nothing is loading any more. */
async function settled(page: Page): Promise<void> {
  const loading = page.locator("main .ant-skeleton, main .ant-spin-spinning");
  for (let left = await loading.count(); left > 0; left = await loading.count())
    await loading.first().waitFor({ state: "detached", timeout: SHOWN_MS });
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(/:\w+/g, "[^/]+")}$`);
}

const NAMED_PLACES: Places = {
  caseId: "case",
  personKey: "person",
  institutionId: "institution",
  terminalId: "terminal",
  findingId: "finding",
};

function watch(page: Page): string[] {
  const problems: string[] = [];
  page.on("pageerror", ({ message }) => problems.push(`error: ${message}`));
  page.on("console", (said) => {
    // Of a scene whose case, draft or job is none: the browser says so too.
    const isMissing = said.text().includes("404 (Not Found)");
    if (said.type() === "error" && !isMissing) problems.push(`console: ${said.text()}`);
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(demo.url) && !request.url().startsWith("data:"))
      problems.push(`asked elsewhere: ${request.url()}`);
  });
  return problems;
}

interface Listed {
  readonly caseId: string;
  readonly subjectKind: string;
  readonly subject: string;
}

/** What the demo's data has: a case of a person with a swipe, its terminal, a finding. */
async function placesOf(page: Page): Promise<Places> {
  const get = async (path: string) => (await page.request.get(`${demo.url}/v1/${path}`)).json();
  const { cases } = (await get("cases")) as { cases: readonly Listed[] };
  const person = cases.find(({ subjectKind }) => subjectKind === "person")!;
  const { entries } = (await get(`console/persons/${person.subject}/timeline`)) as {
    entries: readonly { readonly institutionId?: string; readonly terminalId?: string }[];
  };
  const swipe = entries.find(({ terminalId }) => terminalId !== undefined && terminalId !== "")!;
  const { findings } = (await get("console/findings")) as { findings: readonly { findingId: string }[] };
  return {
    caseId: person.caseId,
    personKey: person.subject,
    institutionId: swipe.institutionId!,
    terminalId: swipe.terminalId!,
    findingId: findings[0]!.findingId,
  };
}
