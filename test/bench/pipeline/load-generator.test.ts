/** The load process on a server that answers as a gateway does, and what the kernel says of a process. */

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { LoadGenerator } from "../../../bench/pipeline/load-generator.js";
import { eventLoopFigures } from "../../../bench/pipeline/load-on-kadun.js";
import { parentOf, readBusySeconds, readUsage } from "../../../bench/pipeline/process-usage.js";

const ANSWERS = [
  { action: "approve", standIn: false, degraded: false },
  { action: "challenge", standIn: true, degraded: true },
  "no answer",
];

let count = 0;
const keys = new Set<string | undefined>();
const server = createServer((request, response) => {
  keys.add(request.headers.authorization);
  request.resume();
  request.on("end", () => {
    const body = JSON.stringify(ANSWERS[count++ % ANSWERS.length]);
    response.writeHead(200, { "content-length": Buffer.byteLength(body) });
    response.end(body);
  });
});
let generator: LoadGenerator;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  generator = await LoadGenerator.start({ seed: 1, persons: 500 });
});

afterAll(async () => {
  await generator.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function load() {
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return generator.run({ url, path: "/", apiKey: "secret", ratePerSecond: 300, seconds: 1 });
}

test("counts what the answers said, one load after another", async () => {
  for (const _load of [1, 2]) {
    count = 0;
    const { answered, actions, standIns, degraded, unreadable, sent, bodyBytesMean, ...generator } =
      await load();
    const { generatorCpuSeconds, generatorPauses } = generator;
    expect(answered).toBe(count);
    expect(sent).toBe(count);
    expect(count).toBeGreaterThan(200);
    const third = Math.floor(count / 3);
    expect(actions.approve).toBe(Math.ceil(count / 3));
    for (const each of [actions.challenge, standIns, degraded, unreadable]) {
      expect(each).toBeGreaterThanOrEqual(third);
      expect(each).toBeLessThanOrEqual(third + 1);
    }
    expect(bodyBytesMean).toBeGreaterThan(300);
    expect(generatorCpuSeconds).toBeGreaterThan(0);
    expect(generatorPauses).toEqual({
      count: expect.any(Number),
      totalMs: expect.any(Number),
      longestMs: expect.any(Number),
    });
  }
  expect(keys).toEqual(new Set(["Bearer secret"]));
});

const onLinux = process.platform === "linux" ? test : test.skip;

onLinux("the kernel's figures of this process are those Node gives", () => {
  for (const endMs = performance.now() + 30; performance.now() < endMs; );
  const { user, system } = process.cpuUsage();
  const usage = readUsage(process.pid)!;
  expect(usage.cpuSeconds).toBeCloseTo((user + system) / 1e6, 0);
  const residentMb = process.memoryUsage().rss / 1_048_576;
  expect(Math.abs(usage.residentMb - residentMb)).toBeLessThan(residentMb / 4);
  expect(usage.residentPeakMb).toBeGreaterThanOrEqual(usage.residentMb);
  expect(parentOf(process.pid)).toBe(process.ppid);
  const busyBefore = readBusySeconds()!;
  for (const endMs = performance.now() + 100; performance.now() < endMs; );
  expect(readBusySeconds()! - busyBefore).toBeGreaterThan(0);
});

test("a process that is not there has no figures and no parent", () => {
  expect(readUsage(2 ** 30)).toBeNull();
  expect(parentOf(2 ** 30)).toBeNull();
});

test("finds the lines about the event loop among the metrics", () => {
  const metrics = [
    "# TYPE nodejs_eventloop_lag_p99_seconds gauge",
    "nodejs_eventloop_lag_p99_seconds 0.0123",
    'kadun_process_event_loop_seconds{quantile="1"} 1.5e-3',
    "kadun_ingest_requests_total 5",
  ].join("\n");
  expect(eventLoopFigures(metrics)).toEqual({
    nodejs_eventloop_lag_p99_seconds: 0.0123,
    kadun_process_event_loop_seconds: 0.0015,
  });
});
