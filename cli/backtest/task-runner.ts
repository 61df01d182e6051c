/** What runs tasks: worker processes, or this process itself (tests). */

import type { Task } from "./tasks.js";

export interface TaskRunner {
  /**
   * Runs all, in no order; resolves when each has left its result.
   * @throws OperatingError, Error of the first one that failed, after the others were stopped; the signal's reason.
   */
  run(tasks: readonly Task[], signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

export interface TaskEvents {
  readonly onRecords: (count: number) => void;
  readonly onDone: (task: Task) => void;
}
