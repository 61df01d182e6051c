/**
 * Programs that measure themselves and print JSON, each in a fresh process: on one processor where that can be said, with
 * large pages, as detectors have them (platform/lifecycle/large-pages.ts), where the system gives them.
 */

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { basename } from "node:path";
import { type LargePages, largePages, withLargePages } from "../../platform/lifecycle/large-pages.js";
import { type MeasuredWith, measuredWith, measuredWithText } from "../load/machine.js";
import type { Waiting } from "./turns.js";

/** The last one: the first takes most interrupts. */
const PROCESSOR = String(availableParallelism() - 1);

/** Ten million persons are filled in for minutes. */
const TURN_MAX_MS = 1_800_000;

const GIVEN: readonly LargePages[] = ["always", "asked"];

/** What holds for a process. */
export interface Conditions extends MeasuredWith {
  readonly pinnedToOneProcessor: boolean;
  /** Asked for, and there to be had. */
  readonly largePages: boolean;
}

export function conditions(): Conditions {
  return {
    ...measuredWith(),
    pinnedToOneProcessor: hasTaskset(),
    largePages: GIVEN.includes(largePages(withLargePages(process.env))),
  };
}

export function conditionsText({ pinnedToOneProcessor, largePages, ...rest }: Conditions): string {
  const pinned = pinnedToOneProcessor ? "pinned to one processor" : "not pinned";
  return `${measuredWithText(rest)}, ${pinned}, ${largePages ? "large pages" : "no large pages"}`;
}

export interface MeasuredProgram {
  /** A built module and its arguments; it waits for its turns (turns.ts). */
  readonly program: readonly string[];
  readonly held: Conditions;
  /** Programs of one job have to decide alike; null: with nobody. */
  readonly job: string | null;
}

/**
 * What programs decide in a turn is compared before any of them has its next: nothing is timed where they differ.
 *
 * @returns what each printed. @throws Error where one failed or decides differently; none is left running.
 */
export async function measuredInTurns(programs: readonly MeasuredProgram[]): Promise<unknown[]> {
  const processes = programs.map((each) => new MeasuredProcess(each));
  try {
    let left: readonly MeasuredProcess[] = processes;
    while (left.length > 0) {
      const goingOn: MeasuredProcess[] = [];
      for (const each of left) if (await each.turn()) goingOn.push(each);
      checkAlike(goingOn);
      left = goingOn;
    }
    return processes.map((each) => each.printed());
  } finally {
    for (const each of processes) each.kill();
  }
}

function checkAlike(programs: readonly MeasuredProcess[]): void {
  const first = new Map<string, MeasuredProcess>();
  for (const each of programs) {
    const { job, decided } = each;
    if (job === null || decided === null) continue;
    const other = first.get(job);
    if (other === undefined) first.set(job, each);
    else if (decided !== other.decided)
      throw new Error(`${each.name} decides differently: ${decided}, ${other.name} has ${other.decided}`);
  }
}

class MeasuredProcess {
  readonly name: string;
  readonly job: string | null;
  /** In its last turn. */
  decided: string | null = null;
  private readonly child: ChildProcess;
  private output = "";
  /** Told by the process: that it waits for its turn, or has ended. */
  private told: "waits" | "ended" | null = null;
  private whenTold = () => {};

  constructor({ program, held, job }: MeasuredProgram) {
    this.job = job;
    this.name = [basename(program[0]!), ...program.slice(1)].join(" ");
    const node = [process.execPath, "--expose-gc", ...program];
    const [command, ...args] = held.pinnedToOneProcessor ? ["taskset", "-c", PROCESSOR, ...node] : node;
    const env = held.largePages ? withLargePages(process.env) : process.env;
    this.child = spawn(command!, args, { env, stdio: ["ignore", "pipe", "inherit", "ipc"] });
    this.child.stdout!.setEncoding("utf8").on("data", (text: string) => {
      this.output += text;
    });
    this.child.on("message", (waiting: Waiting) => {
      this.decided = waiting.decided;
      this.tell("waits");
    });
    // Told by its status.
    this.child.on("error", () => this.tell("ended"));
    this.child.on("close", () => this.tell("ended"));
  }

  /** Lets it work until it waits for its next turn. @returns whether it does. @throws Error where it failed. */
  async turn(): Promise<boolean> {
    const tooLong = setTimeout(() => this.kill(), TURN_MAX_MS);
    try {
      if ((await this.next()) === "waits") {
        this.told = null;
        this.child.send("turn");
      }
      if ((await this.next()) === "waits") return true;
    } finally {
      clearTimeout(tooLong);
    }
    const { exitCode, signalCode } = this.child;
    if (exitCode !== 0)
      throw new Error(`${this.name} ended with ${signalCode ?? `status ${exitCode}`}: see above`);
    return false;
  }

  printed(): unknown {
    return JSON.parse(this.output);
  }

  kill(): void {
    this.child.kill("SIGKILL");
  }

  private tell(what: "waits" | "ended"): void {
    this.told = what;
    this.whenTold();
  }

  private async next(): Promise<"waits" | "ended"> {
    if (this.told === null)
      await new Promise<void>((resolve) => {
        this.whenTold = resolve;
      });
    return this.told!;
  }
}

function hasTaskset(): boolean {
  const args = ["-c", PROCESSOR, process.execPath, "--version"];
  return spawnSync("taskset", args, { stdio: "ignore" }).status === 0;
}
