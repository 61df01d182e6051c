/** The data directory, looked at without changing it: also while Kadun runs. */

import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { openKeyFile } from "../../platform/lifecycle/key-file.js";
import { loadBundle } from "../bundle-files.js";
import { BundleFolder } from "../bundle-folder.js";
import type { DataPaths } from "../embedded/paths.js";
import { readRunFile } from "../embedded/run-file.js";
import { type Finding, fail, ok, warn } from "./check.js";

export function checkData(paths: DataPaths): Finding[] {
  if (!existsSync(join(paths.data, "FORMAT")))
    return [ok("data directory", `${paths.data}: new; 'kadun start' makes it`)];
  return [
    checkFormat(paths),
    checkRunning(paths),
    ...[paths.linkageKey, paths.vaultKey].map(checkKey),
    checkBundles(paths),
  ];
}

function checkFormat({ data }: DataPaths): Finding {
  try {
    const { formatVersion, partitions } = JSON.parse(readFileSync(join(data, "FORMAT"), "utf8")) as {
      formatVersion?: unknown;
      partitions?: unknown;
    };
    return ok("data directory", `${data}: format ${formatVersion}, ${partitions} partition(s)`);
  } catch (error) {
    return fail("data directory", `${data}: ${(error as Error).message}`, "restore it from a backup");
  }
}

function checkRunning({ run }: DataPaths): Finding {
  const running = readRunFile(run);
  if (running === null) return ok("running", "nothing runs on it");
  if (!isAlive(running.swipe.pid))
    return warn(
      "running",
      `process ${running.swipe.pid} ended without stopping`,
      "'kadun start' goes on from there",
    );
  if (running.office === null)
    return warn("running", `${running.swipe.url}; no office`, "look at the log if it stays away");
  return ok("running", `${running.swipe.url}, office ${running.office.url}`);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

const OTHERS_BITS = 0o077;

function checkKey(path: string): Finding {
  try {
    openKeyFile(path, { mayMake: false });
  } catch (error) {
    return fail("key", (error as Error).message, "nothing can be read without it; look in the backups");
  }
  const others = statSync(path).mode & OTHERS_BITS;
  if (others !== 0) return warn("key", `${path}: others may read it`, `chmod 600 ${path}`);
  return ok("key", `${path}: keep a copy of it elsewhere`);
}

function checkBundles({ bundles }: DataPaths): Finding {
  const folder = new BundleFolder(bundles);
  try {
    const hashes = folder.hashes();
    for (const hash of hashes) folder.whole(hash);
    return ok("stored bundles", `${hashes.length} sound`);
  } catch (error) {
    return fail("stored bundles", (error as Error).message, "replays need every bundle that was ever active");
  }
}

export function checkShippedBundle(): Finding {
  try {
    return ok("shipped bundle", loadBundle().bundle.hash);
  } catch (error) {
    return fail(
      "shipped bundle",
      (error as Error).message,
      "install anew: files of the package were changed",
    );
  }
}
