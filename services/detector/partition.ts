/**
 * One partition in memory: its persons, its feeds, the bundle in force. Takes journal records in order.
 * `kadun replay` is one of these; the live loop will put a log and a state store around it.
 */

import { parseInstantMs } from "../../schemas/instant.js";
import type { JournalRecord } from "../../schemas/journal.js";
import type { Outcome } from "../../schemas/outcomes.js";
import type { DetectorBundle } from "./bundle.js";
import { Judge, type RecordRefused } from "./decide.js";
import { Feeds } from "./feeds.js";
import { Person } from "./person/person.js";
import { PersonRecord } from "./person/person-record.js";
import { PersonTable } from "./person/person-table.js";
import { appendedAt } from "./swipe.js";

/** An activation of a bundle that is not at hand. */
export interface ActivationRefused {
  readonly refused: "BUNDLE_UNKNOWN";
}

export class Partition {
  private readonly table: PersonTable;
  private readonly record: PersonRecord;
  private readonly judge: Judge;
  private readonly feeds = new Feeds();

  /** @param bundles by hash; activations choose among them. */
  constructor(
    bundle: DetectorBundle,
    private readonly bundles: ReadonlyMap<string, DetectorBundle> = new Map([[bundle.hash, bundle]]),
    personsExpected = 1024,
  ) {
    this.table = new PersonTable(personsExpected);
    this.record = new PersonRecord(this.table);
    this.judge = new Judge(new Person(this.record), bundle, this.feeds);
  }

  get personCount(): number {
    return this.table.size;
  }

  get personBytes(): number {
    return this.table.bytesHeld;
  }

  /** Judges the record at `offset`, appended at `logAppendedAtMs`. */
  take(
    record: JournalRecord,
    offset: number,
    logAppendedAtMs: number,
  ): readonly Outcome[] | RecordRefused | ActivationRefused {
    if (record.type === "heartbeat") {
      const receivedAtMs = record.receivedAt === undefined ? null : parseInstantMs(record.receivedAt);
      this.feeds.beat(record.feedId, appendedAt(receivedAtMs, logAppendedAtMs));
      return NO_OUTCOMES;
    }
    if (record.type === "activation") {
      const bundle = this.bundles.get(record.bundleHash);
      if (bundle === undefined) return BUNDLE_UNKNOWN;
      this.judge.activate(bundle);
      return NO_OUTCOMES;
    }
    if (record.type === "bootstrap") return NO_OUTCOMES;
    this.pointAt(record.personKey);
    const outcomes = this.judge.decide(record, logAppendedAtMs);
    this.record.setIncludesOffset(offset);
    return outcomes;
  }

  /** The sealed bytes of a person's record. */
  personBytesOf(personKey: string): Uint8Array {
    this.pointAt(personKey);
    return this.record.toBytes();
  }

  private pointAt(personKey: string): void {
    this.table.point(
      this.record,
      Number.parseInt(personKey.slice(0, 8), 16),
      Number.parseInt(personKey.slice(8, 16), 16),
      Number.parseInt(personKey.slice(16, 24), 16),
      Number.parseInt(personKey.slice(24, 32), 16),
    );
  }
}

const NO_OUTCOMES: readonly Outcome[] = [];
const BUNDLE_UNKNOWN: ActivationRefused = { refused: "BUNDLE_UNKNOWN" };
