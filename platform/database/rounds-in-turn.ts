/**
 * Work in rounds that one process at a time does: whoever has the database's turn of that name, until it is lost.
 *
 * 1. An outage ends no loop: it waits, the longer, the more rounds or turns failed without one between that went through.
 * 2. What a round throws once the signal is aborted is the end of it and no failure.
 */

import type { Clock } from "../clock/clock.js";
import { backoffMs } from "../clock/retry.js";
import type { OpenDatabase } from "./database.js";

export interface RoundsInTurn {
  readonly database: Pick<OpenDatabase, "alone">;
  /** Name of the turn. */
  readonly turn: string;
  /** Before the first round of each turn: another process may have worked meanwhile. */
  readonly onTurn?: () => void;
  /** @returns milliseconds until the next. */
  readonly round: (held: AbortSignal) => Promise<number>;
  /** `attempt` counts from 1 since the last round that went through. */
  readonly onFailure: (error: unknown, attempt: number) => void;
  readonly clock: Clock;
}

/** Until the signal is aborted. Never rejects. */
export async function roundsInTurn(options: RoundsInTurn, signal: AbortSignal): Promise<void> {
  const { database, turn, onTurn, round, onFailure, clock } = options;
  let failures = 0;
  const orWait = async (until: AbortSignal, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (until.aborted) return;
      failures++;
      onFailure(error, failures);
      await clock.sleep(backoffMs(failures), until);
    }
  };
  const whileHeld = async (held: AbortSignal): Promise<void> => {
    onTurn?.();
    while (!held.aborted)
      await orWait(held, async () => {
        const restMs = await round(held);
        failures = 0;
        if (restMs > 0) await clock.sleep(restMs, held);
      });
  };
  while (!signal.aborted) await orWait(signal, () => database.alone(turn, signal, whileHeld));
}
