/** Where day proofs lie in their folder. */

import { join } from "node:path";

const PARTITION_DIGITS = 5;

/** What may be published: signed lines, no person can be made of them. */
export function linesPathOf(folder: string, partition: number): string {
  return join(folder, "published", `${nameOf(partition)}.ndjson`);
}

/** Who was seen when: nobody else's. */
export function leavesFolderOf(folder: string, partition: number): string {
  return join(folder, "leaves", nameOf(partition));
}

function nameOf(partition: number): string {
  return String(partition).padStart(PARTITION_DIGITS, "0");
}
