/** The eventIds of all records that the journal holds; a look reads only what has come since the one before. */

import type { EventLog } from "../../platform/event-log/event-log.js";
import { jsonOfBody } from "../../schemas/log-body.js";
import { Topic } from "../../schemas/topics.js";

const READ_LIMITS = { recordsMax: 5_000, bytesMax: 16_000_000, waitMs: 1_000 };

export class JournalIndex {
  private readonly held = new Set<string>();
  private readonly positions: number[];

  constructor(
    private readonly log: EventLog,
    partitions: number,
  ) {
    this.positions = new Array<number>(partitions).fill(0);
  }

  async eventIds(): Promise<ReadonlySet<string>> {
    for (const partition of this.positions.keys()) await this.readOn(partition);
    return this.held;
  }

  private async readOn(partition: number): Promise<void> {
    const { end } = await this.log.bounds(Topic.JOURNAL, partition);
    if (this.positions[partition] === end) return;
    const reader = await this.log.reader(Topic.JOURNAL, partition, this.positions[partition]!);
    try {
      while (reader.position < end)
        for (const { value } of await reader.read(READ_LIMITS)) {
          const { eventId } = JSON.parse(jsonOfBody(value)) as { eventId?: string };
          if (eventId !== undefined) this.held.add(eventId);
        }
      this.positions[partition] = reader.position;
    } finally {
      await reader.close();
    }
  }
}
