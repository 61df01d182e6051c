/** Versions as the checkout fixes them. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { packageRoot } from "../../cli/package-root.js";

const manifest = z.object({ version: z.string() });

/** A property of a pom.xml. @param folder from the root of the checkout. @throws Error where it has none of this name. */
export function pomProperty(folder: string, name: string): string {
  const pom = join(packageRoot, folder, "pom.xml");
  const value = new RegExp(`<${name.replaceAll(".", "\\.")}>(.*?)<`).exec(readFileSync(pom, "utf8"))?.[1];
  if (value === undefined) throw new Error(`${pom} has no property ${name}`);
  return value;
}

/** Of a package that is installed. */
export function packageVersion(name: string): string {
  const text = readFileSync(join(packageRoot, "node_modules", name, "package.json"), "utf8");
  return manifest.parse(JSON.parse(text)).version;
}
