/**
 * One server program as a child of this process, that can be killed, paused and started again.
 *
 * Owns: the process with its children, its log. Does not own: its directory and data, its port.
 * 1. `start` resolves when the log has the line by which the server says that it is ready, and rejects with the last
 *    lines of the log when it ends before or the deadline has passed.
 * 2. `kill` and `stop` resolve when the process and all its children are gone: the next `start` finds the port and the
 *    data free.
 * 3. On Linux the kernel kills the server when the process that started it dies; elsewhere the next start of a server
 *    does (`server-directory.ts`).
 */

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pauseProcesses, resumeProcesses } from "../../../bench/load/pause-processes.js";
import { putInto, type Standing } from "../../../bench/load/standing.js";
import { dyingWithParent } from "../../../platform/lifecycle/dying-with-parent.js";
import { isStarted, startOf } from "../../../platform/lifecycle/process-start.js";
import type { Server } from "./server.js";
import { noteEnded, noteRunning } from "./server-directory.js";

/** A broker on a busy machine with two cores takes 15 s. */
const READY_MS = 90_000;
const STOP_MS = 30_000;
const POLL_MS = 25;
const LAST_LINES = 30;

export interface ServerProgram {
  /** As it stands in errors: "Kafka node 1". */
  readonly name: string;
  /** Of `makeServerDirectory`. */
  readonly directory: string;
  /** Its log there is `<logName>-<number of the start>.log`. */
  readonly logName: string;
  readonly command: string;
  readonly arguments: readonly string[];
  readonly user?: { readonly uid: number; readonly gid: number };
  readonly readyLine: RegExp;
  /** Signal of an orderly stop; SIGTERM unless told. */
  readonly stopSignal?: NodeJS.Signals;
  /** To what comes first; one that is not the same has a session of its own. */
  readonly standing?: Standing;
}

interface Running {
  readonly child: ChildProcess;
  readonly gone: Promise<unknown>;
  readonly logFile: string;
}

export class ServerProcess implements Server {
  private running: Running | null = null;
  private starts = 0;

  constructor(private readonly program: ServerProgram) {}

  /** Of the last start. */
  get pid(): number {
    const pid = this.running?.child.pid;
    if (pid === undefined) throw new Error(`${this.program.name} does not run: start() it first`);
    return pid;
  }

  async start(): Promise<void> {
    if (this.running !== null && !hasExited(this.running.child))
      throw new Error(`${this.program.name} runs already as process ${this.pid}`);
    const running = this.launch();
    this.running = running;
    await this.untilReady(running);
  }

  /** kill -9, the children too; nothing when it does not run. */
  async kill(): Promise<void> {
    const running = this.running;
    if (running === null) return;
    await this.end(running, "SIGKILL");
  }

  discard(): Promise<void> {
    return this.kill();
  }

  /** Orderly. Killed, with an error, when it takes too long. */
  async stop(): Promise<void> {
    const running = this.running;
    if (running === null) return;
    await this.resume();
    const late = setTimeout(() => running.child.kill("SIGKILL"), STOP_MS);
    await this.end(running, this.program.stopSignal ?? "SIGTERM");
    clearTimeout(late);
    if (running.child.signalCode === "SIGKILL")
      throw new Error(`${this.program.name} did not stop within ${STOP_MS} ms and was killed`);
  }

  /** SIGSTOP: its connections stay open and nothing answers. */
  async pause(): Promise<void> {
    await pauseProcesses(this.tree());
  }

  async resume(): Promise<void> {
    resumeProcesses(this.tree());
  }

  private tree(): readonly number[] {
    return [this.pid, ...childrenOf(this.pid)];
  }

  private launch(): Running {
    const { program } = this;
    const logFile = join(program.directory, `${program.logName}-${++this.starts}.log`);
    const log = openSync(logFile, "a");
    const { standing = "same" } = program;
    const [command, args] = dyingWithParent(program.command, program.arguments);
    const child = spawn(command, args, {
      cwd: program.directory,
      stdio: ["ignore", log, log],
      // Ready lines are looked for in English.
      env: { ...process.env, NODE_OPTIONS: "", LC_ALL: "C.UTF-8" },
      ...program.user,
      // The group of its session is put into the background with it (platform/lifecycle/background.ts).
      detached: standing !== "same",
    });
    closeSync(log);
    if (child.pid !== undefined) putInto(standing, child.pid);
    // After an error of the spawn itself `untilReady` finds no pid.
    const gone = new Promise((resolve) => child.once("exit", resolve).once("error", resolve));
    if (child.pid !== undefined) noteRunning(program.directory, child.pid);
    return { child, gone, logFile };
  }

  private async untilReady(running: Running): Promise<void> {
    const { child, logFile } = running;
    const deadlineMs = Date.now() + READY_MS;
    while (!this.program.readyLine.test(readFileSync(logFile, "utf8"))) {
      if (child.pid === undefined)
        await this.failed(running, `could not be started: is ${this.program.command} there?`);
      if (hasExited(child))
        await this.failed(running, `ended with ${child.exitCode ?? child.signalCode} before it was ready`);
      if (Date.now() > deadlineMs) await this.failed(running, `was not ready within ${READY_MS} ms`);
      await sleep(POLL_MS);
    }
  }

  private async failed(running: Running, what: string): Promise<never> {
    const lines = lastLinesOf(running.logFile);
    if (running.child.pid === undefined) this.running = null;
    else await this.kill();
    throw new Error(`${this.program.name} ${what}; the last lines of its log:\n${lines}`);
  }

  private async end(running: Running, signal: NodeJS.Signals): Promise<void> {
    const { child } = running;
    const pid = child.pid!;
    const children = childrenOf(pid).map((each) => ({ pid: each, startedAt: startOf(each) ?? "" }));
    child.kill(signal);
    if (signal === "SIGKILL") for (const each of children) killQuietly(each.pid);
    await running.gone;
    while (children.some((each) => isStarted(each.pid, each.startedAt))) await sleep(POLL_MS);
    noteEnded(this.program.directory, pid);
    this.running = null;
  }
}

function hasExited(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function lastLinesOf(file: string): string {
  return readFileSync(file, "utf8").trimEnd().split("\n").slice(-LAST_LINES).join("\n");
}

function childrenOf(pid: number): readonly number[] {
  const said =
    process.platform === "linux"
      ? readOrEmpty(`/proc/${pid}/task/${pid}/children`)
      : outputOrEmpty("pgrep", ["-P", String(pid)]);
  return said.split(/\s+/).filter(Boolean).map(Number);
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** pgrep ends with 1 where there is none. */
function outputOrEmpty(command: string, args: readonly string[]): string {
  try {
    return execFileSync(command, args, { encoding: "utf8" });
  } catch {
    return "";
  }
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It went with its parent.
  }
}
