/** The embedded office's new database, packed when Kadun is built; where it is missing, one is made from nothing. */

import { join } from "node:path";
import { packageRoot } from "../package-root.js";

export const newDatabaseFile = join(packageRoot, "dist", "database", "new.tar.gz");
