import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { afterEach, expect, test } from "@jest/globals";

const dist = (path: string) =>
  JSON.stringify(new URL(`../../../dist/platform/${path}`, import.meta.url).href);
const started: ChildProcess[] = [];

afterEach(async () => {
  for (const child of started.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  }
});

/** A process of its own (signals are per process) in which `shutdown` is made; it says what it does line by line. */
function run({ close, deadlineMs, body }: { close: string; deadlineMs: number; body: string }) {
  const program = `
    import { Shutdown } from ${dist("lifecycle/shutdown.js")};
    import { silentLogger } from ${dist("logger/logger.js")};
    const say = (text) => process.stdout.write(text + "\\n");
    const heard = () => new Promise((resolve) => process.stdin.once("data", resolve));
    const logger = { ...silentLogger, error: (event) => say(event) };
    const shutdown = new Shutdown({ logger, deadlineMs: ${deadlineMs}, close: async () => { ${close} } });
    say("made");
    ${body}
    process.stdin.unref();`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  started.push(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => (await lines.next()).value as string | undefined;
  const ended = once(child, "close").then(([status, signal]) => (status ?? signal) as number | string);
  return { child, next, ended };
}

const OPEN_AT_ONCE =
  "const open = setInterval(() => {}, 1000); process.exitCode = await shutdown.done; clearInterval(open);";

test.each(["SIGTERM", "SIGINT"] as const)("%s closes everything and ends with status 0", async (signal) => {
  const { child, next, ended } = run({ close: 'say("closed");', deadlineMs: 5000, body: OPEN_AT_ONCE });
  await next();
  child.kill(signal);
  expect(await next()).toBe("closed");
  expect(await ended).toBe(0);
});

test("a signal while parts are being opened closes them when all are open", async () => {
  const { child, next, ended } = run({
    close: 'say("closed");',
    deadlineMs: 5000,
    body: `process.once("SIGTERM", () => say("signal")); await heard(); say("opened"); ${OPEN_AT_ONCE}`,
  });
  await next();
  child.kill("SIGTERM");
  expect(await next()).toBe("signal");
  child.stdin?.write("go on\n");
  expect(await next()).toBe("opened");
  expect(await next()).toBe("closed");
  expect(await ended).toBe(0);
});

test("a start that hangs when it is to end is ended at the deadline with status 1", async () => {
  const { child, next, ended } = run({
    close: 'say("closed");',
    deadlineMs: 100,
    body: "await heard(); setInterval(() => {}, 1000); await new Promise(() => {});",
  });
  await next();
  child.stdin?.write("go on\n");
  child.kill("SIGTERM");
  expect(await next()).toBe("lifecycle.close-deadline");
  expect(await ended).toBe(1);
});

test("Ctrl-C that the parent passes on as well is one wish", async () => {
  const { child, next, ended } = run({
    close: 'say("closing"); await heard(); say("closed");',
    deadlineMs: 5000,
    body: `process.on("SIGINT", () => say("second")); ${OPEN_AT_ONCE}`,
  });
  await next();
  child.kill("SIGTERM");
  expect(await next()).toBe("closing");
  child.kill("SIGINT");
  expect(await next()).toBe("second");
  child.stdin?.write("go on\n");
  expect(await next()).toBe("closed");
  expect(await ended).toBe(0);
});

test("a second signal some time later ends at once with status 1", async () => {
  const { child, next, ended } = run({
    close: 'setTimeout(() => say("closing"), 1100); await new Promise(() => {});',
    deadlineMs: 60_000,
    body: OPEN_AT_ONCE,
  });
  await next();
  child.kill("SIGTERM");
  expect(await next()).toBe("closing");
  child.kill("SIGINT");
  expect(await ended).toBe(1);
});

test("closing that takes too long is ended at the deadline with status 1", async () => {
  const { child, next, ended } = run({
    close: "await new Promise(() => {});",
    deadlineMs: 100,
    body: OPEN_AT_ONCE,
  });
  await next();
  child.kill("SIGTERM");
  expect(await next()).toBe("lifecycle.close-deadline");
  expect(await ended).toBe(1);
});

test("closing that fails is logged and ends with status 1", async () => {
  const { child, next, ended } = run({
    close: 'throw new Error("disk");',
    deadlineMs: 5000,
    body: OPEN_AT_ONCE,
  });
  await next();
  child.kill("SIGTERM");
  expect(await next()).toBe("lifecycle.close-failed");
  expect(await ended).toBe(1);
});

test("an end that the program asks for has the status it gives", async () => {
  const { next, ended } = run({
    close: 'say("closed");',
    deadlineMs: 5000,
    body: `shutdown.request(1); ${OPEN_AT_ONCE}`,
  });
  await next();
  expect(await next()).toBe("closed");
  expect(await ended).toBe(1);
});
