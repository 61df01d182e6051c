/** Generator or observer as a child: asked one thing after another. It ends with its channel, or with this process. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { dyingWithParent } from "../../platform/lifecycle/dying-with-parent.js";
import type { LoadReply, LoadRequest } from "./load.js";

export class LoadChild {
  private constructor(
    private readonly name: string,
    private readonly child: ChildProcess,
  ) {}

  /** @param beside a module in the folder of the program. @throws Error where it ends before it is ready. */
  static async start(
    program: "generator" | "observer",
    args: readonly string[],
    beside: string = import.meta.url,
  ): Promise<LoadChild> {
    const script = fileURLToPath(new URL(`./${program}-process.js`, beside));
    const [command, all] = dyingWithParent(process.execPath, ["--expose-gc", script, ...args]);
    const child = spawn(command, all, { stdio: ["ignore", "inherit", "inherit", "ipc"], detached: true });
    const started = new LoadChild(program, child);
    try {
      await started.reply("ready");
      return started;
    } catch (error) {
      child.kill("SIGKILL");
      throw error;
    }
  }

  /** @throws Error with what went wrong in the child. */
  async ask<Type extends LoadReply["type"]>(
    request: LoadRequest,
    expected: Type,
  ): Promise<Extract<LoadReply, { type: Type }>> {
    const reply = this.reply(expected);
    this.child.send(request);
    return reply;
  }

  async close(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = once(this.child, "exit");
    this.child.disconnect();
    await exited;
  }

  private reply<Type extends LoadReply["type"]>(expected: Type): Promise<Extract<LoadReply, { type: Type }>> {
    return new Promise((resolve, reject) => {
      const ended = () => {
        this.child.off("message", taken);
        reject(new Error(`the ${this.name} ended: see above`));
      };
      const taken = (reply: LoadReply) => {
        this.child.off("exit", ended);
        if (reply.type === expected) resolve(reply as Extract<LoadReply, { type: Type }>);
        else reject(new Error(`the ${this.name} says ${JSON.stringify(reply)}, expected '${expected}'`));
      };
      this.child.once("message", taken);
      this.child.once("exit", ended);
    });
  }
}
