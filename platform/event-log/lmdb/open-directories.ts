/** Directories this process has open: LMDB allows a second opening, which would append with offsets of its own. */

import { resolve } from "node:path";
import { EventLogError } from "../event-log.js";

const openDirectories = new Set<string>();

/** @returns what gives the directory back. @throws EventLogError LOCKED. */
export function claimDirectory(directory: string): () => void {
  const claimed = resolve(directory);
  if (openDirectories.has(claimed))
    throw new EventLogError(
      "LOCKED",
      `${claimed} is already open in this process; use the event log that is open, or close it first`,
    );
  openDirectories.add(claimed);
  return () => openDirectories.delete(claimed);
}
