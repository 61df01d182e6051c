import { once } from "node:events";
import { type AddressInfo, connect, type Socket } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import { afterEach, expect, test } from "@jest/globals";
import Fastify, { type FastifyInstance } from "fastify";
import { gatewayEnd } from "../../../cli/process/gateway-end.js";
import { systemClock } from "../../../platform/clock/system-clock.js";

const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

async function listening(app: FastifyInstance): Promise<number> {
  await app.listen({ host: "127.0.0.1", port: 0 });
  return (app.server.address() as AddressInfo).port;
}

async function connected(app: FastifyInstance, port: number, sent: string): Promise<Socket> {
  const accepted = once(app.server, "connection");
  const socket = connect(port, "127.0.0.1");
  sockets.push(socket);
  // A connection that is cut may be reset.
  socket.on("error", () => {});
  socket.write(sent);
  await accepted;
  return socket;
}

test.each([
  ["has sent nothing yet", "", 800, 2800],
  ["stopped in its head", "POST /x HTTP/1.1\r\nHost: x\r\n", 1, 2001],
  [
    "stopped in its body",
    "POST /x HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{",
    60_000,
    10_000,
  ],
])("a connection that %s is cut after the grace", async (_, sent, answerTimeLimitMs, graceMs) => {
  const app = Fastify();
  app.post("/x", async () => "");
  const port = await listening(app);
  const begun = sent.includes("{") ? once(app.server, "request") : null;
  const socket = await connected(app, port, sent);
  await begun;
  const cut = new Promise((resolve) => socket.once("close", resolve));
  socket.resume();
  let sleptMs = 0;
  const clock = {
    now: () => 0,
    sleep: async (ms: number) => {
      sleptMs += ms;
      await turn();
    },
  };
  await gatewayEnd(app, clock, answerTimeLimitMs).close();
  await cut;
  expect(sleptMs).toBeGreaterThanOrEqual(graceMs);
  expect(sleptMs).toBeLessThan(graceMs + 50);
});

test("a request under way is answered; its connection, kept for a next one, is not waited for", async () => {
  const app = Fastify({ keepAliveTimeout: 75_000 });
  const asked = deferred<void>();
  const answer = deferred<string>();
  app.get("/x", () => {
    asked.resolve();
    return answer.promise;
  });
  const socket = await connected(app, await listening(app), "GET /x HTTP/1.1\r\nHost: x\r\n\r\n");
  await asked.promise;
  const closed = gatewayEnd(app, systemClock, 60_000).close();
  // The listener is gone: whoever comes now is refused; the request is still under way.
  while (app.server.listening) await turn();
  answer.resolve("decided");
  const [bytes] = (await once(socket, "data")) as [Buffer];
  expect(bytes.toString()).toContain("decided");
  await closed;
});

function deferred<Value>() {
  let resolve: (value: Value) => void = () => {};
  const promise = new Promise<Value>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
