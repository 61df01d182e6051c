/** Signing in at an identity provider: a real one, in this process. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { sql } from "kysely";
import Provider from "oidc-provider";
import { ConsoleWorld } from "../server/console-world.js";
import { addAccount } from "./browser-world.js";

const SECRET = "a-secret-of-the-console-alone";
const ORIGIN = "http://127.0.0.1:1";

let world: ConsoleWorld;
let server: Server;
let issuer: string;
let folder: string;
/** Who signs in there. */
let person = "u-mei";

beforeAll(async () => {
  server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = providerAt(issuer);
  server.on("request", provider.callback());
  folder = mkdtempSync(join(tmpdir(), "kadun-oidc-"));
  writeFileSync(join(folder, "secret"), `${SECRET}\n`);
  const settings = {
    consoleOrigin: ORIGIN,
    oidcIssuer: issuer,
    oidcClientId: "kadun",
    oidcClientSecretFile: join(folder, "secret"),
  };
  world = await ConsoleWorld.open({ settings });
});
afterAll(async () => {
  await world.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  await world.empty();
  await sql`truncate console_sessions, console_tries, accounts cascade`.execute(world.desk.tables);
});

/** Lets `person` in without asking. */
function providerAt(url: string): Provider {
  const provider: Provider = new Provider(url, {
    clients: [
      {
        client_id: "kadun",
        client_secret: SECRET,
        redirect_uris: [`${ORIGIN}/v1/console/oidc/callback`],
        grant_types: ["authorization_code"],
        response_types: ["code"],
      },
    ],
    ttl: { Interaction: 60, Grant: 60, Session: 60, AccessToken: 60, IdToken: 60 },
    pkce: { required: () => true },
    cookies: { keys: ["of-a-test"] },
    findAccount: (_, id) => ({ accountId: id, claims: async () => ({ sub: id }) }),
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, { uid }) => `/enter/${uid}` },
    loadExistingGrant: async ({ oidc }) => {
      const grant = new provider.Grant({
        accountId: oidc.session!.accountId!,
        clientId: oidc.client!.clientId,
      });
      grant.addOIDCScope("openid profile");
      await grant.save();
      return grant;
    },
  });
  provider.use(async (context, next) => {
    if (!context.path.startsWith("/enter/")) return next();
    await provider.interactionFinished(context.req, context.res, { login: { accountId: person } });
    context.respond = false;
  });
  return provider;
}

class Traveller {
  private readonly cookies = new Map<string, string>();
  /** Of the console. */
  console = new Map<string, string>();

  async get(url: string): Promise<Response> {
    const jar = url.startsWith(issuer) ? this.cookies : this.console;
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(url, { redirect: "manual", headers: { cookie } });
    for (const set of response.headers.getSetCookie()) {
      const [pair = ""] = set.split(";", 1);
      const at = pair.indexOf("=");
      if (at + 1 === pair.length) jar.delete(pair.slice(0, at));
      else jar.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return response;
  }

  /** From the sign-in page to the provider and back, until the callback's address. */
  async away(): Promise<string> {
    let next = (await this.get(`${world.url}/v1/console/oidc/start`)).headers.get("location")!;
    while (!next.startsWith(ORIGIN)) {
      const { headers } = await this.get(next);
      next = new URL(headers.get("location")!, issuer).href;
    }
    return next.replace(ORIGIN, world.url);
  }

  async comeBack(address: string): Promise<string> {
    return (await this.get(address)).headers.get("location")!;
  }

  async session(): Promise<{ readonly name?: string; readonly code?: string }> {
    return (await (await this.get(`${world.url}/v1/console/session`)).json()) as {
      name?: string;
      code?: string;
    };
  }
}

test("whoever the provider knows under an account's subject is signed in as that account", async () => {
  await addAccount(world, "mei", { roles: ["reviewer"], oidcSubject: "u-mei" });
  const traveller = new Traveller();
  expect(await traveller.comeBack(await traveller.away())).toBe("/");
  expect(await traveller.session()).toMatchObject({ name: "mei", roles: ["reviewer"] });
  expect([...traveller.console.keys()]).toEqual(["kadun_console"]);
});

test("whoever has no account is told so, and nobody is signed in", async () => {
  person = "u-stranger";
  const traveller = new Traveller();
  expect(await traveller.comeBack(await traveller.away())).toBe("/sign-in?refused=no-account");
  expect((await traveller.session()).code).toBe("KEY_MISSING");
  person = "u-mei";
});

test("a disabled account is none", async () => {
  await addAccount(world, "root", { roles: ["administrator"] });
  await addAccount(world, "mei", { oidcSubject: "u-mei" });
  const change = { version: 1, roles: ["analyst"], scope: [""], isDisabled: true, oidcSubject: "u-mei" };
  await world.ask("local", "PUT", "/v1/console/accounts/mei", change);
  const traveller = new Traveller();
  expect(await traveller.comeBack(await traveller.away())).toBe("/sign-in?refused=no-account");
});

test("an answer counts once, and only in the browser that left", async () => {
  await addAccount(world, "mei", { oidcSubject: "u-mei" });
  const [left, other] = [new Traveller(), new Traveller()];
  const address = await left.away();
  expect(await other.comeBack(address)).toBe("/sign-in?refused=away-too-long");
  await other.away();
  expect(await other.comeBack(address)).toBe("/sign-in?refused=provider");
  expect(await left.comeBack(address)).toBe("/");
  expect(await left.comeBack(address)).toBe("/sign-in?refused=away-too-long");
});

test("an answer with another state is not taken", async () => {
  await addAccount(world, "mei", { oidcSubject: "u-mei" });
  const traveller = new Traveller();
  const address = new URL(await traveller.away());
  address.searchParams.set("state", "x".repeat(43));
  expect(await traveller.comeBack(address.href)).toBe("/sign-in?refused=provider");
});

test("the page is told that one can sign in there", async () => {
  const response = await fetch(`${world.url}/v1/console/sign-in-options`);
  expect(await response.json()).toMatchObject({ oidc: true });
});
