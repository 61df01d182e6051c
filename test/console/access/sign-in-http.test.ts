/** Signing in at the console, over HTTP and on a database, with a clock of its own. */

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { sql } from "kysely";
import { ConsoleWorld } from "../server/console-world.js";
import { addAccount, Browser, PASSWORD, signedIn } from "./browser-world.js";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

let world: ConsoleWorld;
beforeAll(async () => {
  world = await ConsoleWorld.open();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.empty();
  await sql`truncate console_sessions, console_tries, accounts cascade`.execute(world.desk.tables);
});

const SESSION = "/v1/console/session";

async function auditActions(): Promise<string[]> {
  const { body } = await world.get("local", "/v1/audit");
  return body.lines.map((line: string) => JSON.parse(line)).map(({ action }: { action: string }) => action);
}

describe("the one-time link", () => {
  test("says whose it is, sets the password, signs in, and works once", async () => {
    const token = await addAccount(world, "mei", { roles: ["analyst"], scope: ["33", "3201"] });
    const browser = new Browser(world);
    const owner = await browser.ask("POST", "/v1/console/welcome/link", { token });
    expect(owner).toMatchObject({ status: 200, body: { name: "mei" } });
    expect(await browser.welcome(token, PASSWORD)).toMatchObject({
      status: 200,
      body: { name: "mei", roles: ["analyst"], scope: ["33", "3201"], isDemo: false },
    });
    expect((await browser.get(SESSION)).body.permissions).toContain("cases.work");
    const second = await new Browser(world).welcome(token, PASSWORD);
    expect(second).toMatchObject({ status: 404, body: { code: "LINK_INVALID" } });
    expect(await new Browser(world).signIn("MEI", PASSWORD)).toMatchObject({ status: 200 });
    expect(await auditActions()).toEqual(["account.added", "account.signed-in", "account.signed-in"]);
  });

  test("of two who open it at once one is in", async () => {
    const token = await addAccount(world, "mei");
    const both = await Promise.all([1, 2].map(() => new Browser(world).welcome(token, PASSWORD)));
    expect(both.map(({ status }) => status).sort()).toEqual([200, 404]);
  });

  test("is over after a day, and with the next one", async () => {
    const first = await addAccount(world, "mei");
    const renewed = await world.ask("local", "POST", "/v1/console/accounts/mei/link");
    expect((await new Browser(world).welcome(first, PASSWORD)).body.code).toBe("LINK_INVALID");
    world.clock.advance(24 * HOUR_MS);
    expect((await new Browser(world).welcome(renewed.body.token, PASSWORD)).body.code).toBe("LINK_INVALID");
  });

  test("stays usable where the password was too easy", async () => {
    const token = await addAccount(world, "mei");
    const browser = new Browser(world);
    for (const weak of ["short", "meimeimeimeimei", "Password2024!", "aaaaaaaaaaaaaa"])
      expect((await browser.welcome(token, weak)).body.code).toBe("PASSWORD_WEAK");
    expect((await browser.welcome(token, PASSWORD)).status).toBe(200);
  });
});

describe("a wrong password", () => {
  test("is answered as a name that is not there, word for word", async () => {
    await signedIn(world, "mei");
    const wrong = await new Browser(world).signIn("mei", "green tea at eight");
    const nobody = await new Browser(world).signIn("nobody", "green tea at eight");
    expect(wrong).toMatchObject({ status: 401, body: { code: "SIGN_IN_FAILED" } });
    expect(nobody).toEqual(wrong);
  });

  test("five times makes the name wait, longer each time, whether it is there or not; open sessions go on", async () => {
    const open = await signedIn(world, "mei");
    for (const name of ["mei", "nobody"]) {
      const waits: number[] = [];
      for (let run = 0; run < 3; run++) {
        for (let tried = 0; tried < 5; tried++) {
          const { body } = await new Browser(world).signIn(name, "green tea at eight");
          expect(body.code).toBe("SIGN_IN_FAILED");
        }
        const { status, body } = await new Browser(world).signIn(name, PASSWORD);
        expect({ status, code: body.code }).toEqual({ status: 429, code: "TRIES_EXCEEDED" });
        waits.push(body.waitSeconds);
        world.clock.advance(body.waitSeconds * 1000);
      }
      expect(waits).toEqual([60, 120, 240]);
    }
    expect((await open.get(SESSION)).status).toBe(200);
    expect((await new Browser(world).signIn("mei", PASSWORD)).status).toBe(200);
    const runs = (await auditActions()).filter((action) => action === "account.wrong-passwords");
    expect(runs).toHaveLength(6);
  });

  test("of many at once no more than five are looked at", async () => {
    await signedIn(world, "mei");
    const all = await Promise.all(
      Array.from({ length: 20 }, () => new Browser(world).signIn("mei", "green tea at eight")),
    );
    const codes = all.map(({ body }) => body.code);
    expect(codes.filter((code) => code === "SIGN_IN_FAILED")).toHaveLength(5);
    expect(codes.filter((code) => code === "TRIES_EXCEEDED")).toHaveLength(15);
  });

  test("is forgotten with the right one, so that five in a week lock nobody out", async () => {
    await signedIn(world, "mei");
    for (let day = 0; day < 3; day++) {
      for (let tried = 0; tried < 4; tried++) await new Browser(world).signIn("mei", "green tea at eight");
      expect((await new Browser(world).signIn("mei", PASSWORD)).status).toBe(200);
    }
  });

  test("makes the address wait after forty over all names", async () => {
    await signedIn(world, "mei");
    for (let tried = 0; tried < 40; tried++)
      expect((await new Browser(world).signIn(`name${tried}`, "green tea at eight")).body.code).toBe(
        "SIGN_IN_FAILED",
      );
    expect((await new Browser(world).signIn("mei", PASSWORD)).body.code).toBe("TRIES_EXCEEDED");
  });

  test("is not kept: neither it nor what was typed as a name is in the database", async () => {
    await new Browser(world).signIn("my-secret-password", "green tea at eight");
    const { rows } = await sql<{ text: string }>`select t::text as text from console_tries t`.execute(
      world.desk.tables,
    );
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toMatch(/my-secret-password|green tea/);
  });
});

