/** Job `swipe-5` judged by the product: its person table, its records, its `decide`, under the job's own rules. */

import { formatInstant } from "../../schemas/instant.js";
import type { CanonicalCardStatus } from "../../schemas/journal.js";
import type { DetectorBundle } from "../../services/detector/bundle.js";
import { Judge } from "../../services/detector/decide.js";
import { Feeds } from "../../services/detector/feeds.js";
import { Person } from "../../services/detector/person/person.js";
import { PersonRecord } from "../../services/detector/person/person-record.js";
import { PersonTable } from "../../services/detector/person/person-table.js";
import { DecisionWriter, verdictOf } from "./decision-writer.js";
import { BASE_MS } from "./generator.js";
import { isLost, type JobSwipe, psnNoOf } from "./job.js";
import { JobMessage } from "./message.js";
import { psnHalf, readSwipe } from "./read-swipe.js";

/** Before every swipe of a stream. */
const LOST_SINCE = formatInstant(BASE_MS - 365 * 86_400_000);

export class Swipe5 {
  readonly message = new JobMessage();
  readonly table: PersonTable;
  private readonly record: PersonRecord;
  private readonly judge: Judge;
  private readonly writer = new DecisionWriter();
  private offset = 0;

  /** Reports the cards of lost persons among `persons`. */
  constructor(
    persons: number,
    private readonly bundle: DetectorBundle,
  ) {
    this.table = new PersonTable(persons);
    this.record = new PersonRecord(this.table);
    this.judge = new Judge(new Person(this.record), bundle, new Feeds());
    for (let person = 0; person < persons; person++) if (isLost(person)) this.reportLost(psnNoOf(person));
  }

  /** Takes a swipe into the state without answering it. */
  ingest(swipe: JobSwipe): void {
    this.message.load(swipe);
    this.decide();
  }

  /** One message in, one decision out. @throws where the message is not one of the job, or reuses an eventId. */
  handle(bytes: Buffer, nowMs: number): Uint8Array {
    this.message.read(bytes);
    return this.writer.write(this.message, this.decide(), nowMs);
  }

  /** The verdict (decision-writer.ts) on the message in hand. */
  private decide(): number {
    const { message, record, judge } = this;
    this.table.point(record, psnHalf(message, 0), psnHalf(message, 1), 0, 0);
    readSwipe(judge.swipe, message, this.bundle.regions);
    const result = judge.decideSwipe();
    record.setIncludesOffset(this.offset++);
    switch (result.result) {
      case "judged":
        return verdictOf(result.action, result.kept.hits);
      case "repeat":
        return verdictOf(result.action, this.hitsKept());
      case "reused":
        throw new Error(`eventId ${judge.swipe.eventId} was used before with other content`);
    }
  }

  /** The rules that hit when the swipe in hand came for the first time. */
  private hitsKept(): number {
    const { person, swipe } = this.judge;
    return person.settles.findings(person.settles.find(swipe.eventId, swipe.idTag)).hits;
  }

  private reportLost(psnNo: string): void {
    const { record, judge } = this;
    this.table.point(record, Number(psnNo.slice(0, 9)), Number(psnNo.slice(9)), 0, 0);
    const outcomes = judge.decide(lossReportOf(psnNo), BASE_MS);
    record.setIncludesOffset(this.offset++);
    if ("refused" in outcomes)
      throw new Error(`the loss report of ${psnNo} was refused: ${outcomes.refused}`);
    const [transition] = outcomes;
    if (transition?.type !== "transition" || transition.to !== "formal")
      throw new Error(`the loss report of ${psnNo} was not applied: ${JSON.stringify(transition)}`);
  }
}

/** A formal report of the person's card: in effect at once, without an end. */
function lossReportOf(psnNo: string): CanonicalCardStatus {
  return {
    type: "card-status",
    eventId: `lost-${psnNo}`,
    occurredAt: LOST_SINCE,
    personKey: psnNo.padStart(32, "0"),
    credential: "card",
    action: "confirm-loss",
    region: psnNo.slice(0, 6),
    acceptedAt: LOST_SINCE,
    effectiveAt: LOST_SINCE,
    verified: true,
    contentHash: psnNo.slice(2),
  };
}
