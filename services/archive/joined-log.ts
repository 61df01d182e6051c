/**
 * Journal and decisions log from their first record on: what was trimmed comes from an archive, the rest from the live log.
 * For reading; other topics are the live log's.
 *
 * Owns: where a reader goes from the one to the other.
 * Does not own: the live log and the archive (the caller closes them), what the archive gives (archived-past.ts).
 *
 * 1. A partition is looked at when it is first asked for, and what was found then holds: a log that is trimmed meanwhile ends
 *    its readers with OFFSET_OUT_OF_RANGE, never with a jump.
 * 2. What is wrong with the archive ends the reader, and is told to `broken` too: consumers that try again for ever have
 *    somebody who ends them.
 */

import {
  type EventLog,
  EventLogError,
  type LoggedRecord,
  type LogProducer,
  type LogReader,
  type ReadLimits,
  type TopicBounds,
} from "../../platform/event-log/event-log.js";
import { Topic } from "../../schemas/topics.js";
import { ArchiveError } from "./archive-error.js";
import { type ArchivedPast, decisionsPast, journalPast, type PastParts } from "./archived-past.js";

export class JoinedLog implements EventLog {
  /** Rejects with the first thing that is wrong with the archive; else it never settles. */
  readonly broken: Promise<never>;
  private breaks: (error: unknown) => void = () => {};
  private readonly pasts = new Map<string, Promise<ArchivedPast | null>>();

  constructor(private readonly parts: PastParts) {
    this.broken = new Promise((_, reject) => {
      this.breaks = reject;
    });
    this.broken.catch(() => {});
  }

  /** Every partition of the topics is looked at now. @throws ArchiveError FOREIGN, GAP, DIFFERENT, MISSING, DAMAGED. */
  async check(topics: readonly string[]): Promise<void> {
    const { log, archive } = this.parts;
    for (const topic of topics) {
      const partitions = await log.partitionCount(topic);
      if (partitions !== archive.partitions)
        throw new ArchiveError(
          "FOREIGN",
          `${archive.folder}: an archive of ${archive.partitions} partitions, ${topic} has ${partitions}; name this journal's own archive`,
        );
      for (let partition = 0; partition < partitions; partition++) await this.past(topic, partition);
    }
  }

  partitionCount(topic: string): Promise<number> {
    return this.parts.log.partitionCount(topic);
  }

  producer(topic: string): Promise<LogProducer> {
    return this.parts.log.producer(topic);
  }

  async reader(topic: string, partition: number, fromOffset: number): Promise<LogReader> {
    const past = await this.past(topic, partition);
    if (past === null || fromOffset >= past.end) return this.parts.log.reader(topic, partition, fromOffset);
    const live = () => this.parts.log.reader(topic, partition, past.end);
    return new JoinedReader(past, fromOffset, live, (error) => this.note(error));
  }

  async bounds(topic: string, partition: number): Promise<TopicBounds> {
    const past = await this.past(topic, partition);
    const bounds = await this.parts.log.bounds(topic, partition);
    return past === null ? bounds : { start: 0, end: bounds.end };
  }

  async tail(topic: string, partition: number): Promise<LoggedRecord | null> {
    const past = await this.past(topic, partition);
    return (await this.parts.log.tail(topic, partition)) ?? past?.last() ?? null;
  }

  async trim(topic: string, partition: number): Promise<void> {
    throw new EventLogError(
      "FAILED",
      `${topic}/${partition}: read together with an archive it cannot be trimmed`,
    );
  }

  close(): Promise<void> {
    return this.parts.log.close();
  }

  private past(topic: string, partition: number): Promise<ArchivedPast | null> {
    const name = `${topic}/${partition}`;
    const known = this.pasts.get(name);
    if (known !== undefined) return known;
    const past = this.opened(topic, partition);
    this.pasts.set(name, past);
    return past;
  }

  private async opened(topic: string, partition: number): Promise<ArchivedPast | null> {
    try {
      if (topic === Topic.JOURNAL) return await journalPast(this.parts, partition);
      if (topic === Topic.DECISIONS) return await decisionsPast(this.parts, partition);
      return null;
    } catch (error) {
      this.note(error);
      // A live log that could not be asked may answer the next time.
      this.pasts.delete(`${topic}/${partition}`);
      throw error;
    }
  }

  private note(error: unknown): void {
    if (error instanceof ArchiveError) this.breaks(error);
  }
}

class JoinedReader implements LogReader {
  private readonly archived: AsyncGenerator<LoggedRecord>;
  private held: LoggedRecord | null = null;
  private live: LogReader | null = null;
  private nextOffset: number;

  constructor(
    private readonly past: ArchivedPast,
    fromOffset: number,
    private readonly openLive: () => Promise<LogReader>,
    private readonly onFailure: (error: unknown) => void,
  ) {
    this.archived = past.recordsFrom(fromOffset);
    this.nextOffset = fromOffset;
  }

  get position(): number {
    return this.live?.position ?? this.nextOffset;
  }

  async read(limits: ReadLimits): Promise<readonly LoggedRecord[]> {
    if (this.live !== null) return this.live.read(limits);
    const records = await this.readArchived(limits);
    if (records.length > 0) return records;
    this.live = await this.openLive();
    return this.live.read(limits);
  }

  async close(): Promise<void> {
    await this.archived.return(undefined);
    await this.live?.close();
  }

  private async readArchived({ recordsMax, bytesMax }: ReadLimits): Promise<readonly LoggedRecord[]> {
    const records: LoggedRecord[] = [];
    let bytes = 0;
    while (records.length < recordsMax) {
      const record = this.held ?? (await this.next());
      this.held = null;
      if (record === null) break;
      bytes += record.value.length;
      if (records.length > 0 && bytes > bytesMax) {
        this.held = record;
        break;
      }
      records.push(record);
      this.nextOffset = record.offset + 1;
    }
    return records;
  }

  /** null where the live log goes on. */
  private async next(): Promise<LoggedRecord | null> {
    try {
      const { value, done } = await this.archived.next();
      if (done !== true) return value;
      this.nextOffset = this.past.end;
      return null;
    } catch (error) {
      this.onFailure(error);
      throw error;
    }
  }
}