describe("a session", () => {
  test("has a cookie that no script reads and no other site sends", async () => {
    const browser = await signedIn(world, "mei");
    expect(browser.setCookie).toMatch(/^kadun_console=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
  });

  test("ends after four hours without a request, or twelve in all", async () => {
    const idle = await signedIn(world, "mei");
    const busy = new Browser(world);
    await busy.signIn("mei", PASSWORD);
    for (let hour = 1; hour < 12; hour += 2) {
      world.clock.advance(2 * HOUR_MS - 1);
      const { status } = await busy.get(SESSION);
      expect(status).toBe(200);
    }
    expect((await idle.get(SESSION)).body.code).toBe("SESSION_ENDED");
    world.clock.advance(12);
    expect((await busy.get(SESSION)).body.code).toBe("SESSION_ENDED");
  });

  test("ends with signing out, and takes its cookie along", async () => {
    const browser = await signedIn(world, "mei");
    const { cookie } = browser;
    expect(await browser.ask("DELETE", SESSION)).toMatchObject({ status: 200, body: { ended: 1 } });
    expect(browser.cookie).toBeNull();
    browser.cookie = cookie;
    expect((await browser.get(SESSION)).body.code).toBe("SESSION_ENDED");
  });

  test("of one's own are listed and ended one by one; another's are not there", async () => {
    const browser = await signedIn(world, "mei");
    const other = new Browser(world, { "user-agent": "<img src=x onerror=alert(1)>" });
    await other.signIn("mei", PASSWORD);
    const stranger = await signedIn(world, "lan");
    const { body } = await browser.get("/v1/console/sessions");
    expect(body.sessions).toHaveLength(2);
    const there = body.sessions.find(({ isCurrent }: { isCurrent: boolean }) => !isCurrent);
    expect(there).toMatchObject({ method: "password", device: "<img src=x onerror=alert(1)>" });
    const path = `/v1/console/sessions/${there.sessionId}`;
    expect((await stranger.ask("DELETE", path)).body.code).toBe("NOT_FOUND");
    expect((await browser.ask("DELETE", path)).body).toEqual({ ended: 1 });
    expect((await other.get(SESSION)).body.code).toBe("SESSION_ENDED");
    expect((await browser.get(SESSION)).status).toBe(200);
  });

  test("an eleventh ends the oldest", async () => {
    const first = await signedIn(world, "mei");
    for (let begun = 0; begun < 10; begun++) {
      world.clock.advance(1000);
      await new Browser(world).signIn("mei", PASSWORD);
    }
    expect((await first.get(SESSION)).body.code).toBe("SESSION_ENDED");
  });

  test("another password ends the others; the old one does not open any more", async () => {
    const browser = await signedIn(world, "mei");
    const other = new Browser(world);
    await other.signIn("mei", PASSWORD);
    const change = (current: string, password: string) =>
      browser.ask("POST", "/v1/console/password", { current, password });
    expect((await change("green tea at eight", "black tea at nine")).body.code).toBe("PASSWORD_WRONG");
    expect((await change(PASSWORD, "short")).body.code).toBe("PASSWORD_WEAK");
    expect((await change(PASSWORD, "black tea at nine")).body).toEqual({ ended: 1 });
    expect((await other.get(SESSION)).body.code).toBe("SESSION_ENDED");
    expect((await browser.get(SESSION)).status).toBe(200);
    expect((await new Browser(world).signIn("mei", PASSWORD)).body.code).toBe("SIGN_IN_FAILED");
    expect((await new Browser(world).signIn("mei", "black tea at nine")).status).toBe(200);
  });

  test("a password guessed at an open session waits too, and the door does not", async () => {
    const browser = await signedIn(world, "mei");
    for (let tried = 0; tried < 5; tried++)
      await browser.ask("POST", "/v1/console/password", {
        current: `${tried}`,
        password: "black tea at nine",
      });
    const right = { current: PASSWORD, password: "black tea at nine" };
    expect((await browser.ask("POST", "/v1/console/password", right)).body.code).toBe("TRIES_EXCEEDED");
    expect((await new Browser(world).signIn("mei", PASSWORD)).status).toBe(200);
  });
});

test("until somebody has chosen a password, the console says that it is the first run", async () => {
  const options = async () => (await new Browser(world).get("/v1/console/sign-in-options")).body;
  expect(await options()).toEqual({ oidc: false, demo: false, firstRun: true });
  const link = await world.access.firstLink();
  expect(await world.access.firstLink()).not.toEqual(link);
  const { token } = (await world.access.firstLink())!;
  expect((await new Browser(world).welcome(link!.token, PASSWORD)).body.code).toBe("LINK_INVALID");
  const admin = await new Browser(world).welcome(token, PASSWORD);
  expect(admin.body).toMatchObject({ name: "admin", scope: [""] });
  expect(admin.body.permissions).toContain("accounts.manage");
  expect(await options()).toMatchObject({ firstRun: false });
  expect(await world.access.firstLink()).toBeNull();
});
