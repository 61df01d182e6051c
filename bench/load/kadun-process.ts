/**
 * A Kadun that runs as a child: the built `kadun start` over a data directory, as anybody starts it.
 *
 * Owns: the child and its log file. Does not own: the data directory, the office (the child's own child).
 *
 * 1. Only processes of this run are ever signalled: the child itself, and an office whose parent the child is.
 * 2. Whoever starts one stops it, also after an error: nothing is left running.
 */

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathsOf } from "../../cli/embedded/paths.js";
import { type RunFile, readRunFile } from "../../cli/embedded/run-file.js";
import { packageRoot } from "../../cli/package-root.js";
import { dyingWithParent } from "../../platform/lifecycle/dying-with-parent.js";
import { pauseLog } from "./collector-pauses.js";
import { LoadError } from "./load-error.js";

export interface KadunProcessOptions {
  readonly dataDirectory: string;
  /** Standard error of both processes is appended here. */
  readonly logPath: string;
  /** Further arguments of `start`. */
  readonly args?: readonly string[];
  /** Folder in which both processes log their collectors' pauses (collector-pauses.ts). */
  readonly pausesIn?: string;
}

/** `start` ended before it listened; the message is what it said. */
export class StartFailed extends LoadError {
  override readonly name = "StartFailed";
}

interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const MAIN = join(packageRoot, "dist", "cli", "main.js");
/** A replay of the journal after a crash, on a busy machine. */
const READY_WITHIN_MS = 60_000;
/** The first start makes the databases: some seconds, more on a busy machine. */
const OFFICE_WITHIN_MS = 90_000;
/** Draining takes a second or two. */
const STOP_WITHIN_MS = 60_000;
const POLL_MS = 50;
const LISTENING = /^kadun: listening on (\S+)/;

export class KadunProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly dataDirectory: string,
    /** Of the swipe process. */
    readonly url: string,
    readonly exited: Promise<Exit>,
  ) {}

  /** Resolves when it listens. @throws StartFailed. */
  static async start(options: KadunProcessOptions): Promise<KadunProcess> {
    const { dataDirectory, logPath, args = [], pausesIn } = options;
    const log = openSync(logPath, "a");
    const logStart = readFileSync(logPath).length;
    // A group of its own: Ctrl-C goes to the command alone, which then stops its children in order.
    const start = [
      "start",
      "--data",
      dataDirectory,
      "--port",
      "0",
      "--office-port",
      "0",
      "--citizen-port",
      "0",
      ...args,
    ];
    const pauses = pausesIn === undefined ? null : pauseLog(pausesIn);
    const [command, commandArgs] = dyingWithParent(process.execPath, [
      ...(pauses?.nodeArguments ?? []),
      MAIN,
      ...start,
    ]);
    const child = spawn(command, commandArgs, {
      stdio: ["ignore", "pipe", log],
      env: { ...process.env, ...pauses?.environment },
      detached: true,
    });
    closeSync(log);
    const exited = new Promise<Exit>((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (code, signal) => resolve({ code, signal }));
    });
    try {
      const url = await Promise.race([
        listeningUrl(child),
        failedStart(exited, logPath, logStart),
        tooLate(),
      ]);
      return new KadunProcess(child, dataDirectory, url, exited);
    } catch (error) {
      child.kill("SIGKILL");
      throw error;
    }
  }

  get pid(): number {
    return this.child.pid!;
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  get apiKey(): string {
    return readFileSync(pathsOf(this.dataDirectory).localKey, "utf8").trim();
  }

  /** The office as the run file names it; null while it is not up. */
  office(): NonNullable<RunFile["office"]> | null {
    const run = readRunFile(pathsOf(this.dataDirectory).run);
    return run === null || run.swipe.pid !== this.pid ? null : run.office;
  }

  /** Waits for an office other than the one given. */
  async officeUp(notPid?: number): Promise<NonNullable<RunFile["office"]>> {
    for (const endMs = performance.now() + OFFICE_WITHIN_MS; performance.now() < endMs; ) {
      const office = this.office();
      if (office !== null && office.pid !== notPid && isChildOf(office.pid, this.pid)) return office;
      if (!this.isRunning) throw new LoadError("kadun start ended while its office was waited for");
      await pause(POLL_MS);
    }
    throw new LoadError(`the office did not come up within ${OFFICE_WITHIN_MS} ms: see the log`);
  }

  /** kill -9 of the swipe process. */
  async kill(): Promise<void> {
    this.child.kill("SIGKILL");
    await this.exited;
  }

  /** kill -9 of the office, if it is our child's. */
  killOffice(pid: number): boolean {
    if (!isChildOf(pid, this.pid)) return false;
    try {
      process.kill(pid, "SIGKILL");
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
      throw error;
    }
  }

  /** Asks it to drain and waits. @returns its exit status; null where it had to be killed. */
  async stop(): Promise<number | null> {
    if (this.isRunning) this.child.kill("SIGTERM");
    const timer = setTimeout(() => this.child.kill("SIGKILL"), STOP_WITHIN_MS);
    const { code } = await this.exited;
    clearTimeout(timer);
    return code;
  }
}

function listeningUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    // Reads on after the line: a full pipe would stop the child.
    createInterface({ input: child.stdout! }).on("line", (line) => {
      const url = LISTENING.exec(line)?.[1];
      if (url !== undefined) resolve(url);
    });
  });
}

async function failedStart(exited: Promise<Exit>, logPath: string, logStart: number): Promise<never> {
  const { code, signal } = await exited;
  const said = readFileSync(logPath).subarray(logStart).toString().trim();
  const last = said.split("\n").findLast((line) => line.startsWith("kadun:")) ?? said.slice(-2000);
  throw new StartFailed(last === "" ? `kadun start ended with ${code ?? signal}` : last);
}

async function tooLate(): Promise<never> {
  await new Promise((resolve) => setTimeout(resolve, READY_WITHIN_MS).unref());
  throw new StartFailed(`kadun start does not listen after ${READY_WITHIN_MS} ms: see the log`);
}

function isChildOf(pid: number, parentPid: number): boolean {
  try {
    return Number(execFileSync("ps", ["-o", "ppid=", "-p", String(pid)]).toString()) === parentPid;
  } catch {
    // ps ends with 1 where there is no such process.
    return false;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
