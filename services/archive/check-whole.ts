/** A file that was read to its end, against what the manifest says of it. */

import { damaged } from "./archive-error.js";

interface Whole {
  readonly bytes: number;
  readonly sha256: string;
}

/** @throws ArchiveError DAMAGED. */
export function checkWhole(path: string, read: Whole | null, entry: Whole): void {
  if (read?.bytes !== entry.bytes)
    throw damaged(`${path}: byte ${read?.bytes ?? 0}`, `ends, the manifest says ${entry.bytes} bytes`);
  if (read.sha256 !== entry.sha256)
    throw damaged(
      path,
      `its SHA-256 is ${read.sha256}, the manifest says ${entry.sha256}: it is another file, sound in itself`,
    );
}
