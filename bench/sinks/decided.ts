/**
 * What the decisions log holds, read independently of the sinks: whether each swipe has its decision, and which alerts
 * there must be.
 */

import type { EventLog } from "../../platform/event-log/event-log.js";
import { decodeOutcomeBody } from "../../schemas/log-body.js";
import { decodePosition, isAbove, type OutcomePosition, Topic } from "../../schemas/topics.js";
import { decidedNumber } from "./journal-stream.js";

const READ_LIMITS = { recordsMax: 5_000, bytesMax: 16_000_000, waitMs: 1_000 } as const;

export class Decided {
  /** Outcomes of any type; what was appended again counts once. */
  outcomes = 0;
  /** Decisions that are not `approve`, under the ids that their alerts have. */
  readonly alertIds = new Set<string>();
  /** By number: how many decisions a swipe of the run has. */
  private readonly decisions: number[] = [];
  private readonly nextOffsets: number[] = [];
  private readonly last: (OutcomePosition | null)[] = [];

  constructor(private readonly log: EventLog) {}

  /** From where the last reading ended to where the log ends now. */
  async readOn(): Promise<void> {
    const partitions = await this.log.partitionCount(Topic.DECISIONS);
    for (let partition = 0; partition < partitions; partition++) await this.readPartition(partition);
  }

  /** Of the first so many swipes of the run: how many have no decision, and how many have several. */
  against(swipes: number): { readonly missing: number; readonly several: number } {
    let missing = 0;
    let several = 0;
    for (let number = 0; number < swipes; number++) {
      const count = this.decisions[number] ?? 0;
      if (count === 0) missing += 1;
      if (count > 1) several += 1;
    }
    return { missing, several };
  }

  private async readPartition(partition: number): Promise<void> {
    const { start, end } = await this.log.bounds(Topic.DECISIONS, partition);
    let next = this.nextOffsets[partition] ?? start;
    const reader = await this.log.reader(Topic.DECISIONS, partition, next);
    try {
      while (next < end) {
        for (const { offset, header, value } of await reader.read(READ_LIMITS)) {
          next = offset + 1;
          this.take(partition, decodePosition(header), value);
        }
      }
    } finally {
      await reader.close();
    }
    this.nextOffsets[partition] = next;
  }

  private take(partition: number, position: OutcomePosition, body: Uint8Array): void {
    if (!isAbove(position, this.last[partition] ?? null)) return;
    this.last[partition] = position;
    this.outcomes += 1;
    const number = decidedNumber(body);
    if (Number.isNaN(number)) return;
    this.decisions[number] = (this.decisions[number] ?? 0) + 1;
    const outcome = decodeOutcomeBody(body);
    if (outcome.type === "decision" && outcome.action !== "approve") this.alertIds.add(outcome.decisionId);
  }
}
