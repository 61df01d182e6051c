/**
 * The journal against the decisions log of one partition: every swipe has exactly one decision, every status record
 * exactly one transition (or duplicate, or refusal), and no outcome lacks its cause.
 */

import type { EventLog } from "../../platform/event-log/event-log.js";
import type { JournalRecord } from "../../schemas/journal.js";
import { decodeOutcomeBody } from "../../schemas/log-body.js";
import type { LoggedOutcome } from "../../schemas/outcomes.js";
import { type OutcomePosition, Topic } from "../../schemas/topics.js";
import { OUTCOMES_TABLE } from "./log-tables.js";
import { type Stretch, type WalkedRecord, walk } from "./log-walk.js";
import type { FindingKind, Findings } from "./reconciliation.js";

interface PlacedOutcome {
  readonly offset: number;
  readonly mark: OutcomePosition;
  readonly outcome: LoggedOutcome;
}

/** What answers a record of a type; other outcomes (revisions) come beside it. */
const ANSWERS: Readonly<Record<string, readonly string[]>> = {
  swipe: ["decision", "duplicate", "refused", "forwarded"],
  "card-status": ["transition", "duplicate", "refused", "forwarded"],
  "person-link": ["person-moved", "duplicate", "refused", "forwarded"],
  "person-state": ["person-merged", "refused", "forwarded"],
};
/** What other records have now and then. */
const MAY_ANSWER: readonly string[] = ["duplicate", "refused", "forwarded"];
/** Those that an earlier program took in have none. */
const MAY_ANSWER_ACTIVATION: readonly string[] = ["activated", "refused"];

/** What is carried is answered as the record itself. */
function answersOf(record: JournalRecord): readonly string[] | undefined {
  return ANSWERS[record.type === "carried" ? record.record.type : record.type];
}

function mayAnswer(record: JournalRecord): readonly string[] {
  return record.type === "activation" ? MAY_ANSWER_ACTIVATION : (answersOf(record) ?? MAY_ANSWER);
}

/** Takes the records of a journal partition in order and reads the decisions beside them. */
export class Answers {
  unjudged = 0;
  private next: WalkedRecord | null = null;
  private readonly outcomes: AsyncGenerator<WalkedRecord>;

  constructor(
    log: EventLog,
    stretch: Stretch,
    /** Position of the last outcome: records behind it are not judged yet. */
    private readonly last: OutcomePosition | null,
    private readonly findings: Findings,
    private readonly seen: (outcome: WalkedRecord) => void,
  ) {
    this.partition = stretch.partition;
    this.outcomes = walk(log, OUTCOMES_TABLE, stretch);
  }

  private readonly partition: number;

  /** Skips the outcomes of records that the journal no longer holds. */
  async begin(journalStart: number): Promise<void> {
    await this.advance();
    while (this.next !== null && this.next.mark.journalOffset < journalStart) await this.advance();
  }

  async check(record: JournalRecord, journalOffset: number): Promise<void> {
    const outcomes = await this.takeOf(journalOffset);
    const eventId = "eventId" in record ? record.eventId : null;
    if (outcomes.length === 0) {
      if (answersOf(record) === undefined) return;
      if (this.last === null || journalOffset > this.last.journalOffset) this.unjudged++;
      else this.find("outcome-missing", null, { journalOffset, sequence: 0 }, eventId);
      return;
    }
    this.checkSequence(outcomes, journalOffset, eventId);
    this.checkAnswer(record, outcomes, journalOffset, eventId);
  }

  /** Outcomes of records that the journal does not have. */
  async end(): Promise<void> {
    for (; this.next !== null; await this.advance()) {
      const { record, mark } = this.next;
      this.find("outcome-extra", record.offset, mark, eventIdOf(decodeOutcomeBody(record.value)));
    }
  }

  private checkSequence(
    outcomes: readonly PlacedOutcome[],
    journalOffset: number,
    eventId: string | null,
  ): void {
    const held = new Set(outcomes.map(({ mark }) => mark.sequence));
    for (let sequence = 0; sequence < outcomes.at(-1)!.mark.sequence; sequence++)
      if (!held.has(sequence)) this.find("outcome-missing", null, { journalOffset, sequence }, eventId);
  }

  private checkAnswer(
    record: JournalRecord,
    outcomes: readonly PlacedOutcome[],
    journalOffset: number,
    eventId: string | null,
  ): void {
    const expected = mayAnswer(record);
    const answers = outcomes.filter(({ outcome }) => outcome.type !== "revision");
    const [answer, ...more] = answers.filter(({ outcome }) => expected.includes(outcome.type));
    for (const { offset, mark, outcome } of answers)
      if (!expected.includes(outcome.type)) this.find("outcome-extra", offset, mark, eventIdOf(outcome));
    for (const { offset, mark, outcome } of more)
      this.find("outcome-extra", offset, mark, eventIdOf(outcome));
    if (answer === undefined) {
      const isNamed = outcomes[0]!.mark.sequence > 0;
      if (answersOf(record) !== undefined && !isNamed)
        this.find("outcome-missing", null, { journalOffset, sequence: 0 }, eventId);
    } else if (eventIdOf(answer.outcome) !== eventId)
      this.find("outcome-different", answer.offset, answer.mark, eventIdOf(answer.outcome));
  }

  private async takeOf(journalOffset: number): Promise<readonly PlacedOutcome[]> {
    const taken: PlacedOutcome[] = [];
    while (this.next !== null && this.next.mark.journalOffset <= journalOffset) {
      const { record, mark } = this.next;
      taken.push({ offset: record.offset, mark, outcome: decodeOutcomeBody(record.value) });
      await this.advance();
    }
    return taken;
  }

  private async advance(): Promise<void> {
    const { value, done } = await this.outcomes.next();
    this.next = done ? null : value;
    if (this.next !== null) this.seen(this.next);
  }

  private find(
    kind: FindingKind,
    offset: number | null,
    mark: OutcomePosition,
    eventId: string | null,
  ): void {
    this.findings.add({ kind, topic: Topic.DECISIONS, partition: this.partition, offset, ...mark, eventId });
  }
}

function eventIdOf(outcome: LoggedOutcome): string | null {
  return "eventId" in outcome ? outcome.eventId : null;
}
