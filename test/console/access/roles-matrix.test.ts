/**
 * Every route × every role: who may not is refused before anything is done, who may gets to whoever answers. From the
 * tables of routes, so a new one is covered by being there. Whoever answers is replaced here by a word; what rows are in
 * the answer is regions-matrix.test.ts.
 */

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { rulesRequests } from "../../../cli/process/bundles-process.js";
import type { HttpRequests } from "../../../cli/process/evidence-process.js";
import { evidenceRequests } from "../../../cli/process/evidence-requests.js";
import { silentLogger } from "../../../platform/logger/logger.js";
import { ROLE_PERMISSIONS, ROLES, type Role } from "../../../schemas/console/access.js";
import { type ConsoleApp, openConsoleApp } from "../../../services/console/server/console-app.js";
import type { ConsoleRoute } from "../../../services/console/server/console-routes.js";
import { ConsoleWorld } from "../server/console-world.js";
import { type Browser, signedIn } from "./browser-world.js";
import { addressOf, routeTables, type TableRoute } from "./route-tables.js";

/** They match their routes themselves. */
const OTHER_APIS = ["EVIDENCE_ROUTES", "RULES_ROUTES"];

const routes = await routeTables();
const browsers = new Map<Role, Browser>();
let world: ConsoleWorld;
let app: ConsoleApp;
let server: Server;
let url: string;

beforeAll(async () => {
  world = await ConsoleWorld.open();
  await world.empty();
  const { gate } = world.access;
  app = await openConsoleApp({ gate, parts: [reachedParts()], logger: silentLogger });
  const apis: readonly HttpRequests[] = [
    evidenceRequests({ desk: nobody(), admit: gate.admit, logger: silentLogger }),
    rulesRequests({ service: nobody(), admit: gate.admit, logger: silentLogger }),
    (request, response) => app.requests(request, response),
  ];
  server = createServer(async (request, response) => {
    for (const api of apis) if (await api(request, response)) return;
    response.writeHead(418).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  for (const role of ROLES) browsers.set(role, await signedIn(world, `is-${role}`, { roles: [role] }));
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await app.close();
  await world.close();
});

/** Each answers that it was reached. */
function reachedParts() {
  const own = routes.filter(({ table }) => !OTHER_APIS.includes(table));
  // What is in a body is looked at after who may send it.
  const withoutBody = own.map(({ name, method, path, key, permission, status }): [string, ConsoleRoute] => [
    name,
    { method, path, key: key === "local" ? "either" : key, permission, status },
  ]);
  return {
    prefix: "/v1",
    routes: Object.fromEntries(withoutBody),
    handlers: Object.fromEntries(own.map(({ name }) => [name, async () => ({ reached: name })])),
  };
}

/** Whatever is asked of it fails: it was reached. */
function nobody<Desk extends object>(): Desk {
  return new Proxy({} as Desk, {
    get: () => {
      throw new Error("reached");
    },
  });
}

async function codeOf({ method, path }: TableRoute, headers: Record<string, string>): Promise<string | null> {
  const response = await fetch(`${url}${addressOf(path)}`, {
    method,
    headers: { origin: url, "sec-fetch-site": "same-origin", ...headers },
  });
  const body = (await response.json().catch(() => ({}))) as { readonly code?: string };
  return response.status < 400 ? null : `${response.status} ${body.code}`;
}

const ADMISSION = ["KEY_MISSING", "KEY_INVALID", "KEY_REVOKED", "SESSION_ENDED", "CSRF", "NOT_ALLOWED"];
/** Reached: what is answered then is not this test's. */
const isReached = (code: string | null) => !ADMISSION.some((one) => code?.endsWith(` ${one}`));

test("there are tables, and each of their routes says whom it is for", () => {
  expect(new Set(routes.map(({ table }) => table)).size).toBeGreaterThanOrEqual(12);
  for (const { name, permission, key } of routes)
    if (permission === null && key !== "none" && key !== "local")
      expect([name, name.startsWith("CONSOLE_ACCESS_ROUTES.")]).toEqual([name, true]);
});

test("without key and session every route is closed, but those that sign in", async () => {
  for (const route of routes) {
    const code = await codeOf(route, {});
    if (route.key === "none") expect([route.name, isReached(code)]).toEqual([route.name, true]);
    else expect([route.name, code]).toEqual([route.name, "401 KEY_MISSING"]);
  }
});

test.each(ROLES)(
  "%s: every route that the role may not use is refused, every other one is reached",
  async (role) => {
    const { cookie, csrf } = browsers.get(role)!;
    const allowed: readonly string[] = ROLE_PERMISSIONS[role];
    for (const route of routes) {
      const code = await codeOf(route, { cookie: cookie!, "x-kadun-csrf": csrf });
      const { name, key, permission } = route;
      if (key === "local") expect([name, code]).toEqual([name, "401 KEY_INVALID"]);
      else if (permission === null || allowed.includes(permission))
        expect([name, code, isReached(code)]).toEqual([name, code, true]);
      else expect([name, code]).toEqual([name, "403 NOT_ALLOWED"]);
    }
  },
);

test("a change without the session's word is refused on every route", async () => {
  const { cookie } = browsers.get("reviewer")!;
  for (const route of routes.filter(({ key, method }) => key !== "none" && method !== "GET"))
    expect([route.name, await codeOf(route, { cookie: cookie! })]).toEqual([route.name, "403 CSRF"]);
});

test("the machine's own key reaches what is for either and for itself, and nothing that people answer for", async () => {
  const authorization = `Bearer ${world.keyOf("local")}`;
  for (const route of routes.filter(({ key }) => key !== "none")) {
    const code = await codeOf(route, { authorization });
    if (route.key === "person") expect([route.name, code]).toEqual([route.name, "401 KEY_INVALID"]);
    else expect([route.name, code, isReached(code)]).toEqual([route.name, code, true]);
  }
});
