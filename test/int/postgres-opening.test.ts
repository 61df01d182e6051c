/** What is said when a server cannot be opened: one message with the fix, and never the password. */

import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, readFileSync, statSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Kysely, sql } from "kysely";
import { DatabaseError } from "../../platform/database/database.js";
import {
  openPostgresDatabase,
  type PostgresOptions,
} from "../../platform/database/postgres/postgres-database.js";
import { freePorts } from "../support/servers/free-ports.js";
import { type PostgresServer, startPostgres } from "../support/servers/postgres-server.js";
import { askSql, runSql, type TemporaryPostgres, temporaryPostgres } from "./temporary-postgres.js";

let server: PostgresServer;
let temporary: TemporaryPostgres;
beforeAll(async () => {
  server = await startPostgres();
  temporary = await temporaryPostgres(server.url);
});
afterAll(() => server.close());

async function refusal(options: PostgresOptions): Promise<DatabaseError> {
  const error: unknown = await openPostgresDatabase(options).then(
    (database) => database.close(),
    (error: unknown) => error,
  );
  if (!(error instanceof DatabaseError)) throw new Error(`expected a DatabaseError, got ${String(error)}`);
  return error;
}

function changed(change: (url: URL) => void): string {
  const url = new URL(temporary.url);
  change(url);
  return url.href;
}

describe("opening PostgreSQL", () => {
  it("says that nobody listens there", async () => {
    const [port] = await freePorts(1);
    const error = await refusal({ url: changed((url) => (url.port = String(port))) });
    expect(error).toMatchObject({ code: "UNREACHABLE", retryable: true });
    expect(error.message).toMatch(
      /^PostgreSQL 127\.0\.0\.1:\d+\/kadun_\w+ \(user kadun\): connect ECONNREFUSED 127\.0\.0\.1:\d+; start the server, or correct host and port of the address$/,
    );
  });

  it("says that a name is unknown", async () => {
    const error = await refusal({ url: changed((url) => (url.hostname = "nowhere.invalid")) });
    expect(error).toMatchObject({ code: "UNREACHABLE", message: expect.stringContaining("nowhere.invalid") });
  });

  it("says that somebody listens who does not answer", async () => {
    const silent = await listening(() => {});
    const error = await refusal({
      url: changed((url) => (url.port = String(silent.port))),
      connectTimeoutMs: 200,
    });
    expect(error).toMatchObject({ code: "UNREACHABLE", retryable: true });
    await silent.close();
  });

  it("says that user or password are wrong, without them", async () => {
    const wrong = await refusal({ url: changed((url) => (url.password = "s3cret")) });
    expect(wrong).toMatchObject({ code: "NOT_AUTHORIZED", retryable: false, sqlState: "28P01" });
    expect(wrong.message).toContain("check user kadun and password of the address");
    expect(wrong.message).not.toContain("s3cret");
    const none = await refusal({ url: changed((url) => (url.password = "")) });
    expect(none).toMatchObject({ code: "NOT_AUTHORIZED", retryable: false });
  });

  it("takes a password with any characters", async () => {
    const password = "p@ss/w:rd%?#é";
    await runSql(server.url, `create role other login password '${password}'`);
    await runSql(temporary.url, "grant all on schema public to other");
    const database = await openPostgresDatabase({
      url: changed((url) => {
        url.username = "other";
        url.password = encodeURIComponent(password);
      }),
    });
    const { rows } = await sql`select current_user as who`.execute(new Kysely<unknown>(database));
    expect(rows).toEqual([{ who: "other" }]);
    await database.close();
  });

  it("says how to make a database that does not exist", async () => {
    const error = await refusal({ url: changed((url) => (url.pathname = "missing")) });
    expect(error).toMatchObject({ code: "OPEN_FAILED", retryable: false, sqlState: "3D000" });
    expect(error.message).toContain('database "missing" does not exist; make it: createdb --encoding UTF8');
  });

  it("refuses a database that cannot keep every text", async () => {
    const narrow = await temporaryPostgres(server.url, "encoding 'SQL_ASCII' template template0");
    const error = await refusal({ url: narrow.url });
    expect(error).toMatchObject({
      code: "OPEN_FAILED",
      message: expect.stringContaining("SQL_ASCII, UTF8 is needed"),
    });
    await narrow.remove();
  });

  it("refuses a server that is too old", async () => {
    const old = await listening(answerAsVersion13);
    const error = await refusal({ url: changed((url) => (url.port = String(old.port))) });
    expect(error).toMatchObject({ code: "OPEN_FAILED", retryable: false });
    expect(error.message).toContain("the server is PostgreSQL 13.22, 14 or later is needed: upgrade it");
    await old.close();
  });

  it("asks for TLS only where the server has it", async () => {
    const error = await refusal({ url: changed((url) => url.searchParams.set("sslmode", "verify-full")) });
    expect(error).toMatchObject({
      code: "OPEN_FAILED",
      message: expect.stringContaining("turn on the server's TLS"),
    });
  });

  it("goes over TLS to the server that its certificate names, and to no other", async () => {
    const certificate = await turnOnTls();
    const url = changed((url) => url.searchParams.set("sslmode", "verify-full"));
    const unknown = await refusal({ url });
    expect(unknown).toMatchObject({ code: "NOT_AUTHORIZED", retryable: false });
    expect(unknown.message).toContain(
      "give the certificate of who signed the server's, which must name 127.0.0.1",
    );
    const otherName = changed((url) => (url.hostname = "localhost"));
    expect(await refusal({ url: otherName, tls: { ca: certificate } })).toMatchObject({
      code: "NOT_AUTHORIZED",
    });
    const database = await openPostgresDatabase({ url, tls: { ca: certificate } });
    const tables = new Kysely<unknown>(database);
    const { rows } = await sql`select ssl from pg_stat_ssl where pid = pg_backend_pid()`.execute(tables);
    expect(rows).toEqual([{ ssl: true }]);
    await database.alone("a", new AbortController().signal, async () => {});
    await database.close();
  });

  it.each([
    ["localhost:5432/kadun", "no URL of the form"],
    ["redis://localhost/kadun", "no URL of the form"],
    ["postgres://localhost", "names no database"],
    ["postgres://kadun:10%@localhost/kadun", "write it as %25"],
    ["postgres://localhost/kadun?sslmode=prefer", "sslmode=prefer"],
    ["postgres://localhost/kadun?pool=3", "has the parameter pool"],
  ])("does not try %s", async (url, said) => {
    expect(await refusal({ url })).toMatchObject({
      code: "OPEN_FAILED",
      message: expect.stringContaining(said),
    });
  });

  it("leaves no connection behind where it refused", async () => {
    const narrow = await temporaryPostgres(server.url, "encoding 'SQL_ASCII' template template0");
    await refusal({ url: narrow.url });
    await runSql(server.url, `drop database ${new URL(narrow.url).pathname.slice(1)}`); // fails while there are sessions
  });
});

