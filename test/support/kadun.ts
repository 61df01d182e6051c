/** Runs the built command as a user does, in a folder of its own. */

import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageRoot } from "../../cli/package-root.js";
import type { Outcome } from "../../schemas/outcomes.js";

export const kadunMain = join(packageRoot, "dist", "cli", "main.js");
const TIMEOUT_MS = 80_000;
/** For tests about what is answered, not how soon: a machine that does other things would have a stand-in speak. */
export const PATIENT = ["--answer-limit-ms", "30000"];

if (!existsSync(kadunMain)) throw new Error(`${kadunMain} is missing: run 'npm run build' first`);

export interface Ran {
  readonly status: number | null;
  readonly outcomes: readonly Outcome[];
  readonly stdout: string;
  /** Lines of standard error. */
  readonly errors: readonly string[];
}

export class Workplace {
  readonly folder = mkdtempSync(join(tmpdir(), "kadun-test-"));

  file(name: string, content: string | Uint8Array): string {
    writeFileSync(join(this.folder, name), content);
    return name;
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  kadun(args: readonly string[], input: string | Uint8Array = ""): Ran {
    return ran(
      spawnSync(process.execPath, [kadunMain, ...args], { cwd: this.folder, input, timeout: TIMEOUT_MS }),
    );
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function ran({ status, stdout, stderr, error }: SpawnSyncReturns<Buffer>): Ran {
  if (error !== undefined) throw error;
  const printed = stdout.toString();
  return { status, stdout: printed, outcomes: outcomesOf(printed), errors: linesOf(stderr.toString()) };
}

function linesOf(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}

function outcomesOf(printed: string): Outcome[] {
  const lines = linesOf(printed);
  return lines.every((line) => line.startsWith("{")) ? lines.map((line) => JSON.parse(line)) : [];
}
