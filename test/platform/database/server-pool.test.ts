import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { ServerPool } from "../../../platform/database/postgres/server-pool.js";

const AUTHENTICATED = Buffer.from("520000000800000000", "hex");
const READY = Buffer.from("5a0000000549", "hex");
const SHUT_DOWN = message("E", "SFATAL\0C57P01\0Mterminating connection\0\0");

function message(type: string, body: string): Buffer {
  const bytes = Buffer.alloc(5 + Buffer.byteLength(body));
  bytes.write(type, 0, "latin1");
  bytes.writeInt32BE(bytes.length - 1, 1);
  bytes.write(body, 5);
  return bytes;
}

let server: Server;

beforeEach(async () => {
  server = createServer((socket) => {
    socket.on("error", () => {});
    // The session and its end in one packet, as of a server that is killed while somebody comes.
    socket.once("data", () => socket.end(Buffer.concat([AUTHENTICATED, READY, SHUT_DOWN])));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
});

afterEach(() => {
  server.close();
});

test("a server that ends in the packet in which a session begins is a failed query, not the end of the process", async () => {
  const { port } = server.address() as AddressInfo;
  const unheard: unknown[] = [];
  const hear = (error: unknown) => unheard.push(error);
  process.on("uncaughtException", hear);
  const pool = new ServerPool({
    address: {
      host: "127.0.0.1",
      port,
      user: "kadun",
      password: undefined,
      database: "kadun",
      tls: null,
      applicationName: undefined,
    },
    client: { host: "127.0.0.1", port, user: "kadun", database: "kadun", connectionTimeoutMillis: 2_000 },
    poolMax: 1,
    statementTimeoutMs: 0,
  });
  try {
    const connection = await pool.connect();
    await expect(connection.query("select 1", [])).rejects.toThrow();
    connection.release();
    await new Promise(setImmediate);
    expect(unheard).toEqual([]);
  } finally {
    process.off("uncaughtException", hear);
    await pool.close();
  }
});
