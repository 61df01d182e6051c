/** What a build makes again only where something that it is made of has changed. */

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../cli/package-root.js";

/** `make` fills `folder`; `places` are files and folders of the package. */
export async function makeOf(
  folder: string,
  places: readonly string[],
  make: () => Promise<void>,
): Promise<void> {
  const stamp = join(folder, ".sources");
  const sources = hashOf(places);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === sources) return;
  mkdirSync(folder, { recursive: true });
  await make();
  // Last: where this was broken off, it is made again.
  writeFileSync(stamp, sources);
}

/** In order; a file is itself. */
export function filesOf(place: string): readonly string[] {
  if (statSync(place).isFile()) return [place];
  return readdirSync(place, { recursive: true, withFileTypes: true })
    .flatMap((entry) => (entry.isFile() ? [join(entry.parentPath, entry.name)] : []))
    .sort();
}

function hashOf(places: readonly string[]): string {
  const hash = createHash("sha256");
  for (const file of places.flatMap((place) => filesOf(join(packageRoot, place)))) {
    const content = readFileSync(file);
    hash.update(`${file.slice(packageRoot.length)} ${content.length}\n`).update(content);
  }
  return hash.digest("hex");
}
