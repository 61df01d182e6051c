/** The load on real servers: what is counted, and that a slow server delays nobody's arrival. */

import { createServer, type Server } from "node:http";
import { type AddressInfo, createServer as createSocketServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, expect, test } from "@jest/globals";
import { type OpenLoopOptions, runOpenLoop } from "../../../bench/pipeline/open-loop.js";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

type Handle = (body: string, count: number) => Promise<{ status: number; body: string }>;

async function serve(handle: Handle): Promise<{ port: number; bodies: string[] }> {
  const bodies: string[] = [];
  const server: Server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", async () => {
      const text = Buffer.concat(pieces).toString();
      bodies.push(text);
      const { status, body } = await handle(text, bodies.length);
      response.writeHead(status, { "content-length": Buffer.byteLength(body) });
      response.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { port: (server.address() as AddressInfo).port, bodies };
}

function load(port: number, count: number, gapMs: number, options: Partial<OpenLoopOptions> = {}) {
  return runOpenLoop({
    host: "127.0.0.1",
    port,
    dueMs: Float64Array.from({ length: count }, (_, index) => index * gapMs),
    frames: Array.from({ length: count }, (_, index) => {
      const body = `request-${index}`;
      return Buffer.from(`POST / HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
    }),
    connectionsMin: 2,
    connectionsMax: 8,
    patienceMs: 10_000,
    ...options,
  });
}

test("sends every request once and hands out every body", async () => {
  const { port, bodies } = await serve(async (body) => ({ status: 200, body: `${body}!` }));
  const answers: string[] = [];
  const result = await load(port, 200, 1, { onBody: (body) => answers.push(body.toString()) });
  const expected = Array.from({ length: 200 }, (_, index) => `request-${index}`);
  expect([...bodies].sort()).toEqual([...expected].sort());
  expect([...answers].sort()).toEqual(expected.map((body) => `${body}!`).sort());
  expect(result).toMatchObject({
    sent: 200,
    answered: 200,
    statuses: { "200": 200 },
    broken: 0,
    unanswered: 0,
  });
  expect(result.latency.count).toBe(200);
});

test("counts the time a request waited for a connection: a pause shows in all latencies behind it", async () => {
  const pauseMs = 200;
  const { port } = await serve(async (_body, count) => {
    if (count === 1) await pause(pauseMs);
    return { status: 200, body: "{}" };
  });
  const result = await load(port, 50, 2, { connectionsMin: 1, connectionsMax: 1 });
  // 50 requests within 100 ms, all behind the first: a client that waits for answers would report one slow request.
  expect(result.latency.p50Ms).toBeGreaterThan(pauseMs / 2);
  expect(result.latencyFromSend.p50Ms).toBeLessThan(pauseMs / 2);
  expect(result.outstandingAtEnd).toBeGreaterThan(40);
});

test("opens more connections while all are busy, up to the limit", async () => {
  const { port } = await serve(async () => {
    await pause(60);
    return { status: 200, body: "{}" };
  });
  const result = await load(port, 40, 1, { patienceMs: 2000 });
  expect(result).toMatchObject({ answered: 40, connections: 8 });
});

test("counts other statuses apart, without a latency", async () => {
  const { port } = await serve(async (_body, count) => ({ status: count % 2 === 0 ? 200 : 503, body: "{}" }));
  const result = await load(port, 10, 1);
  expect(result.statuses).toEqual({ "200": 5, "503": 5 });
  expect(result.latency.count).toBe(5);
});

test("what is never answered is counted with the time it waited", async () => {
  const { port } = await serve((_body, count) =>
    count === 3 ? new Promise(() => {}) : Promise.resolve({ status: 200, body: "{}" }),
  );
  const result = await load(port, 10, 1, { patienceMs: 1_000 });
  expect(result).toMatchObject({ answered: 9, unanswered: 1 });
  expect(result.latency.count).toBe(10);
  expect(result.latency.maxMs).toBeGreaterThan(990);
});

async function serveBytes(answer: string): Promise<number> {
  const server = createSocketServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", () => socket.end(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => new Promise((resolve) => server.close(() => resolve())));
  return (server.address() as AddressInfo).port;
}

test("a connection that breaks ends its request only; others go on over new ones", async () => {
  const port = await serveBytes("");
  const result = await load(port, 6, 20, { connectionsMin: 1 });
  expect(result).toMatchObject({ answered: 0, broken: 6, unanswered: 0 });
});

test("an answer without a length is never guessed", async () => {
  const port = await serveBytes("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n");
  const result = await load(port, 3, 20, { connectionsMin: 1 });
  expect(result).toMatchObject({ answered: 0, broken: 3 });
});

test("reads an answer that arrives in pieces", async () => {
  const server = createSocketServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", async () => {
      for (const piece of ["HTTP/1.1 200 OK\r\nContent-", "Length: 4\r\n", "\r", "\nab", "cd"]) {
        socket.write(piece);
        await pause(5);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => new Promise((resolve) => server.close(() => resolve())));
  const bodies: string[] = [];
  const { port } = server.address() as AddressInfo;
  await load(port, 2, 1, { onBody: (body) => bodies.push(body.toString()) });
  expect(bodies).toEqual(["abcd", "abcd"]);
});

test("a server that takes no connection is an error at once", async () => {
  const { port } = await serve(async () => ({ status: 200, body: "{}" }));
  for (const close of closing.splice(0)) await close();
  await expect(load(port, 10, 1)).rejects.toThrow(/ECONNREFUSED/);
});
