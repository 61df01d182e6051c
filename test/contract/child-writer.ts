/** The writing process of a test, run from the sources: its program, its news, its end. */

import { type ChildProcess, spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { fileURLToPath } from "node:url";
import type { WritingNews, WritingOrder, WritingProcess } from "./writing-process.js";

const HOOKS = fileURLToPath(new URL("./typescript-hooks.mjs", import.meta.url));

export interface ChildProgram {
  /** TypeScript file; gets `configuration` and the order as JSON arguments. */
  readonly program: string;
  readonly configuration: unknown;
  /** Largest file the process may write, in bytes. */
  readonly fileBytesMax?: number;
}

export class ChildWriter implements WritingProcess {
  acknowledged = 0;
  readonly refusals: { code: string; retryable: boolean; message: string }[] = [];
  private readonly changed = new EventEmitter();
  private readonly gone: Promise<unknown>;
  private isDone = false;
  private hasEnded = false;
  private complaint = "";

  constructor(private readonly child: ChildProcess) {
    this.gone = once(child, "exit").then(() => {
      this.hasEnded = true;
      this.changed.emit("news");
    });
    child.stderr?.on("data", (text) => (this.complaint += String(text)));
    child.on("message", (news) => this.hear(news as WritingNews));
  }

  static start({ program, configuration, fileBytesMax }: ChildProgram, order: WritingOrder): ChildWriter {
    const node = ["--import", HOOKS, program, JSON.stringify(configuration), JSON.stringify(order)];
    const limited = `ulimit -S -f ${Math.ceil((fileBytesMax ?? 0) / 1024)}; exec "$0" "$@"`;
    const [command, args] =
      fileBytesMax === undefined
        ? [process.execPath, node]
        : ["bash", ["-c", limited, process.execPath, ...node]];
    // NODE_OPTIONS of the test runner are not the child's.
    const env = { ...process.env, NODE_OPTIONS: "" };
    return new ChildWriter(spawn(command, args, { stdio: ["ignore", "ignore", "pipe", "ipc"], env }));
  }

  get pid(): number {
    return this.child.pid!;
  }

  async until(isTrue: (writing: WritingProcess) => boolean): Promise<void> {
    while (!isTrue(this)) {
      if (this.hasEnded || this.isDone)
        throw new Error(`the writing process has ended before: ${this.complaint}`);
      await once(this.changed, "news");
    }
  }

  async finished(): Promise<void> {
    await this.gone;
    if (!this.isDone) throw new Error(`the writing process has failed: ${this.complaint}`);
  }

  async kill(): Promise<void> {
    this.child.kill("SIGKILL");
    await this.gone;
  }

  private hear(news: WritingNews): void {
    if (news.type === "acknowledged") this.acknowledged = news.end;
    if (news.type === "refused") this.refusals.push(news);
    if (news.type === "done") this.isDone = true;
    this.changed.emit("news");
  }
}
