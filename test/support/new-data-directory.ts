/**
 * A data directory as a first start leaves it that is killed when its database is made: to make one costs a good deal of the
 * processor, which most suites of a whole Kadun have no use for. First starts are those of the demo, the kill test and
 * test/e2e/start-up.test.ts.
 */

import { FORMAT_VERSION, PRODUCT } from "../../cli/embedded/open-data.js";
import { pathsOf } from "../../cli/embedded/paths.js";
import { systemClock } from "../../platform/clock/system-clock.js";
import { openDataDirectory } from "../../platform/lifecycle/data-directory.js";
import { formatInstant } from "../../schemas/instant.js";
import { newMigratedDatabase } from "./new-database.js";

/** @returns the path. */
export async function newDataDirectory(path: string, partitions = 1): Promise<string> {
  const createdAt = formatInstant(systemClock.now());
  openDataDirectory(path, { product: PRODUCT, formatVersion: FORMAT_VERSION, createdAt, partitions });
  await newMigratedDatabase(pathsOf(path).database);
  return path;
}
