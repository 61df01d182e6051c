/** Where calls of the in-memory log wait. Immediate unless a scheduler (a simulation, a test) takes over. */

export type LogStep =
  | "log.open"
  | "log.bounds"
  | "log.tail"
  /** Before entries land: a process that ends here has appended nothing, or something that lands later. */
  | "log.append"
  /** Entries have landed, the caller does not know yet. */
  | "log.acknowledge"
  | "log.flush"
  | "log.read";

export interface LogPace {
  /** Resolves when the step may be taken; rejects to make it fail; never settles for a process that has ended. */
  point(step: LogStep): Promise<void>;
  /** How many of `count` entries land; fewer make the append fail after that many. */
  landing(count: number): number;
}

export const immediateLog: LogPace = {
  point: () => Promise.resolve(),
  landing: (count) => count,
};
