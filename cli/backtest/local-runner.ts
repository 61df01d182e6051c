/** Runs tasks one after the other in this process. */

import { runTask, type TaskContext } from "./run-task.js";
import type { TaskEvents, TaskRunner } from "./task-runner.js";
import type { Task } from "./tasks.js";

export class LocalRunner implements TaskRunner {
  constructor(
    private readonly context: Omit<TaskContext, "onRecords" | "signal">,
    private readonly events: TaskEvents,
  ) {}

  async run(tasks: readonly Task[], signal: AbortSignal): Promise<void> {
    const { onRecords, onDone } = this.events;
    for (const task of tasks) {
      signal.throwIfAborted();
      await runTask(task, { ...this.context, onRecords, signal });
      onDone(task);
    }
  }

  async close(): Promise<void> {}
}
