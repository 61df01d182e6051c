/** A real consumer of one partition of outcomes as processes of a run. */

import { consumeOnce } from "../../platform/event-log/consume-once.js";
import type { EventLog } from "../../platform/event-log/event-log.js";
import { decodePosition, isAbove, type OutcomePosition, Topic } from "../../schemas/topics.js";
import type { OutcomeDatabase } from "./outcome-sink.js";
import type { SimProcess } from "./sim-process.js";

const LIMITS = { recordsMax: 6, bytesMax: 16_384, waitMs: 40 } as const;

export interface ConsumerParts {
  readonly logOf: (process: SimProcess) => EventLog;
  readonly database: OutcomeDatabase;
  readonly appliesRepeats: boolean;
}

export class ConsumerRole {
  constructor(
    private readonly partition: number,
    private readonly parts: ConsumerParts,
  ) {}

  readonly live = (process: SimProcess, signal: AbortSignal): Promise<void> =>
    consumeOnce<OutcomePosition>({
      log: this.parts.logOf(process),
      topic: Topic.DECISIONS,
      partition: this.partition,
      limits: LIMITS,
      markOf: ({ header }) => decodePosition(header),
      isAbove: this.parts.appliesRepeats ? () => true : isAbove,
      sink: this.parts.database.sink(process),
      signal,
    });
}
