/** `npm run demo` as a visitor runs it, as far as its open console. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { kadunMain } from "../../support/kadun.js";

/** Longer than any test looks; it is ended before. */
const STAY_SECONDS = 1_800;
const OPEN = /^The console 工作台: (http:\/\/127\.0\.0\.1:\d+)\//;

export class DemoConsole {
  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    readonly url: string,
  ) {}

  /** Resolves with the console open over a small city. */
  static async open(): Promise<DemoConsole> {
    const folder = mkdtempSync(join(tmpdir(), "kadun-demo-console-"));
    const city = ["--persons", "1000", "--days", "14", "--stay", String(STAY_SECONDS)];
    const child = spawn(process.execPath, [kadunMain, "demo", ...city], {
      env: { ...process.env, TMPDIR: folder },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const said: string[] = [];
    createInterface({ input: child.stderr! }).on("line", (line) => said.push(line));
    const opened = new Promise<string>((resolve) => {
      createInterface({ input: child.stdout! }).on("line", (line) => {
        const url = OPEN.exec(line)?.[1];
        if (url !== undefined) resolve(url);
      });
    });
    const ended = once(child, "exit").then(([status]) => {
      throw new Error(`the demo ended with ${status} before its console was open:\n${said.join("\n")}`);
    });
    try {
      return new DemoConsole(child, folder, await Promise.race([opened, ended]));
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** As Ctrl-C does. @returns its exit status. */
  async close(): Promise<number | null> {
    const exit = once(this.child, "exit");
    this.child.kill("SIGINT");
    const [status] = await exit;
    rmSync(this.folder, { recursive: true, force: true });
    return status as number | null;
  }
}
