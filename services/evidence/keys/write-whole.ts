/** A file that appears whole and flushed, or not at all; readable by its owner only. */

import { randomBytes } from "node:crypto";
import { linkSync, mkdirSync, renameSync, unlinkSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { flushFolderOf } from "../../../platform/lifecycle/data-directory.js";

/** @param isNew false: replaces what is there. true: leaves what another process made meanwhile. */
export function writeWhole(path: string, text: string, { isNew }: { readonly isNew: boolean }): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomBytes(4).toString("hex")}.new`;
  writeFileSync(draft, text, { mode: 0o600, flag: "wx", flush: true });
  if (isNew) linkOnce(draft, path);
  else renameSync(draft, path);
  flushFolderOf(path);
}

function linkOnce(draft: string, path: string): void {
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    unlinkSync(draft);
  }
}
