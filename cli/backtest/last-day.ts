/**
 * The last day of a journal under a draft and under what runs, as shares: for the guard before publishing. A child
 * process does it, so that whoever asks goes on answering meanwhile.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BacktestResult, backtestResult } from "../../schemas/backtest.js";
import { OperatingError } from "../exit-status.js";
import { packageRoot } from "../package-root.js";

/** A backtest that was asked to end; it ends its workers first. */
const STOP_DEADLINE_MS = 5_000;
/** What is said of a failure: the end of standard error. */
const ERROR_LENGTH_MAX = 2_000;

export interface LastDayOptions {
  /** A whole bundle, as it is stored; checked as every bundle. */
  readonly content: unknown;
  /** Of an embedded Kadun; absent: the journal that the environment's settings name (KADUN_KAFKA_BROKERS …). */
  readonly data?: string;
  /** Folder of the archive by which the journal was trimmed. */
  readonly archive?: string;
  /** A bundle to compare with, instead of those that the journal activated. */
  readonly against?: unknown;
  readonly workers?: number;
  readonly signal?: AbortSignal;
}

/** @throws OperatingError where the draft has mistakes or the journal cannot be read; the signal's reason. */
export async function lastDay(options: LastDayOptions): Promise<BacktestResult> {
  const folder = mkdtempSync(join(tmpdir(), "kadun-last-day-"));
  try {
    return await asked(options, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function asked(options: LastDayOptions, folder: string): Promise<BacktestResult> {
  const { content, against, data, archive, workers, signal } = options;
  const out = join(folder, "result.json");
  const args = [
    ...["--bundle", written(join(folder, "draft.json"), content)],
    ...(against === undefined ? [] : ["--against", written(join(folder, "against.json"), against)]),
    ...["--journal", "--last-day", "--json", "--quiet", "--out", out, "--work-dir", join(folder, "work")],
    ...(data === undefined ? [] : ["--data", data]),
    ...(archive === undefined ? [] : ["--archive", archive]),
    ...(workers === undefined ? [] : ["--workers", String(workers)]),
  ];
  signal?.throwIfAborted();
  await ended(args, signal);
  return backtestResult.parse(JSON.parse(readFileSync(out, "utf8")));
}

function written(path: string, content: unknown): string {
  writeFileSync(path, JSON.stringify(content));
  return path;
}

const PROGRAM = join(packageRoot, "dist", "cli", "main.js");

async function ended(args: readonly string[], signal: AbortSignal | undefined): Promise<void> {
  const child = spawn(process.execPath, [PROGRAM, "rules", "backtest", ...args], {
    // The channel is how it learns that this process is gone.
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let errors = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    errors = (errors + chunk.toString()).slice(-ERROR_LENGTH_MAX);
  });
  const stop = () => stopped(child);
  signal?.addEventListener("abort", stop, { once: true });
  try {
    const status = await new Promise<number | string>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code, name) => resolve(code ?? name ?? "unknown"));
    });
    signal?.throwIfAborted();
    if (status !== 0)
      throw new OperatingError(`backtest of the last day: ${errors.trim() || `status ${status}`}`);
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
