/**
 * Kills the processes of a run as planned and starts again what nobody else does.
 *
 * Owns: which Kadun is running now. Does not own: the load, restarting the office (the swipe process does).
 *
 * 1. A kill waits until both processes are up, then its random time; the load goes on meanwhile.
 * 2. Only children of this run are killed (`KadunProcess`).
 */

import { KadunProcess, type KadunProcessOptions } from "../load/kadun-process.js";
import type { MovingServer } from "../load/moving-server.js";
import type { PlannedKill, Victim } from "./kill-plan.js";

export class Killer {
  readonly done: Record<Victim, number> = { swipe: 0, office: 0 };

  constructor(
    /** The one running now. */
    public kadun: KadunProcess,
    private readonly options: KadunProcessOptions,
    private readonly server: MovingServer,
  ) {}

  async run(plan: readonly PlannedKill[], onDone: (kill: PlannedKill) => void): Promise<void> {
    for (const kill of plan) {
      const office = await this.kadun.officeUp();
      await new Promise((resolve) => setTimeout(resolve, kill.afterMs));
      if (kill.victim === "swipe") await this.killSwipe();
      else await this.killOffice(office.pid);
      this.done[kill.victim] += 1;
      onDone(kill);
    }
  }

  private async killSwipe(): Promise<void> {
    await this.kadun.kill();
    this.server.close();
    this.kadun = await KadunProcess.start(this.options);
    this.server.moveTo(this.kadun.url);
  }

  private async killOffice(pid: number): Promise<void> {
    if (!this.kadun.killOffice(pid)) throw new Error(`the office (${pid}) was gone before it was killed`);
    await this.kadun.officeUp(pid);
  }
}
