/** Where a demo keeps its files: a temporary folder that is removed, or one that the caller keeps. */

import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { OperatingError } from "../exit-status.js";

export interface DemoFolder {
  readonly path: string;
  readonly isKept: boolean;
  readonly raw: string;
  readonly labels: string;
  readonly outcomes: string;
  /** Standard error of the Kadun that was started. */
  readonly log: string;
  /** Metrics of both processes at the end. */
  readonly metrics: string;
  /** Its data directory. */
  readonly data: string;
}

/** @throws OperatingError where a Kadun lives there already: the demo never adds to other data. */
export function openDemoFolder(keep: string | null): DemoFolder {
  if (keep !== null) mkdirSync(keep, { recursive: true });
  const path = keep === null ? mkdtempSync(join(tmpdir(), "kadun-demo-")) : resolve(keep);
  const data = join(path, "data");
  if (existsSync(data))
    throw new OperatingError(`${data}: is there already; the demo starts afresh, name another folder`);
  return {
    path,
    isKept: keep !== null,
    raw: join(path, "city.ndjson"),
    labels: join(path, "labels.ndjson"),
    outcomes: join(path, "outcomes.ndjson"),
    log: join(path, "kadun.log"),
    metrics: join(path, "metrics.txt"),
    data,
  };
}

export function closeDemoFolder({ path, isKept }: DemoFolder): void {
  if (!isKept) rmSync(path, { recursive: true, force: true });
}
