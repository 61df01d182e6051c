/**
 * `kadun rules backtest` or `gaps` over a journal, in a child process, so that whoever asks goes on answering meanwhile.
 *
 * 1. The child ends with this process, and when the signal is aborted: asked first, killed after the deadline.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { OperatingError } from "../exit-status.js";
import { packageRoot } from "../package-root.js";

/** A run that was asked to end; it ends its workers first. */
const STOP_DEADLINE_MS = 5_000;
/** What is said of a failure: the end of standard error. */
const ERROR_LENGTH_MAX = 2_000;

/** What a run says of itself over its channel, a few times a second. */
export const runMessage = z.object({
  type: z.literal("run-progress"),
  step: z.string(),
  done: z.number().int().min(0),
  total: z.number().int().min(0),
  records: z.number().int().min(0),
});
export type RunMessage = z.infer<typeof runMessage>;

export interface JournalHistory {
  /** Of an embedded Kadun; absent: the journal that the environment's settings name (KADUN_KAFKA_BROKERS …). */
  readonly data?: string;
  /** Folder of the archive by which the journal was trimmed; empty: it was not. */
  readonly archive?: string;
  readonly workers?: number;
}

export interface HistoryRun extends JournalHistory {
  readonly command: "backtest" | "gaps";
  /** Option → bundle, whole. */
  readonly bundles: Readonly<Record<string, unknown>>;
  readonly options: readonly string[];
  /** What it is called where it fails. */
  readonly name: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (message: RunMessage) => void;
}

/** @returns the result as JSON. @throws OperatingError where it fails; the signal's reason. */
export async function historyRun(run: HistoryRun): Promise<unknown> {
  const folder = mkdtempSync(join(tmpdir(), "kadun-history-"));
  try {
    const out = join(folder, "result.json");
    run.signal?.throwIfAborted();
    await ended(argumentsOf(run, folder, out), run);
    return JSON.parse(readFileSync(out, "utf8"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function argumentsOf(run: HistoryRun, folder: string, out: string): string[] {
  const { command, bundles, options, data, archive, workers } = run;
  const files = Object.entries(bundles).map(([option, content], index) => [
    option,
    written(join(folder, `bundle-${index}.json`), content),
  ]);
  return [
    ...["rules", command, ...files.flat(), "--journal", ...options],
    ...["--json", "--quiet", "--out", out, "--work-dir", join(folder, "work")],
    ...(data === undefined ? [] : ["--data", data]),
    ...(archive === undefined || archive === "" ? [] : ["--archive", archive]),
    ...(workers === undefined ? [] : ["--workers", String(workers)]),
  ];
}

function written(path: string, content: unknown): string {
  writeFileSync(path, JSON.stringify(content));
  return path;
}

const PROGRAM = join(packageRoot, "dist", "cli", "main.js");

async function ended(args: readonly string[], { signal, name, onProgress }: HistoryRun): Promise<void> {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    // The channel is how it learns that this process is gone, and how it says how far it is.
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let errors = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    errors = (errors + chunk.toString()).slice(-ERROR_LENGTH_MAX);
  });
  child.on("message", (message) => {
    const read = runMessage.safeParse(message);
    if (read.success) onProgress?.(read.data);
  });
  const stop = () => stopped(child);
  signal?.addEventListener("abort", stop, { once: true });
  try {
    const status = await new Promise<number | string>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code, how) => resolve(code ?? how ?? "unknown"));
    });
    signal?.throwIfAborted();
    if (status !== 0) throw new OperatingError(`${name}: ${errors.trim() || `status ${status}`}`);
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}

/** Asked first, killed after the deadline. */
function stopped(child: ChildProcess): void {
  child.kill("SIGTERM");
  const kill = setTimeout(() => child.kill("SIGKILL"), STOP_DEADLINE_MS);
  child.once("close", () => clearTimeout(kill));
}
