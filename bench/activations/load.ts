/** The load process as the bench sees it. */

import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { packageRoot } from "../../cli/package-root.js";
import type { LoadDone, LoadOrder, LoadSays } from "./load-messages.js";

/** The built file: also when a test loads this one from its source. */
const LOAD_PROCESS = join(packageRoot, "dist", "bench", "activations", "load-process.js");

export class Load {
  /** Resolves when the first swipe is due. */
  readonly started: Promise<void>;
  /** @throws Error where it cannot go on. */
  readonly done: Promise<LoadDone>;

  private constructor(private readonly child: ChildProcess) {
    this.started = this.said("started").then(() => {});
    this.done = this.said("done").then((said) => {
      if (said.type !== "done") throw new Error(said.type);
      return said.done;
    });
    for (const promise of [this.started, this.done]) promise.catch(() => {}); // whoever waits is told
  }

  /** Resolves when its persons are made. */
  static async start(options: { readonly seed: number; readonly persons: number }): Promise<Load> {
    const args = [String(options.seed), String(options.persons)];
    const load = new Load(fork(LOAD_PROCESS, args, { execArgv: [] }));
    await load.said("ready");
    return load;
  }

  begin(order: LoadOrder): void {
    this.child.send(order);
  }

  async close(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = once(this.child, "exit");
    this.child.disconnect();
    await exited;
  }

  private said(type: LoadSays["type"]): Promise<LoadSays> {
    const { child } = this;
    return new Promise((resolve, reject) => {
      child.on("message", (message) => {
        const said = message as LoadSays;
        if (said.type === type) resolve(said);
        if (said.type === "failed") reject(new Error(`the load failed: ${said.message}`));
      });
      child.once("exit", (code) => reject(new Error(`the load process ended with status ${code}`)));
    });
  }
}
