/** `OpenDatabase.alone` where one process has the whole database: turns by name within it. */

import { DatabaseError } from "../database.js";
import { Turns } from "./turns.js";

export class AloneTurns {
  private readonly turns = new Map<string, Turns>();
  private readonly running = new Set<Promise<void>>();
  private readonly closing = new AbortController();

  async run(name: string, signal: AbortSignal, run: (held: AbortSignal) => Promise<void>): Promise<void> {
    if (this.closing.signal.aborted)
      throw new DatabaseError("CLOSED", "the database was closed: open it again");
    const running = this.inTurn(name, AbortSignal.any([signal, this.closing.signal]), run);
    const settled = running.catch(() => {}); // the caller has the error
    this.running.add(settled);
    await running.finally(() => this.running.delete(settled));
  }

  async close(): Promise<void> {
    this.closing.abort();
    await Promise.all(this.running);
  }

  private async inTurn(name: string, held: AbortSignal, run: (held: AbortSignal) => Promise<void>) {
    const turn = this.turnsOf(name).take();
    await Promise.race([turn, aborted(held)]);
    if (held.aborted) {
      void turn.then((end) => end());
      return;
    }
    const end = await turn;
    await run(held).finally(end);
  }

  private turnsOf(name: string): Turns {
    const turns = this.turns.get(name) ?? new Turns();
    this.turns.set(name, turns);
    return turns;
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
