/** Where calls of the in-memory state store wait. Immediate unless a scheduler (a simulation, a test) takes over. */

export type StateStep =
  | "state.acquire"
  | "state.read"
  /** Before a write is judged and applied: a process that ends here has written nothing, or something later. */
  | "state.write"
  /** The write is applied or refused, the caller does not know yet. */
  | "state.acknowledge";

export interface StatePace {
  /** Resolves when the step may be taken; rejects to make it fail; never settles for a process that has ended. */
  point(step: StateStep): Promise<void>;
}

export const immediateState: StatePace = { point: () => Promise.resolve() };
