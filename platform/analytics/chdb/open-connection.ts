import { mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type ChdbConnection, createChdbConnection } from "chdb/connection";
import { AnalyticsError } from "../analytics-database.js";

/** @throws AnalyticsError LOCKED, OPEN_FAILED. */
export function openConnection(directory: string): ChdbConnection {
  const path = resolve(directory);
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return createChdbConnection({ path });
  } catch (cause) {
    // The engine tells the reason to standard error only; its lock file names the process that holds it.
    const owner = otherOwner(path);
    if (owner !== null)
      throw new AnalyticsError("LOCKED", `${path}: process ${owner} has it open; stop that process first`, {
        cause,
      });
    throw new AnalyticsError(
      "OPEN_FAILED",
      `${path}: the analytics database cannot be opened (${cause instanceof Error ? cause.message.split("\n")[0] : ""}); expected a directory of this program's or an older release's ClickHouse data, writable, one per process`,
      { cause },
    );
  }
}

/** Process in chdb's `status` file, if it is alive and another one. */
function otherOwner(path: string): number | null {
  let status: string;
  try {
    status = readFileSync(join(path, "status"), "utf8");
  } catch {
    return null;
  }
  const pid = Number(/^PID: (\d+)/m.exec(status)?.[1] ?? Number.NaN);
  return Number.isInteger(pid) && pid !== process.pid && isAlive(pid) ? pid : null;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process is alive too.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
