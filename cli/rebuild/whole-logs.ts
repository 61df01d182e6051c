/** Tables can be made again only of logs that hold their beginning. */

import type { EventLog } from "../../platform/event-log/event-log.js";
import { OperatingError } from "../exit-status.js";

/** @throws OperatingError for the first partition that was trimmed. */
export async function requireWhole(log: EventLog, topics: readonly string[]): Promise<void> {
  for (const topic of topics) {
    const partitions = await log.partitionCount(topic);
    for (let partition = 0; partition < partitions; partition++) {
      const { start } = await log.bounds(topic, partition);
      if (start > 0)
        throw new OperatingError(
          `${topic}/${partition}: begins at offset ${start}, what was before it lies in an archive: tables that are emptied now would stay without it; keep them, or restore the database from its backup`,
        );
    }
  }
}
