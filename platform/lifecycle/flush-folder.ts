/** So that a name survives a power cut as its file's content does. */

import { open } from "node:fs/promises";
import { dirname } from "node:path";

export async function flushFolder(path: string): Promise<void> {
  const folder = await open(dirname(path), "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
