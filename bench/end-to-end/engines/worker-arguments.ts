/** What every worker is told alike. */

import type { Job } from "../engine.js";

export function workerArguments({ brokers, input, cardStatus, output, group }: Job): readonly string[] {
  return [
    ...["--brokers", brokers],
    ...["--input", input],
    ...["--card-status", cardStatus],
    ...["--output", output],
    ...["--group", group],
  ];
}