/** @returns the server's certificate, which it signed itself and which names 127.0.0.1 only. */
async function turnOnTls(): Promise<string> {
  const [row] = await askSql(server.url, "show data_directory");
  const folder = String(row!.data_directory);
  const [key, certificate] = [join(folder, "server.key"), join(folder, "server.crt")];
  const name = ["-subj", "/CN=postgres", "-addext", "subjectAltName=IP:127.0.0.1"];
  const key256 = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  execFileSync(
    "openssl",
    ["req", "-x509", ...key256, "-days", "2", ...name, "-keyout", key, "-out", certificate],
    {
      stdio: "pipe",
    },
  );
  const { uid, gid } = statSync(folder);
  chmodSync(key, 0o600);
  chownSync(key, uid, gid);
  await runSql(server.url, "alter system set ssl = on");
  await server.stop();
  await server.start();
  return readFileSync(certificate, "utf8");
}

async function listening(
  onSocket: (socket: Socket) => void,
): Promise<{ port: number; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const listener: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    onSocket(socket);
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const address = listener.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    port: address.port,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}

/** As much of the protocol as the first question needs: no login, one row. */
function answerAsVersion13(socket: Socket): void {
  let isLoggedIn = false;
  socket.on("data", (bytes) => {
    if (!isLoggedIn) {
      isLoggedIn = true;
      socket.write(Buffer.concat([message("R", int32(0)), message("Z", Buffer.from("I"))]));
    } else if (bytes[0] === "Q".charCodeAt(0)) {
      socket.write(
        Buffer.concat([rowOf({ number: "130022", version: "13.22", encoding: "UTF8", standby: "f" })]),
      );
    }
  });
}

function rowOf(row: Readonly<Record<string, string>>): Buffer {
  const TEXT = 25;
  const INTEGER = 23;
  const fields = Object.entries(row).map(([name, value]) =>
    Buffer.concat([
      Buffer.from(`${name}\0`),
      int32(0),
      int16(0),
      int32(/^\d+$/.test(value) ? INTEGER : TEXT),
      int16(-1),
      int32(-1),
      int16(0),
    ]),
  );
  const values = Object.values(row).map((value) => Buffer.concat([int32(value.length), Buffer.from(value)]));
  return Buffer.concat([
    message("T", Buffer.concat([int16(fields.length), ...fields])),
    message("D", Buffer.concat([int16(values.length), ...values])),
    message("C", Buffer.from("SELECT 1\0")),
    message("Z", Buffer.from("I")),
  ]);
}

function message(type: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}
