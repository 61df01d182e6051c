/**
 * What takes turns while paced. A Java peer is measured with several settings of how long it may gather decisions: which is
 * the better one differs with the machine, the rate and the quantile, and only the best of them is a peer worth beating.
 */

import type { Engine, EngineName } from "./engine.js";

export type PacedName = EngineName | `${EngineName}@${number}` | "floor";

export interface PacedSide {
  readonly name: PacedName;
  readonly title: string;
  /** null for the floor: generator, broker and observer alone. */
  readonly engine: Engine | null;
  /** Of a Java peer; 0 for others, who have no such setting. */
  readonly peerLingerMs: number;
}

const FLOOR: PacedSide = { name: "floor", title: "no engine", engine: null, peerLingerMs: 0 };

/** In the order of the table. */
export function pacedSides(engines: readonly Engine[], lingersMs: readonly number[]): readonly PacedSide[] {
  return [...engines.flatMap((engine) => sidesOf(engine, lingersMs)), FLOOR];
}

function sidesOf(engine: Engine, lingersMs: readonly number[]): readonly PacedSide[] {
  const { name, title, runsOnJava } = engine;
  if (!runsOnJava) return [{ name, title, engine, peerLingerMs: 0 }];
  return lingersMs.map((ms) => ({
    name: `${name}@${ms}`,
    title: `${title}, gathers ${ms} ms`,
    engine,
    peerLingerMs: ms,
  }));
}
