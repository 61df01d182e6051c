/** A command of the built program that has to end by itself, and what it says of it: one message, for an operator. */

import { spawn } from "node:child_process";
import { expect } from "@jest/globals";
import { kadunMain } from "../support/kadun.js";

/** Nobody waits longer to learn that a password is wrong; a supervisor's health check neither. */
const ENDS_WITHIN_MS = 30_000;

export interface EndedRun {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly tookMs: number;
}

export type Environment = Readonly<Record<string, string>>;

/** Nothing of this process' environment but the path goes to it. @throws Error with what it said, where it had to be killed. */
export async function runToEnd(
  args: readonly string[],
  environment: Environment,
  withinMs = ENDS_WITHIN_MS,
): Promise<EndedRun> {
  const startedMs = performance.now();
  const child = spawn(process.execPath, [kadunMain, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env.PATH, ...environment },
  });
  const [stdout, stderr]: [string[], string[]] = [[], []];
  child.stdout.on("data", (text) => stdout.push(String(text)));
  child.stderr.on("data", (text) => stderr.push(String(text)));
  const timer = setTimeout(() => child.kill("SIGKILL"), withinMs);
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code));
  });
  clearTimeout(timer);
  if (status === null)
    throw new Error(
      `kadun ${args.join(" ")} did not end within ${withinMs} ms: ${stdout.join("")}${stderr.join("")}`,
    );
  return {
    status,
    stdout: stdout.join(""),
    stderr: stderr.join(""),
    tookMs: Math.round(performance.now() - startedMs),
  };
}

export interface RefusalWanted {
  readonly status: 1 | 64;
  /** Parts of the message: the input, what was expected, the next step. */
  readonly says: readonly (string | RegExp)[];
  readonly secrets: readonly string[];
}

/** One message that begins with "kadun: ", among log lines (JSON) only; no stack trace, no secret. */
export function expectRefusal(run: EndedRun, { status, says, secrets }: RefusalWanted): void {
  const message = messageOf(run);
  expect({ status: run.status, message }).toEqual({ status, message: expect.stringMatching(/^kadun: \S/) });
  expect(message.split("\n").filter((line) => line.startsWith("kadun: "))).toHaveLength(1);
  for (const part of says)
    expect(message).toEqual(
      typeof part === "string" ? expect.stringContaining(part) : expect.stringMatching(part),
    );
  expect(message).not.toMatch(/^\s+at /m);
  for (const secret of secrets) expect(`${run.stdout}${run.stderr}`).not.toContain(secret);
  // It has never said that it listens.
  expect(run.stdout).not.toContain("listening");
}

function messageOf({ stderr }: EndedRun): string {
  return stderr
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("{"))
    .join("\n");
}
