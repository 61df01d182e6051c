/**
 * Starts the front: ClickHouse's HTTP interface over chdb in a child process, for tests and demonstrations where no
 * ClickHouse server is to be had. **It is no ClickHouse server**: what passes against it shows how the client behaves
 * on HTTP (retries, connections kept and cut, time-outs, errors) and that the SQL runs on ClickHouse's engine; it says
 * nothing about users and grants, queues, quotas, replication, TLS or old releases of a server.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pauseProcesses } from "../../../bench/load/pause-processes.js";
import { putInto, type Standing } from "../../../bench/load/standing.js";
import type { FaultPlan, FrontFault, RequestKind } from "./front-fault.js";
import type { FrontNews, FrontOrder } from "./front-program.js";

const HOOKS = fileURLToPath(new URL("../../contract/typescript-hooks.mjs", import.meta.url));
const PROGRAM = fileURLToPath(new URL("./front-program.ts", import.meta.url));
/** As a ClickHouse server has it. */
const KEEP_ALIVE_MS = 10_000;

export interface FrontOptions {
  readonly user?: string;
  readonly password?: string;
  readonly keepAliveMs?: number;
  /** The user may not make databases. */
  readonly databaseForbidden?: boolean;
  readonly faults?: readonly FaultPlan[];
  /** To what comes first; one that is not the same has a session of its own. */
  readonly standing?: Standing;
}

export interface ClickhouseFront {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  readonly pid: number;
  /** Faults that have struck so far. */
  readonly struck: readonly FrontFault["kind"][];
  /** The next so many requests of a kind meet the fault. */
  plan(fault: FrontFault, on?: RequestKind | "any", times?: number): Promise<void>;
  /** No faults from here on. */
  clearPlans(): Promise<void>;
  /** Resolves when the next request of a kind has come in, or is done and not yet answered; or so many of them. */
  next(phase: "begun" | "done", on: RequestKind, times?: number): Promise<void>;
  /** kill -9; resolves when it is gone. */
  kill(): Promise<void>;
  /** Again, on the same port and data. */
  start(): Promise<void>;
  pause(): void;
  resume(): void;
  /** Ends it and removes its data. */
  close(): Promise<void>;
}

export async function startClickhouseFront(options: FrontOptions = {}): Promise<ClickhouseFront> {
  const directory = await mkdtemp(join(tmpdir(), "kadun-front-"));
  const front = new ChildFront(directory, options);
  try {
    await front.start();
    for (const { fault, on, times } of options.faults ?? []) await front.plan(fault, on, times);
  } catch (error) {
    await front.close();
    throw error;
  }
  return front;
}

class ChildFront implements ClickhouseFront {
  readonly user: string;
  readonly password: string;
  readonly struck: FrontFault["kind"][] = [];
  private readonly news = new EventEmitter().setMaxListeners(0);
  private child: ChildProcess | null = null;
  private port = 0;

  constructor(
    private readonly directory: string,
    private readonly options: FrontOptions,
  ) {
    this.user = options.user ?? "kadun";
    this.password = options.password ?? "front";
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    return this.running().pid!;
  }

  async start(): Promise<void> {
    const order: FrontOrder = {
      directory: join(this.directory, "data"),
      port: this.port,
      user: this.user,
      password: this.password,
      keepAliveMs: this.options.keepAliveMs ?? KEEP_ALIVE_MS,
      databaseForbidden: this.options.databaseForbidden ?? false,
    };
    const { standing = "same" } = this.options;
    const child = spawn(process.execPath, ["--import", HOOKS, PROGRAM, JSON.stringify(order)], {
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      // NODE_OPTIONS of the test runner are not the child's.
      env: { ...process.env, NODE_OPTIONS: "" },
      detached: standing !== "same",
    });
    this.child = child;
    if (child.pid !== undefined) putInto(standing, child.pid);
    let complaint = "";
    child.stderr!.on("data", (text) => {
      complaint = `${complaint}${text}`.slice(-4000);
    });
    child.on("message", (news: FrontNews) => this.hear(news));
    const gone = once(child, "exit").then(() => {
      throw new Error(`the front has ended before it listened: ${complaint}`);
    });
    // Heard of below, or the end was asked for.
    gone.catch(() => {});
    await Promise.race([once(this.news, "listening"), gone]);
  }

  async plan(fault: FrontFault, on: RequestKind | "any" = "any", times = 1): Promise<void> {
    const plan: FaultPlan = { fault, on, times };
    await this.order(plan);
  }

  clearPlans(): Promise<void> {
    return this.order({ clear: true });
  }

  next(phase: "begun" | "done", on: RequestKind, times = 1): Promise<void> {
    const name = `${phase} ${on}`;
    return new Promise((resolve) => {
      let left = times;
      // Listened to throughout: several may be told in one turn of the event loop.
      const heard = () => {
        left--;
        if (left > 0) return;
        this.news.off(name, heard);
        resolve();
      };
      this.news.on(name, heard);
    });
  }

  async kill(): Promise<void> {
    const child = this.running();
    this.child = null;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  }

  async pause(): Promise<void> {
    await pauseProcesses([this.running().pid!]);
  }

  resume(): void {
    this.running().kill("SIGCONT");
  }

  async close(): Promise<void> {
    if (this.child !== null) await this.kill();
    await rm(this.directory, { recursive: true, force: true });
  }

  private async order(message: FaultPlan | { readonly clear: true }): Promise<void> {
    const heard = once(this.news, "planned");
    this.running().send(message);
    await heard;
  }

  private hear(news: FrontNews): void {
    if (news.type === "listening") this.port = news.port;
    if (news.type === "struck") this.struck.push(news.kind);
    this.news.emit(news.type === "begun" || news.type === "done" ? `${news.type} ${news.on}` : news.type);
  }

  private running(): ChildProcess {
    if (this.child === null) throw new Error("the front was killed; start it again first");
    return this.child;
  }
}
