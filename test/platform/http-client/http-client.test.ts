import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { HttpClient } from "../../../platform/http-client/http-client.js";

const GET = { method: "GET", path: "/" } as const;
let server: Server;
let connections: Socket[];
/** What the answers wait for. */
let answering: Promise<void>;
let client: HttpClient;

beforeEach(async () => {
  connections = [];
  answering = Promise.resolve();
  server = createServer((_, response) => void answering.then(() => response.end("ok")));
  // It closes nothing by itself.
  server.keepAliveTimeout = 0;
  server.on("connection", (socket) => connections.push(socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});

afterEach(() => {
  client.close();
  server.close();
  server.closeAllConnections();
});

function clientOf(idleMs: number): HttpClient {
  const { port } = server.address() as AddressInfo;
  return new HttpClient({ url: `http://127.0.0.1:${port}`, connectionsMax: 1, timeoutMs: 10_000, idleMs });
}

test("a connection serves one request after another", async () => {
  client = clientOf(10_000);
  for (let n = 0; n < 3; n++) expect((await client.send(GET)).body.toString()).toBe("ok");
  expect(connections).toHaveLength(1);
});

test("one that is idle is closed by this side, before the server does it; the next request has another", async () => {
  client = clientOf(20);
  await client.send(GET);
  const [idle] = connections;
  if (idle!.closed === false) await once(idle!, "close");
  expect((await client.send(GET)).status).toBe(200);
  expect(connections).toHaveLength(2);
});

test("one that waits for its answer is not idle", async () => {
  client = clientOf(20);
  await client.send(GET);
  let answer = () => {};
  answering = new Promise((resolve) => {
    answer = resolve;
  });
  const sent = client.send(GET);
  // Several times as long as a connection may be idle.
  setTimeout(answer, 200);
  expect((await sent).status).toBe(200);
});
