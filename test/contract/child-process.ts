/** A child process of a test, run from the TypeScript sources: what it tells, how it ends. */

import { type ChildProcess, spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { fileURLToPath } from "node:url";

const HOOKS = fileURLToPath(new URL("./typescript-hooks.mjs", import.meta.url));

export interface ChildProgram {
  /** TypeScript file. */
  readonly program: string;
  /** Its arguments; each arrives as JSON. */
  readonly arguments: readonly unknown[];
  /** Largest file the process may write, in bytes. */
  readonly fileBytesMax?: number;
}

export class TestProcess {
  private readonly changed = new EventEmitter();
  private readonly gone: Promise<unknown>;
  private isDone = false;
  private hasEnded = false;
  private complaint = "";

  private constructor(
    private readonly child: ChildProcess,
    hear: (news: never) => void,
  ) {
    this.gone = once(child, "exit").then(() => {
      this.hasEnded = true;
      this.changed.emit("news");
    });
    child.stderr?.on("data", (text) => {
      this.complaint += String(text);
    });
    child.on("message", (news: { readonly type: string }) => {
      if (news.type === "done") this.isDone = true;
      hear(news as never);
      this.changed.emit("news");
    });
  }

  /** @param hear gets what the program sends, in order; `{type: "done"}` is its regular end. */
  static start(program: ChildProgram, hear: (news: never) => void): TestProcess {
    const { fileBytesMax } = program;
    const node = [
      "--import",
      HOOKS,
      program.program,
      ...program.arguments.map((each) => JSON.stringify(each)),
    ];
    const limited = `ulimit -S -f ${Math.ceil((fileBytesMax ?? 0) / 1024)}; exec "$0" "$@"`;
    const [command, args] =
      fileBytesMax === undefined
        ? [process.execPath, node]
        : ["bash", ["-c", limited, process.execPath, ...node]];
    // NODE_OPTIONS of the test runner are not the child's.
    const env = { ...process.env, NODE_OPTIONS: "" };
    return new TestProcess(spawn(command, args, { stdio: ["ignore", "ignore", "pipe", "ipc"], env }), hear);
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** Resolves when `isTrue` holds after some news; rejects when the process has ended before. */
  async until(isTrue: () => boolean): Promise<void> {
    while (!isTrue()) {
      if (this.hasEnded || this.isDone) throw new Error(`the process has ended before: ${this.complaint}`);
      await once(this.changed, "news");
    }
  }

  /** Resolves when the process has done everything and ended. */
  async finished(): Promise<void> {
    await this.gone;
    if (!this.isDone) throw new Error(`the process has failed: ${this.complaint}`);
  }

  /** kill -9; resolves when it is gone. */
  async kill(): Promise<void> {
    this.child.kill("SIGKILL");
    await this.gone;
  }
}
