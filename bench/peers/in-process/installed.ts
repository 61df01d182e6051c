/**
 * The engines' libraries: no part of the product, installed on demand beside their lock file, `bench/peers/in-process`.
 * Versions are those of the lock file; install scripts do not run.
 */

import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { packageRoot } from "../../../cli/package-root.js";

const run = promisify(execFile);
const FOLDER = join(packageRoot, "bench/peers/in-process");
const INSTALL = ["install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund"];
const INSTALL_TIMEOUT_MS = 300_000;
const REASON_LENGTH_MAX = 120;

export function isInstalled(library: string): boolean {
  try {
    createRequire(join(FOLDER, "package.json")).resolve(library);
    return true;
  } catch {
    return false;
  }
}

/** Installs what is missing; what went wrong, or null. */
export async function install(libraries: readonly string[]): Promise<string | null> {
  if (libraries.every(isInstalled)) return null;
  try {
    await run("npm", INSTALL, { cwd: FOLDER, timeout: INSTALL_TIMEOUT_MS });
    return null;
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const line = text.split("\n").find((each) => each.startsWith("npm error")) ?? text.split("\n")[0]!;
    return line.slice(0, REASON_LENGTH_MAX);
  }
}

/** A library of that folder; `Library` says what is used of it: its own types are not there when Kadun is built. */
export async function installedLibrary<Library>(name: string): Promise<Library> {
  const path = createRequire(join(FOLDER, "package.json")).resolve(name);
  const loaded = await import(pathToFileURL(path).href);
  return (loaded.default ?? loaded) as Library;
}

export function versionOf(library: string): string {
  const manifest: unknown = JSON.parse(
    readFileSync(join(FOLDER, "node_modules", library, "package.json"), "utf8"),
  );
  if (typeof manifest !== "object" || manifest === null || !("version" in manifest)) return "?";
  return String(manifest.version);
}
