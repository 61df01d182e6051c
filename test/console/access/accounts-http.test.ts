/** Keeping accounts over HTTP: who may, in which regions, and that somebody is always left. */

import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { sql } from "kysely";
import { ConsoleWorld } from "../server/console-world.js";
import { addAccount, Browser, PASSWORD, signedIn } from "./browser-world.js";

const ACCOUNTS = "/v1/console/accounts";

let world: ConsoleWorld;
beforeAll(async () => {
  world = await ConsoleWorld.open();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.empty();
  await sql`truncate console_sessions, console_tries, accounts cascade`.execute(world.desk.tables);
});

const unchanged = { roles: ["analyst"], scope: [""], isDisabled: false, oidcSubject: null };

test("an account is of the person of the same name, however it is written; there is one of each", async () => {
  await addAccount(world, "Lin");
  const again = await world.ask("local", "POST", ACCOUNTS, { name: "LIN", roles: ["analyst"], scope: [] });
  expect(again).toMatchObject({ status: 409, body: { code: "ACCOUNT_EXISTS" } });
  await addAccount(world, "newcomer");
  const { body } = await world.get("local", ACCOUNTS);
  expect(body.accounts.map(({ name }: { name: string }) => name)).toEqual(["lin", "newcomer"]);
  expect((await world.people.list()).map(({ name }) => name)).toContain("newcomer");
  expect(JSON.stringify(body)).not.toMatch(/scrypt|sha256/);
});

test.each([
  [{ name: "two words" }, "NAME_INVALID"],
  [{ name: "kadun" }, "NAME_INVALID"],
  [{ roles: ["king"] }, "BODY_INVALID"],
  [{ roles: [] }, "BODY_INVALID"],
  [{ scope: ["99"] }, "SCOPE_UNKNOWN"],
  [{ scope: ["3301x"] }, "BODY_INVALID"],
  [{ scope: ["%"] }, "BODY_INVALID"],
])("%j is refused with %s", async (given, code) => {
  const body = { name: "mei", roles: ["analyst"], scope: ["33"], ...given };
  expect((await world.ask("local", "POST", ACCOUNTS, body)).body.code).toBe(code);
});

test("a region within another one that is given is not kept twice", async () => {
  const body = { name: "mei", roles: ["analyst"], scope: ["3301", "33", "320102"] };
  const { body: answer } = await world.ask("local", "POST", ACCOUNTS, body);
  expect(answer.account.scope).toEqual(["33", "320102"]);
});

test("of two who change an account on one version the second is told", async () => {
  await addAccount(world, "root", { roles: ["administrator"] });
  await addAccount(world, "mei");
  const change = () => world.ask("local", "PUT", `${ACCOUNTS}/mei`, { ...unchanged, version: 1 });
  const both = await Promise.all([change(), change()]);
  expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
});

test("somebody is always left who can keep accounts", async () => {
  await addAccount(world, "root", { roles: ["administrator"] });
  const change = (given: object) =>
    world.ask("local", "PUT", `${ACCOUNTS}/root`, {
      ...unchanged,
      roles: ["administrator"],
      version: 1,
      ...given,
    });
  for (const given of [{ roles: ["analyst"] }, { isDisabled: true }, { scope: ["33"] }])
    expect((await change(given)).body.code).toBe("LAST_ADMINISTRATOR");
  await addAccount(world, "other", { roles: ["administrator"] });
  expect((await change({ isDisabled: true })).status).toBe(200);
});

