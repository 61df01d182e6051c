/** The job of a detector: journal records in, outcomes of docs/design.md section 5 out, answers for the calls that wait. */

import { crc32c } from "../../platform/checksum/crc32c.js";
import type { LoggedRecord } from "../../platform/event-log/event-log.js";
import type { StateEntry } from "../../platform/state-store/state-store.js";
import { decodeJournalBody, encodeBody } from "../../schemas/log-body.js";
import type { LoggedOutcome } from "../../schemas/outcomes.js";
import { Topic } from "../../schemas/topics.js";
import type { Decided } from "./decide.js";
import { OutcomeCounts } from "./detector-metrics.js";
import type { DetectorOptions } from "./detector-options.js";
import type { DirtyPersons } from "./dirty-persons.js";
import { ENGINES } from "./engine.js";
import { type Judged, JudgingRoom } from "./judging-room.js";
import type { LiveJob, Room } from "./live-job.js";
import type { OutcomeSink } from "./outcome-log.js";
import { isAlwaysAnswered } from "./state-ahead.js";
import { DecisionWriter } from "./swipe-bytes/decision-writer.js";
import type { SwipeBytes } from "./swipe-bytes/swipe-bytes.js";
import { Field } from "./swipe-bytes/swipe-fields.js";

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

/** Shared by the partitions of a process: nothing in it is waited for. */
const WRITER = new DecisionWriter();

class JournalRoom implements Room {
  private readonly counts: OutcomeCounts;
  /** Of the last batch, for the calls that wait. */
  private answers: Judged[] = [];

  constructor(
    private readonly options: Pick<DetectorOptions, "metrics" | "onAnswer">,
    private readonly partition: number,
    private readonly room: JudgingRoom,
  ) {
    this.counts = new OutcomeCounts(options.metrics);
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
    this.answers = [];
    await this.room.judge(batch, {
      takesBytes: ({ header }) => !this.isAnswered(header),
      took: (judged) => this.took(judged, sink),
      decided: (decided, swipe, journalOffset) => this.decided(decided, swipe, journalOffset, sink),
    });
    this.counts.flush();
  }

  private took(judged: Judged, sink: OutcomeSink): void {
    const { journalOffset, personKey, outcomes, header } = judged;
    for (const [sequence, outcome] of outcomes.entries()) {
      this.counts.outcome(outcome);
      if (sink.wants(journalOffset, sequence))
        sink.add(journalOffset, sequence, personKey, encodeBody(outcome, crc32c));
    }
    if (this.isAnswered(header) && !isAnsweredElsewhere(outcomes)) this.answers.push(judged);
  }

  private decided(decided: Decided, swipe: SwipeBytes, journalOffset: number, sink: OutcomeSink): void {
    this.counts.decision(decided);
    if (!sink.wants(journalOffset, FIRST)) return;
    WRITER.write(decided, swipe);
    const { source, start, end } = WRITER;
    const key = swipe.starts[Field.personKey]!;
    const keyBytes = swipe.ends[Field.personKey]! - key;
    sink.addParts(journalOffset, FIRST, swipe.source, key, keyBytes, source, start, end - start);
  }

  /** Does a call wait for what comes of the record with this header? */
  private isAnswered(header: Uint8Array): boolean {
    return header.length > 0 && this.options.onAnswer !== undefined;
  }

  answer(): void {
    const { partition, isBootstrapped } = this;
    for (const { journalOffset, header, outcomes } of this.answers)
      this.options.onAnswer?.({ partition, journalOffset, header, outcomes, isBootstrapped });
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

/** Of the outcomes of a record. */
const FIRST = 0;

/** The person moved: who waits is answered where the record was sent on to, by the first that comes there. */
function isAnsweredElsewhere([first]: readonly LoggedOutcome[]): boolean {
  return first?.type === "forwarded" || (first?.type === "refused" && first.code === "CARRIED_BEFORE");
}
