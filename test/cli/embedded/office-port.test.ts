/** An office that cannot start ends, is started again, and is there once it can. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { createInterface } from "node:readline";
import { afterEach, expect, test } from "@jest/globals";
import { pathsOf } from "../../../cli/embedded/paths.js";
import { readRunFile } from "../../../cli/embedded/run-file.js";
import { systemClock } from "../../../platform/clock/system-clock.js";
import { kadunMain, Workplace } from "../../support/kadun.js";

const place = new Workplace();
let running: ChildProcess | null = null;

afterEach(async () => {
  if (running !== null && running.exitCode === null && running.signalCode === null) {
    const ended = once(running, "exit");
    running.kill("SIGKILL");
    await ended;
  }
  place.remove();
});

test("an office whose port is taken says so, ends without a word more, and comes when the port is free", async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const { port } = other.address() as AddressInfo;
  const args = [
    "start",
    "--data",
    "data",
    "--port",
    "0",
    "--office-port",
    String(port),
    "--citizen-port",
    "0",
    "--cold-start",
  ];
  const kadun = spawn(process.execPath, [kadunMain, ...args, "--log-level", "error"], {
    cwd: place.folder,
    stdio: ["ignore", "ignore", "pipe"],
  });
  running = kadun;
  const lines: string[] = [];
  const refusal = new Promise<void>((resolve) => {
    createInterface({ input: kadun.stderr }).on("line", (line) => {
      lines.push(line);
      resolve();
    });
  });
  await refusal;
  await new Promise((resolve) => other.close(resolve));
  const refused = `kadun: port ${port}: another program listens on it; end that one, or name another port with --office-port`;
  const { run } = pathsOf(place.path("data"));
  while ((readRunFile(run)?.office ?? null) === null) await systemClock.sleep(50);
  expect([...new Set(lines)]).toEqual([refused]);
  const ended = once(kadun, "exit");
  kadun.kill("SIGTERM");
  expect(await ended).toEqual([0, null]);
  expect(readRunFile(run)).toBeNull();
}, 180_000);
