/** Bundles beside the segments that name them: the content as JSON, one file each, named by its hash. */

import { createHash } from "node:crypto";
import { open, readFile, rename } from "node:fs/promises";
import { flushFolder } from "../../platform/lifecycle/flush-folder.js";
import type { BundleEntry } from "../../schemas/archive.js";
import type { Archive } from "./archive.js";
import { ArchiveError, damaged } from "./archive-error.js";
import { checkWhole } from "./check-whole.js";

/** Writes it, reads it back, and makes it count; again is nothing. @throws ArchiveError. */
export async function addBundle(archive: Archive, hash: string, content: string): Promise<void> {
  if (archive.bundles().some((entry) => entry.hash === hash)) return;
  const file = await archive.bundleFile(hash);
  const path = archive.pathOf({ file });
  const bytes = Buffer.from(content, "utf8");
  const handle = await open(`${path}.new`, "w", 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${path}.new`, path);
  await flushFolder(path);
  const entry: BundleEntry = { kind: "bundle", hash, file, bytes: bytes.length, sha256: sha256Of(bytes) };
  await bundleContent(archive, entry);
  await archive.manifest.append(entry);
}

/** As it was written. @throws ArchiveError MISSING, DAMAGED. */
export async function bundleContent(archive: Archive, entry: BundleEntry): Promise<string> {
  const path = archive.pathOf(entry);
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new ArchiveError(
      "MISSING",
      `${path}: cannot be read (${code}); restore it from a copy of the archive`,
      { cause },
    );
  }
  checkWhole(path, { bytes: bytes.length, sha256: sha256Of(bytes) }, entry);
  return bytes.toString("utf8");
}

/** @throws ArchiveError MISSING where the archive has none of that hash, DAMAGED. */
export async function bundleOf(archive: Archive, hash: string): Promise<string> {
  const entry = archive.bundles().find((each) => each.hash === hash);
  if (entry === undefined)
    throw damaged(archive.folder, `bundle ${hash} is named by a segment and is not in the manifest`);
  return bundleContent(archive, entry);
}

function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
