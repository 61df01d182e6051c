/** The pieces of a run. Each reads the work folder and leaves one result in it, whole or not at all. */

import * as z from "zod";
import type { Plan } from "./plan.js";

const index = z.number().int().min(0);

export const taskShape = z.discriminatedUnion("kind", [
  /** Looks through a partition for what must be known before. */
  z.object({ kind: z.literal("scan-partition"), partition: index }),
  /** Judges the persons of one part of a partition. */
  z.object({ kind: z.literal("judge-partition"), partition: index, part: index }),
  /** Judges all persons who moved, through all partitions. */
  z.object({ kind: z.literal("judge-moved") }),
  z.object({ kind: z.literal("scan-range"), range: index }),
  /** Reads the lines of a range and lays its records out by slice. `firstLine` counts over all files, from 1. */
  z.object({ kind: z.literal("spill-range"), range: index, firstLine: index }),
  z.object({ kind: z.literal("judge-slice"), slice: index }),
]);

export type Task = z.infer<typeof taskShape>;

/** Names the result. */
export function nameOf(task: Task): string {
  switch (task.kind) {
    case "scan-partition":
      return `scan-${task.partition}`;
    case "judge-partition":
      return `judge-${task.partition}-${task.part}`;
    case "judge-moved":
      return "judge-moved";
    case "scan-range":
      return `scan-${task.range}`;
    case "spill-range":
      return `spill-${task.range}`;
    case "judge-slice":
      return `judge-${task.slice}`;
  }
}

export function scanTasks({ history }: Plan): Task[] {
  return history.from === "journal"
    ? history.stretches.map((_, partition) => ({ kind: "scan-partition", partition }))
    : history.ranges.map((_, range) => ({ kind: "scan-range", range }));
}

/** The slice after the last one holds those who moved. */
export function judgeTasks({ history }: Plan, hasMoved: boolean): Task[] {
  if (history.from === "files")
    return Array.from({ length: history.slices + (hasMoved ? 1 : 0) }, (_, slice) => ({
      kind: "judge-slice",
      slice,
    }));
  const tasks: Task[] = history.stretches.flatMap((_, partition) =>
    Array.from({ length: history.parts }, (_, part) => ({
      kind: "judge-partition" as const,
      partition,
      part,
    })),
  );
  return hasMoved ? [...tasks, { kind: "judge-moved" }] : tasks;
}
