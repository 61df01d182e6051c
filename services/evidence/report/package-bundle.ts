/** The parts of a package's bundle that a report reads: the same package gives the same report, whatever is in force today. */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { regionsFile } from "../../../schemas/bundle/regions.js";
import { responseCodesFile } from "../../../schemas/bundle/response-codes.js";
import { rulesetFile } from "../../../schemas/bundle/ruleset.js";
import { bundleFile } from "../../../schemas/evidence/package.js";

const readBundle = z.object({ ruleset: rulesetFile, regions: regionsFile, responseCodes: responseCodesFile });

export type PackageBundle = z.infer<typeof readBundle>;

/** @param folder of the bag. @returns null where the package has no such bundle. */
export function packageBundle(folder: string, hash: string): PackageBundle | null {
  const path = join(folder, bundleFile(hash));
  return existsSync(path) ? readBundle.parse(JSON.parse(readFileSync(path, "utf8"))) : null;
}
