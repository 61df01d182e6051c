/** The load process as the bench sees it. One load at a time. */

import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { packageRoot } from "../../cli/package-root.js";
import type { LoadReply, LoadRequest, LoadResult } from "./load-protocol.js";

/** The built file: also when a test loads this one from its source. */
const LOAD_PROCESS = join(packageRoot, "dist", "bench", "pipeline", "load-process.js");

export interface LoadGeneratorOptions {
  readonly seed: number;
  /** More than swipes under way at any moment, or a person has two at once. */
  readonly persons: number;
}

export class LoadGenerator {
  private constructor(private readonly child: ChildProcess) {}

  /** Resolves when its persons are made. */
  static async start({ seed, persons }: LoadGeneratorOptions): Promise<LoadGenerator> {
    const child = fork(LOAD_PROCESS, [String(seed), String(persons)], { execArgv: [] });
    const generator = new LoadGenerator(child);
    const reply = await generator.reply();
    if (reply.type !== "ready") throw new Error(`the load process began with '${reply.type}'`);
    return generator;
  }

  /** @throws Error where the server takes no connection or the process ended. */
  async run(request: LoadRequest): Promise<LoadResult> {
    const reply = this.reply();
    this.child.send(request);
    const said = await reply;
    if (said.type === "result") return said.result;
    throw new Error(`load on ${request.url}: ${said.type === "failed" ? said.message : said.type}`);
  }

  async close(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = once(this.child, "exit");
    this.child.disconnect();
    await exited;
  }

  private reply(): Promise<LoadReply> {
    const { child } = this;
    return new Promise((resolve, reject) => {
      const take = (message: unknown) => {
        child.off("exit", ended);
        resolve(message as LoadReply);
      };
      const ended = (code: number | null) => {
        child.off("message", take);
        reject(new Error(`the load process ended with status ${code}`));
      };
      child.once("message", take);
      child.once("exit", ended);
    });
  }
}
