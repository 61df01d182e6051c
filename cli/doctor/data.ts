/** The data directory, looked at without changing it: also while Kadun runs. */

import { existsSync } from "node:fs";
import { type DataFormat, inspectDataDirectory } from "../../platform/lifecycle/data-directory.js";
import { isOpenToOthers, openKeyFile } from "../../platform/lifecycle/key-file.js";
import { ownerOf } from "../../platform/lifecycle/owner-lock.js";
import { loadBundle } from "../bundle-files.js";
import { BundleFolder } from "../bundle-folder.js";
import { FORMAT_VERSION, PRODUCT } from "../embedded/open-data.js";
import type { DataPaths } from "../embedded/paths.js";
import { readRunFile } from "../embedded/run-file.js";
import { type Finding, fail, messageOf, ok, warn } from "./check.js";

export function checkData(paths: DataPaths, nowMs = Date.now()): Finding[] {
  let format: DataFormat | null;
  try {
    format = inspectDataDirectory(paths.data, { product: PRODUCT, formatVersion: FORMAT_VERSION });
  } catch (error) {
    return [fail("data directory", messageOf(error), "'kadun start' will say the same until that is mended")];
  }
  if (format === null) return [ok("data directory", `${paths.data}: new; 'kadun start' makes it`)];
  return [
    ok("data directory", `${paths.data}: format ${format.formatVersion}, ${format.partitions} partition(s)`),
    checkAge(format, nowMs),
    checkRunning(paths),
    ...[paths.linkageKey, paths.vaultKey].map((path) => checkKey(path, existsSync(paths.log))),
    checkBundles(paths),
  ];
}

function checkAge({ createdAt }: DataFormat, nowMs: number): Finding {
  return Date.parse(createdAt) > nowMs
    ? fail(
        "clock and data",
        `${new Date(nowMs).toISOString()}, but the data was made at ${createdAt}`,
        "set the clock (NTP): what happens now would be judged before what happened already",
      )
    : ok("clock and data", `made at ${createdAt}`);
}

/** The process that has the directory now. */
export function runningPid({ lock }: DataPaths): number | null {
  try {
    return ownerOf(lock);
  } catch {
    // No directory, or one that cannot be read: checkData says so.
    return null;
  }
}

function checkRunning(paths: DataPaths): Finding {
  const pid = runningPid(paths);
  try {
    const running = readRunFile(paths.run);
    if (pid === null)
      return running === null
        ? ok("running", "nothing runs on it")
        : warn(
            "running",
            `process ${running.swipe.pid} ended without stopping`,
            "'kadun start' goes on from there",
          );
    if (running === null || running.swipe.pid !== pid)
      return warn("running", `process ${pid} is starting`, "look again in a moment, then at its log");
    if (running.office === null)
      return warn("running", `${running.swipe.url}; no office`, "look at the log if it stays away");
    return ok("running", `${running.swipe.url}, office ${running.office.url}`);
  } catch (error) {
    return warn(
      "running",
      `${paths.run}: ${messageOf(error)}`,
      "remove that file; 'kadun start' makes it anew",
    );
  }
}

/** @param hasData where nothing was stored yet, `kadun start` makes the key. */
function checkKey(path: string, hasData: boolean): Finding {
  if (!hasData && !existsSync(path)) return ok("key", `${path}: 'kadun start' makes it`);
  try {
    openKeyFile(path, { mayMake: false });
  } catch (error) {
    return fail("key", messageOf(error), "nothing can be read without it; look in the backups");
  }
  if (isOpenToOthers(path)) return warn("key", `${path}: others may read it`, `chmod 600 ${path}`);
  return ok("key", `${path}: keep a copy of it elsewhere`);
}

function checkBundles({ bundles, log }: DataPaths): Finding {
  if (!existsSync(bundles))
    return existsSync(log)
      ? fail("stored bundles", `${bundles}: missing`, "restore the folder from a backup: replays need it")
      : ok("stored bundles", "none yet");
  try {
    const folder = new BundleFolder(bundles);
    const hashes = folder.hashes();
    for (const hash of hashes) folder.whole(hash);
    return ok("stored bundles", `${hashes.length} sound`);
  } catch (error) {
    return fail("stored bundles", messageOf(error), "replays need every bundle that was ever active");
  }
}

export function checkShippedBundle(): Finding {
  try {
    return ok("shipped bundle", loadBundle().bundle.hash);
  } catch (error) {
    return fail("shipped bundle", messageOf(error), "install anew: files of the package were changed");
  }
}
