/** The analysts' pages in a Chromium, over a console's HTTP: somebody is signed in by key, at the width of a desk or a telephone. */

import type { Browser, BrowserContext, Page } from "playwright-core";
import { type Permission, permissionsOf, type Role, type Scope } from "../../../schemas/console/access.js";
import { formatInstant } from "../../../schemas/instant.js";

export const WIDE = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

export interface SignedIn {
  /** Of the console. */
  readonly url: string;
  /** Of a person. */
  readonly key: string;
  readonly name?: string;
  readonly roles?: readonly Role[];
  readonly scope?: Scope;
  readonly viewport?: { readonly width: number; readonly height: number };
}

/** What the page could not do: errors of its program, refused requests, requests to elsewhere. */
export interface Watched {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly problems: string[];
}

/** The browser says the key with every request; what it may do is told to the page as an account's session would. */
export async function openConsolePage(browser: Browser, signedIn: SignedIn): Promise<Watched> {
  const { url, key, name = "lin", roles = ["analyst", "reviewer"], scope = [""], viewport = WIDE } = signedIn;
  const context = await browser.newContext({
    viewport,
    locale: "zh-CN",
    timezoneId: "Asia/Shanghai",
    extraHTTPHeaders: { authorization: `Bearer ${key}` },
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  const permissions: readonly Permission[] = [...permissionsOf(roles)];
  await page.route("**/v1/console/session", (route) =>
    route.fulfill({
      json: { name, roles, permissions, scope, csrf: "", isDemo: false, now: formatInstant(Date.now()) },
    }),
  );
  const problems: string[] = [];
  page.on("pageerror", ({ message }) => problems.push(`error: ${message}`));
  page.on("console", (said) => {
    if (said.type() === "error") problems.push(`console: ${said.text()}`);
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(url) && !request.url().startsWith("data:"))
      problems.push(`asked elsewhere: ${request.url()}`);
  });
  return { page, context, problems };
}
