/** ClickHouse over TLS, from the settings of a role: against a TLS front before the front over chdb. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { openClickhouse } from "../../cli/compose/clickhouse.js";
import { settingsFrom } from "../../cli/distributed/read-settings.js";
import { CLICKHOUSE_SETTINGS } from "../../cli/distributed/settings.js";
import { type ClickhouseFront, startClickhouseFront } from "../support/clickhouse-front/clickhouse-front.js";
import { selfSigned, startTlsFront, type TlsFront } from "../support/clickhouse-front/tls-front.js";

const PASSWORD = "tls and a password";
const folder = mkdtempSync(join(tmpdir(), "kadun-clickhouse-tls-"));
let front: ClickhouseFront;
/** Lets its user in without a password: by what stands before it. */
let open: ClickhouseFront;
const fronts: TlsFront[] = [];

beforeAll(async () => {
  [front, open] = await Promise.all([
    startClickhouseFront({ password: PASSWORD }),
    startClickhouseFront({ password: "" }),
  ]);
}, 60_000);
afterAll(async () => {
  await Promise.all([front?.close(), open?.close()]);
  rmSync(folder, { recursive: true });
});
afterEach(async () => {
  await Promise.all(fronts.splice(0).map((each) => each.close()));
});

async function tlsFront(options: Parameters<typeof startTlsFront>[0]): Promise<TlsFront> {
  const started = await startTlsFront(options);
  fronts.push(started);
  return started;
}

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function settings(changed: Readonly<Record<string, string>>) {
  const user = { KADUN_CLICKHOUSE_USER: "kadun", KADUN_CLICKHOUSE_DATABASE: "kadun_tls" };
  return settingsFrom(CLICKHOUSE_SETTINGS, {}, { ...user, ...changed });
}

const withPassword = ({ url }: { readonly url: string }) => ({
  KADUN_CLICKHOUSE_URL: url,
  KADUN_CLICKHOUSE_PASSWORD_FILE: file("password", PASSWORD),
});
const withCertificate = ({ url, ca, client }: TlsFront) => ({
  KADUN_CLICKHOUSE_URL: url,
  KADUN_CLICKHOUSE_CA_FILE: file("ca.pem", ca),
  KADUN_CLICKHOUSE_CERTIFICATE_FILE: file("client.pem", client.certificate),
  KADUN_CLICKHOUSE_KEY_FILE: file("client-key.pem", client.key),
});

async function usesIt(changed: Readonly<Record<string, string>>): Promise<void> {
  const database = await openClickhouse(settings(changed));
  try {
    await database.run("CREATE TABLE IF NOT EXISTS t (n UInt32) ENGINE = MergeTree ORDER BY n");
    await database.run("TRUNCATE TABLE t");
    await database.run("INSERT INTO t VALUES (7)");
    const rows = await database.query("SELECT n FROM t");
    expect(rows).toEqual([{ n: 7 }]);
  } finally {
    await database.close();
  }
}

async function refusalOf(changed: Readonly<Record<string, string>>): Promise<Error> {
  try {
    await (await openClickhouse(settings(changed))).close();
  } catch (error) {
    return error as Error;
  }
  throw new Error("was let in");
}

test("a server whose authority is in the CA file is used, with a password", async () => {
  const server = await tlsFront({ target: front.url });
  await usesIt({ ...withPassword(server), KADUN_CLICKHOUSE_CA_FILE: file("ca.pem", server.ca) });
});

test("a server whose authority nobody trusts is refused with the next step, and gets no password", async () => {
  const server = await tlsFront({ target: front.url });
  const { message } = await refusalOf(withPassword(server));
  expect(message).toContain(server.url);
  expect(message).toContain("authority is not trusted; give its certificate as the CA");
  expect(message).toContain("KADUN_CLICKHOUSE_CA_FILE");
  expect(server.received()).toBe("");
});

test("a server with the certificate of another name is refused", async () => {
  const server = await tlsFront({ target: front.url, names: "DNS:clickhouse.elsewhere.example" });
  const changed = { ...withPassword(server), KADUN_CLICKHOUSE_CA_FILE: file("ca.pem", server.ca) };
  expect((await refusalOf(changed)).message).toContain("does not carry this host's name");
  expect(server.received()).toBe("");
});

test("a user with a certificate that the server trusts is let in by it", async () => {
  const server = await tlsFront({ target: open.url, asksForCertificates: true });
  await usesIt(withCertificate(server));
  expect(server.received()).toMatch(/x-clickhouse-ssl-certificate-auth: on/i);
});

test("a server that asks for a certificate: without one, or with another's, it is said what to give", async () => {
  const server = await tlsFront({ target: open.url, asksForCertificates: true });
  const { KADUN_CLICKHOUSE_URL, KADUN_CLICKHOUSE_CA_FILE } = withCertificate(server);
  const without = await refusalOf({ KADUN_CLICKHOUSE_URL, KADUN_CLICKHOUSE_CA_FILE });
  expect(without.message).toContain("give certificate and key");
  expect(without.message).toContain("KADUN_CLICKHOUSE_CERTIFICATE_FILE, KADUN_CLICKHOUSE_KEY_FILE");
  const other = selfSigned("somebody");
  const others = await refusalOf(withCertificate({ ...server, client: other }));
  // Node's server breaks the connection, others say why.
  expect(others.message).toContain("that it trusts this client's certificate");
});

test("https to the port without TLS says that it may be that one", async () => {
  const { message } = await refusalOf(withPassword({ url: front.url.replace("http:", "https:") }));
  expect(message).toContain("the port may be the one without TLS");
});

test("files that are no PEM, or do not belong together, are said to be so before anybody is asked", async () => {
  const server = await tlsFront({ target: open.url, asksForCertificates: true });
  const right = withCertificate(server);
  for (const wrong of [
    { KADUN_CLICKHOUSE_CA_FILE: file("wrong", "no PEM") },
    { KADUN_CLICKHOUSE_CERTIFICATE_FILE: file("wrong", "no PEM") },
    { KADUN_CLICKHOUSE_KEY_FILE: file("other-key.pem", selfSigned("somebody").key) },
  ]) {
    const { message } = await refusalOf({ ...right, ...wrong });
    expect(message).toContain("must be PEM and belong together");
    expect(message).toContain(Object.keys(wrong)[0]!);
  }
});
