/**
 * A run from its plan to what was counted: looks through the history, lays files out, judges, adds up.
 *
 * Owns: the order of these steps, skipping what is done.
 * Does not own: how tasks are run (task-runner.ts), the work folder's lock and end.
 */

import type { LoadedBundle } from "../bundle-files.js";
import { joinedFacts } from "./history-facts.js";
import { factsShape, type HistoryFacts, type Plan } from "./plan.js";
import { linesOf } from "./run-task.js";
import { type Spill, spillShape } from "./spill-range.js";
import type { TaskRunner } from "./task-runner.js";
import { judgeTasks, nameOf, scanTasks, type Task } from "./tasks.js";
import type { WorkFolder } from "./work-folder.js";

export interface RunPlanOptions {
  readonly folder: WorkFolder;
  readonly plan: Plan;
  readonly runner: TaskRunner;
  /** A bundle that the journal activated; never asked for files. */
  readonly findBundle: (hash: string) => Promise<LoadedBundle>;
  /** A step begins: its name, how many of its tasks are left. */
  readonly onStep: (step: string, left: number) => void;
  readonly signal: AbortSignal;
}

export interface RunResult {
  readonly facts: HistoryFacts;
  /** Of each judging task: what was counted, as JSON. */
  readonly parts: readonly unknown[];
  /** Refused lines by file order: line over all files from 1, and why. */
  readonly refused: readonly RefusedLine[];
  readonly refusedLines: number;
}

export interface RefusedLine {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

export async function runPlan(options: RunPlanOptions): Promise<RunResult> {
  const { folder, plan } = options;
  const scans = scanTasks(plan);
  await step("looking through", scans, options);
  const facts = joinedFacts(scans.map((task) => factsShape.parse(folder.result(nameOf(task)))));
  if (plan.baseline === null)
    for (const hash of facts.bundles) folder.bundles.store(await options.findBundle(hash));
  folder.writeFacts(facts);
  const spills = spillTasks(plan, folder);
  await step("laying out", spills, options);
  const judging = judgeTasks(plan, facts.links.length > 0);
  await step("judging", judging, options);
  const spilled = spills.map((task) => spillShape.parse(folder.result(nameOf(task))));
  return {
    facts,
    parts: judging.map((task) => folder.result(nameOf(task))),
    refused: refusedLines(plan, folder, spilled),
    refusedLines: spilled.reduce((sum, spill) => sum + spill.refusedLines, 0),
  };
}

async function step(name: string, tasks: readonly Task[], options: RunPlanOptions): Promise<void> {
  const { folder, runner, onStep, signal } = options;
  const left = tasks.filter((task) => !folder.hasResult(nameOf(task)));
  if (left.length === 0) return;
  onStep(name, left.length);
  await runner.run(left, signal);
}

function spillTasks({ history }: Plan, folder: WorkFolder): Task[] {
  if (history.from === "journal") return [];
  let firstLine = 1;
  return history.ranges.map((_, range) => {
    const task: Task = { kind: "spill-range", range, firstLine };
    firstLine += linesOf(folder, range);
    return task;
  });
}

/** Lines are numbered anew in each file. */
function refusedLines({ history }: Plan, folder: WorkFolder, spills: readonly Spill[]): RefusedLine[] {
  if (history.from === "journal") return [];
  const refused: RefusedLine[] = [];
  let before = 0;
  for (const [range, { file, start }] of history.ranges.entries()) {
    if (start === 0) before = 0;
    for (const { index, text } of spills[range]?.refusals ?? [])
      refused.push({ file, line: before + index + 1, text });
    before += linesOf(folder, range);
  }
  return refused;
}
