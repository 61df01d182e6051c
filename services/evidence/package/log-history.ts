/**
 * A person's history from journal and decisions log (of an archive too, where both are joined), read once from the first
 * record of the partition on: what a stretch begins with, the running maximum of append times, follows from all before it.
 *
 * Owns: where it stands in both logs.
 * Does not own: the logs, the day proofs.
 *
 * 1. An outcome comes once: what was appended again after a crash is not above the one before it.
 */

import type { EventLog, LoggedRecord, LogReader } from "../../../platform/event-log/event-log.js";
import type { PersonProof } from "../../../schemas/evidence/day-proof.js";
import { dayProof } from "../../../schemas/evidence/day-proof.js";
import type { JournalLine, OutcomeLine } from "../../../schemas/evidence/lines.js";
import type { CheckpointFile } from "../../../schemas/evidence/package.js";
import { decodeJournalJson, jsonOfBody } from "../../../schemas/log-body.js";
import { decodePosition, isAbove, type OutcomePosition, Topic } from "../../../schemas/topics.js";
import { EvidenceRefusal } from "../refusal.js";
import { PartitionContext } from "./partition-context.js";
import type { HistoryStretch, PersonHistory } from "./person-history.js";

/** Of a partition with all its people some megabytes. */
const READ_LIMITS = { recordsMax: 5_000, bytesMax: 8_000_000, waitMs: 0 } as const;

export interface ProvenStretch {
  readonly proofLine: string;
  readonly proof: PersonProof;
}

export interface LogHistoryOptions {
  readonly log: EventLog;
  readonly partition: number;
  readonly personKey: string;
  /** The first stretch is the one that holds the record behind it; null: the partition's first. */
  readonly checkpoint: CheckpointFile | null;
  /** Of the checkpoint; none where there is none. */
  readonly bundleHashes?: readonly string[];
  /** In order, without a gap, from the partition's first on. */
  readonly proofs: () => AsyncIterable<ProvenStretch>;
}

export class LogHistory implements PersonHistory {
  readonly partition: number;
  readonly checkpoint: CheckpointFile | null;
  readonly bundleHashes: readonly string[];

  constructor(private readonly options: LogHistoryOptions) {
    this.partition = options.partition;
    this.checkpoint = options.checkpoint;
    this.bundleHashes = options.bundleHashes ?? [];
  }

  /** @throws EvidenceRefusal RECORDS_MISSING where the logs begin later; EventLogError. */
  async *stretches(): AsyncGenerator<HistoryStretch> {
    const { log, partition } = this.options;
    const { start } = await log.bounds(Topic.JOURNAL, partition);
    if (start > 0)
      throw new EvidenceRefusal(
        "RECORDS_MISSING",
        `journal partition ${partition} begins with offset ${start}; name the archive by which it was trimmed (KADUN_ARCHIVE)`,
      );
    const journal = new Records(await log.reader(Topic.JOURNAL, partition, 0));
    const { start: firstOutcome } = await log.bounds(Topic.DECISIONS, partition);
    const outcomes = new Records(await log.reader(Topic.DECISIONS, partition, firstOutcome));
    try {
      yield* this.walk(journal, outcomes);
    } finally {
      await journal.close();
      await outcomes.close();
    }
  }

  private async *walk(journal: Records, outcomes: Records): AsyncGenerator<HistoryStretch> {
    const from = (this.options.checkpoint?.position ?? -1) + 1;
    const context = new PartitionContext();
    const person = new PersonOutcomes(outcomes);
    let [appendedAtMs, isFirst] = [0, true];
    for await (const { proofLine, proof } of this.options.proofs()) {
      const { fromOffset, endOffset } = dayProof.parse(JSON.parse(proofLine));
      if (isFirst && fromOffset > from) throw this.provenLater(fromOffset);
      isFirst = false;
      const taken = { journal: [] as JournalLine[], context: [] as JournalLine[] };
      for await (const record of journal.below(({ offset }) => offset < endOffset)) {
        appendedAtMs = Math.max(appendedAtMs, record.appendedAtMs);
        // Before the first line only what the partition gives counts.
        if (record.offset >= fromOffset || record.key === NO_PERSON)
          this.take(record, appendedAtMs, context, taken);
      }
      const own = new Set(taken.journal.map(({ offset }) => offset));
      const outcomes = await person.below(endOffset, own);
      if (endOffset > from) yield { proofLine, proof, ...taken, outcomes };
    }
  }

  /** A journal that was trimmed before there were day proofs. */
  private provenLater(fromOffset: number): EvidenceRefusal {
    return new EvidenceRefusal(
      "RECORDS_MISSING",
      `day proofs of partition ${this.partition} begin with offset ${fromOffset}: its journal was trimmed before there were any; with --since DAY a package begins at an archived checkpoint behind that`,
    );
  }

  private take(
    logged: LoggedRecord,
    appendedAtMs: number,
    context: PartitionContext,
    taken: { readonly journal: JournalLine[]; readonly context: JournalLine[] },
  ): void {
    const { personKey } = this.options;
    if (logged.key !== personKey && logged.key !== NO_PERSON) return;
    const json = jsonOfBody(logged.value);
    const record = decodeJournalJson(json);
    const line = { offset: logged.offset, appendedAtMs, json };
    if (!("personKey" in record)) context.add(record, line);
    else if (record.personKey === personKey) {
      // What was given to earlier records is in the checkpoint.
      taken.context.push(...context.before(record));
      taken.journal.push(line);
    }
  }
}

/** Key of records that concern the whole partition. */
const NO_PERSON = "";

/** The outcomes of one person, each once. */
class PersonOutcomes {
  private last: OutcomePosition | null = null;

  constructor(private readonly records: Records) {}

  /** Of the journal records at these offsets, which are all below `endOffset`. */
  async below(endOffset: number, offsets: ReadonlySet<number>): Promise<readonly OutcomeLine[]> {
    const lines: OutcomeLine[] = [];
    for await (const { header, value } of this.records.below(
      (record) => decodePosition(record.header).journalOffset < endOffset,
    )) {
      const position = decodePosition(header);
      if (!isAbove(position, this.last)) continue;
      this.last = position;
      if (offsets.has(position.journalOffset)) lines.push({ ...position, json: jsonOfBody(value) });
    }
    return lines;
  }
}

/** A log read forward, a part at a time. */
class Records {
  private batch: readonly LoggedRecord[] = [];
  private next = 0;

  constructor(private readonly reader: LogReader) {}

  /** From where it stands to the first record that is not wanted: that one comes first the next time. */
  async *below(isWanted: (record: LoggedRecord) => boolean): AsyncGenerator<LoggedRecord> {
    for (;;) {
      if (this.next === this.batch.length) {
        this.batch = await this.reader.read(READ_LIMITS);
        this.next = 0;
        if (this.batch.length === 0) return;
      }
      const record = this.batch[this.next]!;
      if (!isWanted(record)) return;
      this.next++;
      yield record;
    }
  }

  close(): Promise<void> {
    return this.reader.close();
  }
}
