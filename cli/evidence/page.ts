/** `kadun evidence page`: the verifier page, as a file to give away. */

import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { OperatingError } from "../exit-status.js";
import { packageRoot } from "../package-root.js";

const PAGE = join(packageRoot, "services", "evidence", "page", "verify.html");

export function writePage(path: string): void {
  try {
    copyFileSync(PAGE, path);
  } catch (error) {
    throw new OperatingError(
      `${path}: cannot be written (${(error as NodeJS.ErrnoException).code}); name another file`,
    );
  }
}
