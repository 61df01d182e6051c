/**
 * A whole Kadun in a new folder, ready to be measured.
 *
 * Owns: the folder (removed at the end). Does not own: how a Kadun is started and stopped (bench/load/kadun-process.ts).
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { HttpClient } from "../../platform/http-client/http-client.js";
import { loggedPauses, type Pauses } from "../load/collector-pauses.js";
import { KadunProcess } from "../load/kadun-process.js";
import { officeCaughtUp } from "../load/office-client.js";
import { parentOf } from "./process-usage.js";

const READY_MS_MAX = 60_000;
const LOOK_EVERY_MS = 100;
const REQUEST_MS_MAX = 5000;

export class RunningKadun {
  private readonly client: HttpClient;

  private constructor(
    private readonly folder: string,
    readonly process: KadunProcess,
  ) {
    const { url, apiKey } = process;
    this.client = new HttpClient({ url, apiKey, connectionsMax: 1, timeoutMs: REQUEST_MS_MAX });
  }

  /** Resolves when swipes are answered by the judge and the office is up. */
  static async start({ logsPauses = false } = {}): Promise<RunningKadun> {
    const folder = mkdtempSync(join(tmpdir(), "kadun-bench-"));
    let kadun: RunningKadun | null = null;
    try {
      kadun = new RunningKadun(
        folder,
        await KadunProcess.start({
          dataDirectory: join(folder, "data"),
          logPath: join(folder, "kadun.log"),
          args: ["--cold-start"],
          ...(logsPauses ? { pausesIn: folder } : {}),
        }),
      );
      await kadun.process.officeUp();
      await kadun.untilReady();
      return kadun;
    } catch (error) {
      await kadun?.process.stop();
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  get officePid(): number | null {
    return this.process.office()?.pid ?? null;
  }

  /** Of the collector of one of its processes, between two times; null where it logs none. */
  pauses(pid: number, window: { readonly fromMs: number; readonly toMs: number }): Pauses | null {
    return loggedPauses(this.folder, pid, window);
  }

  /** Signals the office, if there is one and it is a child of the process started here. */
  signalOffice(signal: "SIGKILL" | "SIGSTOP" | "SIGCONT"): boolean {
    const pid = this.officePid;
    if (pid === null || parentOf(pid) !== this.process.pid) return false;
    try {
      process.kill(pid, signal);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
      throw error;
    }
  }

  /** Milliseconds until the office had taken in everything. @throws Error where it stands still. */
  async untilCaughtUp(): Promise<number> {
    const startedMs = performance.now();
    await officeCaughtUp(this.process);
    return performance.now() - startedMs;
  }

  /** Text of `GET /metrics` of the swipe process; empty where there is none. */
  async metrics(): Promise<string> {
    const { status, body } = await this.client.send({ method: "GET", path: "/metrics" });
    return status === 200 ? body.toString() : "";
  }

  /** Ends it as an operator does, then removes what it wrote. @returns its exit status. */
  async stop(): Promise<number | null> {
    this.signalOffice("SIGCONT");
    this.client.close();
    try {
      return await this.process.stop();
    } finally {
      rmSync(this.folder, { recursive: true, force: true });
    }
  }

  private async untilReady(): Promise<void> {
    const endMs = performance.now() + READY_MS_MAX;
    for (;;) {
      const { status, body } = await this.client.send({ method: "GET", path: "/readyz" });
      if (status === 200) return;
      if (performance.now() > endMs)
        throw new Error(`not ready within ${READY_MS_MAX} ms: ${body.toString()}`);
      await pause(LOOK_EVERY_MS);
    }
  }
}
