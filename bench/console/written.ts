/** What a fill has written is put on the disk before anything is timed. */

import { open, readdir } from "node:fs/promises";
import { join } from "node:path";

/** The system writes gigabytes out for a minute, and who reads meanwhile waits. A file that is removed meanwhile is passed over. */
export async function written(directory: string): Promise<void> {
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = await open(join(entry.parentPath, entry.name), "r+").catch(unlessGone);
    await file?.sync();
    await file?.close();
  }
}

function unlessGone(error: NodeJS.ErrnoException): null {
  if (error.code === "ENOENT") return null;
  throw error;
}
