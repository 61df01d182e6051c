/**
 * One process of a distributed Kadun as a child: the built `kadun ROLE` with an environment, as anybody starts it.
 *
 * Owns: the child. Does not own: the servers, the log file's content, being started again.
 *
 * 1. Only this child is ever signalled, by its id.
 * 2. Whoever starts one stops it, also after an error: nothing is left running. On Linux the kernel kills it when whoever
 *    started it dies.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { packageRoot } from "../../cli/package-root.js";
import { HttpClient } from "../../platform/http-client/http-client.js";
import { dyingWithParent } from "../../platform/lifecycle/dying-with-parent.js";
import { withLargePages } from "../../platform/lifecycle/large-pages.js";
import { pauseLog } from "./collector-pauses.js";
import { LoadError } from "./load-error.js";
import { pauseProcesses } from "./pause-processes.js";
import { putInto, type Standing } from "./standing.js";

export type RoleName = "ingest" | "detector" | "alerts" | "analytics" | "console";

export interface RoleProcessOptions {
  readonly role: RoleName;
  /** KADUN_* of the servers and keys. */
  readonly environment: Readonly<Record<string, string>>;
  /** Standard error is appended here. */
  readonly logPath: string;
  /** Where it listens; 0 for a free port. */
  readonly port?: number;
  /** To what comes first where there is too little for all. */
  readonly standing?: Standing;
  /** Folder in which it logs its collector's pauses (collector-pauses.ts). */
  readonly pausesIn?: string;
}

export interface RoleExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const MAIN = join(packageRoot, "dist", "cli", "main.js");
/** Joining a group that lost a member takes a session time-out. */
const READY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 40_000;
const REQUEST_TIMEOUT_MS = 120_000;
const LISTENING = /^kadun \w+: listening on (\S+)/;

export class RoleProcess {
  private constructor(
    readonly options: RoleProcessOptions,
    private readonly child: ChildProcess,
    readonly url: string,
    readonly exited: Promise<RoleExit>,
  ) {}

  /** Resolves when it listens. @throws LoadError with what it said where it ended before. */
  static async start(options: RoleProcessOptions): Promise<RoleProcess> {
    const log = openSync(options.logPath, "a");
    const logStart = readFileSync(options.logPath).length;
    const { role, environment, port = 0, standing = "same", pausesIn } = options;
    const pauses = pausesIn === undefined ? null : pauseLog(pausesIn);
    // A group of its own: Ctrl-C goes to the command alone, which then stops its children in order.
    const [command, args] = dyingWithParent(process.execPath, [
      ...(pauses?.nodeArguments ?? []),
      MAIN,
      role,
      "--port",
      String(port),
    ]);
    const child = spawn(command, args, {
      stdio: ["ignore", "pipe", log],
      env: { ...environmentOf(role, environment), ...pauses?.environment },
      detached: true,
    });
    closeSync(log);
    if (child.pid !== undefined) putInto(standing, child.pid);
    const exited = new Promise<RoleExit>((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (code, signal) => resolve({ code, signal }));
    });
    const tooLate = new AbortController();
    try {
      const url = await Promise.race([
        listeningUrl(child),
        failed(role, exited, options.logPath, logStart),
        after(READY_WITHIN_MS, tooLate.signal),
      ]);
      return new RoleProcess(options, child, url, exited);
    } catch (error) {
      child.kill("SIGKILL");
      throw error;
    } finally {
      tooLate.abort();
    }
  }

  get pid(): number {
    return this.child.pid!;
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** kill -9. */
  async kill(): Promise<void> {
    this.child.kill("SIGKILL");
    await this.exited;
  }

  async pause(): Promise<void> {
    await pauseProcesses([this.pid]);
  }

  resume(): void {
    this.child.kill("SIGCONT");
  }

  /** Asks it to drain and waits. @returns its exit status; null where it had to be killed. */
  async stop(): Promise<number | null> {
    if (this.isRunning) this.child.kill("SIGTERM");
    const timer = setTimeout(() => this.child.kill("SIGKILL"), STOP_WITHIN_MS);
    const { code } = await this.exited;
    clearTimeout(timer);
    return code;
  }

  /** The JSON that a route answers; null where nothing answers. @throws LoadError where it answers anything but 2xx. */
  async ask(method: "GET" | "POST", path: string, timeoutMs?: number): Promise<unknown> {
    const answer = await this.fetch(method, path, timeoutMs);
    if (answer === null) return null;
    if (answer.status >= 300)
      throw new LoadError(`${method} ${path} of ${this.options.role}: ${answer.status} ${answer.text}`);
    return JSON.parse(answer.text);
  }

  async fetch(
    method: "GET" | "POST",
    path: string,
    timeoutMs = REQUEST_TIMEOUT_MS,
  ): Promise<{ status: number; text: string } | null> {
    const client = new HttpClient({ url: this.url, connectionsMax: 1, timeoutMs });
    try {
      const { status, body } = await client.send({ method, path });
      return { status, text: body.toString() };
    } catch {
      return null;
    } finally {
      client.close();
    }
  }
}

/** A detector has what deploy/compose.yaml gives it. */
function environmentOf(role: RoleName, given: RoleProcessOptions["environment"]): NodeJS.ProcessEnv {
  const environment = { PATH: process.env.PATH, ...given };
  return role === "detector" ? withLargePages(environment) : environment;
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

async function failed(
  role: RoleName,
  exited: Promise<RoleExit>,
  logPath: string,
  logStart: number,
): Promise<never> {
  const { code, signal } = await exited;
  const said = readFileSync(logPath).subarray(logStart).toString().trim();
  const from = said.lastIndexOf("kadun: ");
  throw new LoadError(
    from < 0 ? `kadun ${role} ended with ${code ?? signal}: ${said.slice(-2000)}` : said.slice(from),
  );
}

async function after(ms: number, signal: AbortSignal): Promise<never> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
    });
  });
  throw new LoadError(`it does not listen after ${ms} ms: see the log`);
}
