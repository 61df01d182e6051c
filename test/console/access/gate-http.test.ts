/** The gate before the console's HTTP: keys, sessions, forged requests, the demonstration's user. */

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { sql } from "kysely";
import { ConsoleWorld } from "../server/console-world.js";
import { addAccount, Browser, PASSWORD, signedIn } from "./browser-world.js";

const SESSION = "/v1/console/session";

let world: ConsoleWorld;
beforeAll(async () => {
  world = await ConsoleWorld.open({ isDemo: true });
});
afterAll(() => world.close());
beforeEach(() => world.empty());
afterEach(async () => {
  await sql`truncate console_sessions, console_tries`.execute(world.desk.tables);
  await sql`delete from accounts where name <> 'demo'`.execute(world.desk.tables);
});

describe("a change by a browser", () => {
  const change = (browser: Browser, headers: Readonly<Record<string, string>>) =>
    browser.ask("DELETE", "/v1/console/sessions/none", undefined, headers);

  test("is let in with the session's word, from a page of the console", async () => {
    const browser = await signedIn(world, "mei");
    expect((await change(browser, {})).body.code).toBe("NOT_FOUND");
  });

  test.each([
    ["without the session's word", { "x-kadun-csrf": "" }],
    ["from another site", { "sec-fetch-site": "cross-site" }],
    ["from a neighbour of the site", { "sec-fetch-site": "same-site" }],
    ["with another site's origin", { origin: "https://evil.example" }],
    ["with an origin that is none", { origin: "null" }],
  ])("is refused %s", async (_, headers) => {
    const browser = await signedIn(world, "mei");
    expect(await change(browser, headers)).toMatchObject({ status: 403, body: { code: "CSRF" } });
    expect((await browser.get(SESSION)).status).toBe(200);
  });

  test("is refused with the word of another session of the same person", async () => {
    const browser = await signedIn(world, "mei");
    const other = new Browser(world);
    await other.signIn("mei", PASSWORD);
    expect((await change(browser, { "x-kadun-csrf": other.csrf })).body.code).toBe("CSRF");
  });

  test.each([
    ["POST /v1/console/session", { name: "mei", password: PASSWORD }],
    ["POST /v1/console/demo-session", undefined],
    ["POST /v1/console/welcome", { token: "x".repeat(43), password: PASSWORD }],
    ["POST /v1/console/welcome/link", { token: "x".repeat(43) }],
  ])(
    "that signs in (%s) is refused from another site: nobody is signed in as somebody else",
    async (address, body) => {
      const [, path = ""] = address.split(" ");
      const browser = new Browser(world);
      const answer = await browser.ask("POST", path, body, { "sec-fetch-site": "cross-site" });
      expect(answer).toMatchObject({ status: 403, body: { code: "CSRF" } });
      expect(browser.setCookie).toBeNull();
    },
  );
});

describe("a key", () => {
  test("is judged alone: the cookie beside it counts neither for nor against it", async () => {
    const browser = await signedIn(world, "mei", { roles: ["administrator"] });
    const wrong = await browser.ask("GET", SESSION, undefined, { authorization: "Bearer kdp_wrong" });
    expect(wrong.body.code).toBe("KEY_INVALID");
    const right = await browser.ask("GET", SESSION, undefined, {
      authorization: `Bearer ${world.keyOf("lin")}`,
    });
    expect(right.body).toMatchObject({ name: "lin", roles: [], scope: [""], csrf: "" });
  });

  test("of a person without an account may everything; with one, what the account may", async () => {
    expect((await world.get("lin", "/v1/cases")).status).toBe(200);
    await addAccount(world, "LIN", { roles: ["rule-manager"], scope: ["33"] });
    expect(await world.get("lin", "/v1/cases")).toMatchObject({ status: 403, body: { code: "NOT_ALLOWED" } });
    expect((await world.get("lin", SESSION)).body).toMatchObject({ roles: ["rule-manager"], scope: ["33"] });
  });

  test("of a disabled account is refused, and so is its session", async () => {
    await addAccount(world, "root", { roles: ["administrator"] });
    const browser = await signedIn(world, "lin");
    const change = { version: 1, roles: ["analyst"], scope: [""], isDisabled: true, oidcSubject: null };
    expect((await world.ask("local", "PUT", "/v1/console/accounts/lin", change)).status).toBe(200);
    expect(await world.get("lin", SESSION)).toMatchObject({ status: 403, body: { code: "KEY_REVOKED" } });
    expect((await browser.get(SESSION)).body.code).toBe("SESSION_ENDED");
    expect((await new Browser(world).signIn("lin", PASSWORD)).body.code).toBe("SIGN_IN_FAILED");
  });

  test("of the machine decides nothing by name", async () => {
    expect((await world.get("local", "/v1/console/sessions")).body.code).toBe("KEY_INVALID");
  });
});

test("another role or region holds from the next request on; a revoked person is out at once", async () => {
  const browser = await signedIn(world, "mei", { roles: ["analyst"], scope: ["33"] });
  expect((await browser.get("/v1/cases")).status).toBe(200);
  const change = {
    version: 1,
    roles: ["administrator"],
    scope: ["32"],
    isDisabled: false,
    oidcSubject: null,
  };
  await world.ask("local", "PUT", "/v1/console/accounts/mei", change);
  expect((await browser.get("/v1/cases")).body.code).toBe("NOT_ALLOWED");
  expect((await browser.get(SESSION)).body).toMatchObject({ roles: ["administrator"], scope: ["32"] });
  await world.people.revoke("mei");
  expect((await browser.get(SESSION)).body.code).toBe("SESSION_ENDED");
  await world.people.add("mei");
});

test("without key and session no address is told, and answers are for this page alone", async () => {
  for (const path of ["/v1/cases", "/v1/console/nothing", "/v1/console/accounts"])
    expect(await new Browser(world).get(path)).toMatchObject({ status: 401, body: { code: "KEY_MISSING" } });
  const { headers } = await fetch(`${world.url}/v1/console/sign-in-options`);
  expect(headers.get("content-security-policy")).toContain("default-src 'none'");
  expect(headers.get("cache-control")).toBe("no-store");
  expect(headers.get("x-content-type-options")).toBe("nosniff");
});

describe("the demonstration's user", () => {
  test("is signed in without a password, with everything, and says what it is", async () => {
    expect((await new Browser(world).get("/v1/console/sign-in-options")).body.demo).toBe(true);
    const browser = new Browser(world);
    expect((await browser.demo()).body).toMatchObject({ name: "demo", isDemo: true, scope: [""] });
    expect((await browser.get("/v1/cases")).status).toBe(200);
  });

  test.each([
    ["x-forwarded-for", "127.0.0.1"],
    ["forwarded", "for=127.0.0.1"],
    ["x-forwarded-host", "localhost"],
  ])("is refused behind a proxy (%s), and its session too", async (name, value) => {
    const far = new Browser(world, { [name]: value });
    expect((await far.get("/v1/console/sign-in-options")).body.demo).toBe(false);
    expect(await far.demo()).toMatchObject({ status: 403, body: { code: "DEMO_REFUSED" } });
    const near = new Browser(world);
    await near.demo();
    far.cookie = near.cookie;
    expect((await far.get(SESSION)).body.code).toBe("SESSION_ENDED");
  });
});
