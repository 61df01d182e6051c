/** The job of a detector: journal records in, outcomes of docs/design.md section 5 out, answers for the calls that wait. */

import { crc32c } from "../../platform/checksum/crc32c.js";
import type { LoggedRecord } from "../../platform/event-log/event-log.js";
import type { StateEntry } from "../../platform/state-store/state-store.js";
import { decodeJournalBody, encodeBody } from "../../schemas/log-body.js";
import type { LoggedOutcome } from "../../schemas/outcomes.js";
import { Topic } from "../../schemas/topics.js";
import { outcomeMetrics } from "./detector-metrics.js";
import type { DetectorOptions } from "./detector-options.js";
import type { DirtyPersons } from "./dirty-persons.js";
import { ENGINES } from "./engine.js";
import { type Judged, JudgingRoom } from "./judging-room.js";
import type { LiveJob, Room } from "./live-job.js";
import type { OutcomeSink } from "./outcome-log.js";
import { isAlwaysAnswered } from "./state-ahead.js";

export function journalJob(options: DetectorOptions, partition: number): LiveJob {
  const { bundles, engines = ENGINES } = options;
  return {
    topics: { journal: Topic.JOURNAL, decisions: Topic.DECISIONS },
    openRoom: async (ownership, held, state) =>
      new JournalRoom(
        options,
        partition,
        await JudgingRoom.open(ownership, { bundles, engines }, held, state),
      ),
    isAlwaysAnswered: ({ value }) => isAlwaysAnswered(decodeJournalBody(value, crc32c)),
  };
}

class JournalRoom implements Room {
  private readonly count: (judged: readonly Judged[]) => void;
  private judged: readonly Judged[] = [];

  constructor(
    private readonly options: Pick<DetectorOptions, "metrics" | "onAnswer">,
    private readonly partition: number,
    private readonly room: JudgingRoom,
  ) {
    this.count = outcomeMetrics(options.metrics);
  }

  get judgedOffset(): number {
    return this.room.judgedOffset;
  }

  get isBootstrapped(): boolean {
    return this.room.partition?.isBootstrapped ?? false;
  }

  get running() {
    return this.room.partition?.running ?? null;
  }

  get dirtyCount(): number {
    return this.room.partition?.dirtyCount ?? 0;
  }

  state() {
    return this.room.state();
  }

  async take(batch: readonly LoggedRecord[], sink: OutcomeSink): Promise<void> {
    this.judged = await this.room.take(batch);
    for (const { journalOffset, personKey, outcomes } of this.judged)
      for (const [sequence, outcome] of outcomes.entries())
        if (sink.wants(journalOffset, sequence))
          sink.add(journalOffset, sequence, personKey, encodeBody(outcome, crc32c));
    this.count(this.judged);
  }

  answer(): void {
    const { onAnswer } = this.options;
    if (onAnswer === undefined) return;
    const { partition, isBootstrapped } = this;
    for (const { journalOffset, header, outcomes } of this.judged)
      if (header.length > 0 && !isAnsweredElsewhere(outcomes))
        onAnswer({ partition, journalOffset, header, outcomes, isBootstrapped });
  }

  evict(bytesMax: number, storedOffset: number): number {
    return this.room.partition?.evict(bytesMax, storedOffset) ?? 0;
  }

  takeDirty(): DirtyPersons {
    return this.room.partition!.takeDirty(this.room.judgedOffset);
  }

  copyPerson(dirty: DirtyPersons, index: number, target: Buffer, at: number): StateEntry | null {
    return this.room.partition!.copyPerson(dirty, index, target, at);
  }
}

/** The person moved: who waits is answered where the record was sent on to, by the first that comes there. */
function isAnsweredElsewhere([first]: readonly LoggedOutcome[]): boolean {
  return first?.type === "forwarded" || (first?.type === "refused" && first.code === "CARRIED_BEFORE");
}
