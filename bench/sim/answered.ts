/** Has a partition's consumer seen an outcome of the last journal record that must have one? Reads on from where it was. */

import type { MemoryLogWorld } from "../../platform/event-log/memory/memory-log-world.js";
import { Topic } from "../../schemas/topics.js";
import { readBody } from "./logged-bodies.js";
import type { OutcomeDatabase } from "./outcome-sink.js";

/** A fact has none where it is new. */
const ANSWERED = new Set(["swipe", "card-status", "person-link", "person-state"]);

export class Answered {
  private nextOffset = 0;
  private lastOffset = -1;

  constructor(
    private readonly partition: number,
    private readonly log: MemoryLogWorld,
    private readonly database: OutcomeDatabase,
  ) {}

  get isUpToDate(): boolean {
    for (const { offset, value } of this.log.records(Topic.JOURNAL, this.partition).slice(this.nextOffset)) {
      const record = readBody(value);
      if (ANSWERED.has((record.record ?? record).type)) this.lastOffset = offset;
      this.nextOffset = offset + 1;
    }
    const seen = this.database.rows(this.partition).at(-1)?.position.journalOffset ?? -1;
    return seen >= this.lastOffset;
  }
}
