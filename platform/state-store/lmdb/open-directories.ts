/** Directories this process has open: LMDB allows a second opening, which nothing would keep apart from the first. */

import { resolve } from "node:path";
import { StateStoreError } from "../state-store.js";

const openDirectories = new Set<string>();

/** @returns what gives the directory back. @throws StateStoreError LOCKED. */
export function claimDirectory(directory: string): () => void {
  const claimed = resolve(directory);
  if (openDirectories.has(claimed))
    throw new StateStoreError(
      "LOCKED",
      `${claimed} is already open in this process; use the state store that is open, or close it first`,
    );
  openDirectories.add(claimed);
  return () => openDirectories.delete(claimed);
}