test("whoever keeps accounts of some regions sees, changes and gives these only", async () => {
  const keeper = await signedIn(world, "keeper", { roles: ["administrator"], scope: ["33"] });
  await addAccount(world, "own", { scope: ["3301"] });
  await addAccount(world, "far", { scope: ["31"] });
  await addAccount(world, "nation", { scope: [""] });
  const { body } = await keeper.get(ACCOUNTS);
  expect(body.accounts.map(({ name }: { name: string }) => name)).toEqual(["keeper", "own"]);
  for (const name of ["far", "nation", "nobody"]) {
    const answers = [
      await keeper.ask("PUT", `${ACCOUNTS}/${name}`, { ...unchanged, scope: ["33"], version: 1 }),
      await keeper.ask("POST", `${ACCOUNTS}/${name}/link`),
      await keeper.get(`${ACCOUNTS}/${name}/sessions`),
      await keeper.ask("DELETE", `${ACCOUNTS}/${name}/sessions`),
    ];
    for (const answer of answers) expect(answer).toMatchObject({ status: 404, body: { code: "NOT_FOUND" } });
  }
  for (const scope of [["31"], [""], ["3301", "31"]]) {
    const given = await keeper.ask("PUT", `${ACCOUNTS}/own`, { ...unchanged, scope, version: 1 });
    expect(given.body.code).toBe("SCOPE_UNKNOWN");
  }
  const own = await keeper.ask("PUT", `${ACCOUNTS}/own`, { ...unchanged, scope: ["3302"], version: 1 });
  expect(own).toMatchObject({ status: 200, body: { scope: ["3302"], version: 2 } });
});

test("sessions of others are seen and ended; a new link ends the waiting after wrong passwords", async () => {
  const keeper = await signedIn(world, "keeper", { roles: ["administrator"] });
  const mei = await signedIn(world, "mei");
  for (let tried = 0; tried < 5; tried++) await new Browser(world).signIn("mei", "green tea at eight");
  const meiOf = async () =>
    (await keeper.get(ACCOUNTS)).body.accounts.find(({ name }: { name: string }) => name === "mei");
  expect(await meiOf()).toMatchObject({ sessions: 1, lockedUntil: expect.any(String), hasPassword: true });
  expect((await keeper.get(`${ACCOUNTS}/mei/sessions`)).body.sessions).toMatchObject([
    { method: "link", isCurrent: false },
  ]);
  expect((await keeper.ask("DELETE", `${ACCOUNTS}/mei/sessions`)).body).toEqual({ ended: 1 });
  expect((await mei.get("/v1/console/session")).body.code).toBe("SESSION_ENDED");
  const { body: link } = await keeper.ask("POST", `${ACCOUNTS}/mei/link`);
  expect(await meiOf()).toMatchObject({ lockedUntil: null, linkExpiresAt: link.expiresAt });
  expect((await new Browser(world).signIn("mei", PASSWORD)).status).toBe(200);
});

test("every change of rights stands in the audit log, without links and passwords", async () => {
  const token = await addAccount(world, "mei", { roles: ["analyst"], scope: ["33"] });
  await addAccount(world, "root", { roles: ["administrator"] });
  await new Browser(world).welcome(token, PASSWORD);
  await world.ask("local", "PUT", `${ACCOUNTS}/mei`, { ...unchanged, roles: ["auditor"], version: 1 });
  const { body } = await world.get("local", "/v1/audit");
  const entries = body.lines.map((line: string) => JSON.parse(line));
  expect(entries).toMatchObject([
    {
      actor: "local",
      action: "account.added",
      subject: "account:mei",
      detail: { roles: "analyst", scope: "33" },
    },
    { action: "account.added", subject: "account:root" },
    { actor: "mei", action: "account.signed-in", detail: { method: "link" } },
    { actor: "local", action: "account.changed", detail: { roles: "auditor", scope: "(nation)" } },
  ]);
  expect(JSON.stringify(body)).not.toContain(token);
});

test("the subject of an identity provider belongs to one account", async () => {
  await addAccount(world, "mei", { oidcSubject: "u-1" });
  const body = { name: "lan", roles: ["analyst"], scope: [""], oidcSubject: "u-1" };
  expect((await world.ask("local", "POST", ACCOUNTS, body)).body.code).toBe("SUBJECT_TAKEN");
});
