/** `kadun audit export`: the signed checkpoints, for whoever keeps them elsewhere. */

import { writeFileSync } from "node:fs";
import type { ConsoleClient } from "../embedded/console-client.js";
import { ExitStatus, OperatingError } from "../exit-status.js";
import { allCheckpoints } from "./lines.js";

export async function exportCheckpoints(client: ConsoleClient, file: string): Promise<ExitStatus> {
  const checkpoints = await allCheckpoints(client);
  try {
    writeFileSync(file, `${JSON.stringify({ checkpoints }, null, 2)}\n`);
  } catch (error) {
    throw new OperatingError(
      `${file}: cannot be written (${(error as NodeJS.ErrnoException).code}); name another file`,
    );
  }
  console.log(
    `${file}: ${checkpoints.length} checkpoint(s), the last of entry ${checkpoints.at(-1)?.seq ?? 0}`,
  );
  return ExitStatus.DONE;
}
