/**
 * One engine at work: its processes as children.
 *
 * Owns: the children, their output in the run's folder. Does not own: topics, the folder.
 *
 * 1. Only these children are ever signalled, by their ids.
 * 2. Whoever starts one stops it, also after an error; on Linux the kernel kills them when this process dies.
 * 3. A child that ends before it is asked to makes `failure` reject with the end of what it said.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { dyingWithParent } from "../../platform/lifecycle/dying-with-parent.js";
import type { Engine, Job, Program } from "./engine.js";
import { type GcPauses, pausesOfAll, readPauses } from "./gc-pauses.js";
import { type TreeUsage, treeUsage } from "./process-tree.js";

/** A last checkpoint of a million persons. */
const STOP_WITHIN_MS = 30_000;
const SAID_CHARACTERS = 3_000;

interface Running {
  readonly program: Program;
  readonly child: ChildProcess;
  readonly outputFile: string;
  readonly exited: Promise<void>;
}

/** Of this process. */
const live = new Set<EngineRun>();

export class EngineRun {
  /** Rejects when a process ends by itself; never resolves. */
  readonly failure: Promise<never>;
  private isStopping = false;

  private constructor(
    private readonly engine: Engine,
    private readonly running: readonly Running[],
  ) {
    this.failure = Promise.race(running.map((each) => this.failed(each)));
    // It may come when nobody waits for it.
    this.failure.catch(() => {});
    live.add(this);
  }

  /** Of all engines that run: whoever is interrupted leaves nothing behind. */
  static async stopAll(): Promise<void> {
    await Promise.all([...live].map((run) => run.stop()));
  }

  static start(engine: Engine, job: Job): EngineRun {
    const running = engine.programs(job).map((program, index) => launch(program, job.folder, index + 1));
    return new EngineRun(engine, running);
  }

  usage(): TreeUsage {
    return treeUsage(this.running.flatMap(({ child }) => (child.pid === undefined ? [] : [child.pid])));
  }

  /** Asks its processes to end and waits. @returns the pauses of their collectors, null where they do not say. */
  async stop(): Promise<GcPauses | null> {
    this.isStopping = true;
    await Promise.all(this.running.map(end));
    live.delete(this);
    return pausesOfAll(this.running.map(({ program }) => readPauses(program.gcLog)));
  }

  private async failed({ child, exited, outputFile }: Running): Promise<never> {
    await exited;
    if (this.isStopping) await new Promise(() => {});
    const said = readFileSync(outputFile, "utf8").trim().slice(-SAID_CHARACTERS);
    throw new Error(`${this.engine.title} ended with ${child.exitCode ?? child.signalCode}:\n${said}`);
  }
}

function launch(program: Program, folder: string, number: number): Running {
  const outputFile = join(folder, `output-${number}.log`);
  const output = openSync(outputFile, "w");
  const [command, args] = dyingWithParent(program.command, program.arguments);
  // A group of its own: Ctrl-C goes to the command alone, which then stops its children in order.
  const child = spawn(command, args, {
    cwd: folder,
    stdio: ["ignore", output, output],
    env: { ...process.env, ...program.environment },
    detached: true,
  });
  closeSync(output);
  const exited = new Promise<void>((resolve) => {
    child.once("exit", () => resolve()).once("error", () => resolve());
  });
  return { program, child, outputFile, exited };
}

async function end({ child, exited }: Running): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_WITHIN_MS);
  await exited;
  clearTimeout(timer);
}
