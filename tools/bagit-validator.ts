/**
 * The Library of Congress's validator of bags (PyPI `bagit`), installed once beside the packages of npm: what evidence packages
 * are accepted by is not ours.
 */

import { spawnSync } from "node:child_process";
import { existsSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../cli/package-root.js";

const VERSION = "1.9.0";
const INSTALL_MS = 300_000;
const folder = join(packageRoot, "node_modules", ".cache", "kadun", `bagit-${VERSION}`);

/** Is there a Python that can install packages? */
export function hasPip(): boolean {
  return spawnSync("python3", ["-m", "pip", "--version"]).status === 0;
}

/** Fetched where it is not there. @throws Error with what pip said. */
export function installBagit(): void {
  if (existsSync(folder)) return;
  const draft = `${folder}.new`;
  rmSync(draft, { recursive: true, force: true });
  // setuptools: it asks for its own version through it.
  const args = ["-m", "pip", "install", "--quiet", "--target", draft, `bagit==${VERSION}`, "setuptools<81"];
  const { status, stderr } = spawnSync("python3", args, { timeout: INSTALL_MS, encoding: "utf8" });
  if (status !== 0) throw new Error(`bagit ${VERSION} cannot be installed: ${stderr}`);
  renameSync(draft, folder);
}

/** @param bag its folder. @returns what it says; `isValid` by its exit status. */
export function validateBag(bag: string): { readonly isValid: boolean; readonly said: string } {
  const env = { ...process.env, PYTHONPATH: folder };
  const { status, stdout, stderr } = spawnSync("python3", ["-m", "bagit", "--validate", bag], {
    env,
    encoding: "utf8",
  });
  return { isValid: status === 0, said: stdout + stderr };
}
