/** What this program is: a hash over its files, the same on every machine that has this release. */

import { createHash, hash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import type { ReleaseFile } from "../../schemas/evidence/package.js";
import { ENGINES } from "../../services/detector/engine.js";
import { packageRoot, packageVersion } from "../package-root.js";

/** What judges: the compiled program and the rules that it brings. Types, maps and build notes decide nothing. */
const FOLDERS = ["dist/schemas", "dist/services/detector", "dist/platform", "rulesets"];
const DECIDES = /\.(js|json)$/;

let known: ReleaseFile | null = null;

/** Reads some hundred files the first time. */
export function releaseOfThisProgram(): ReleaseFile {
  known ??= releaseIn(packageRoot);
  return known;
}

function releaseIn(root: string): ReleaseFile {
  const names = FOLDERS.flatMap((folder) => filesIn(join(root, folder)))
    .map((path) => relative(root, path).split(sep).join("/"))
    .filter((name) => DECIDES.test(name))
    .sort();
  const all = createHash("sha256");
  for (const name of names) all.update(`${hash("sha256", readFileSync(join(root, name)))}  ${name}\n`);
  return {
    version: packageVersion(),
    engineVersions: [...ENGINES.keys()],
    releaseSha256: all.digest("hex"),
    files: names.length,
  };
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
