/**
 * What was fetched for one reader and not yet handed out, in order.
 *
 * Owns: the fetched bytes (a copy, so that an answer of megabytes for many readers is free at once; a record that is
 * kept keeps at most one partition's share of an answer), decoding them batch by batch.
 * Does not own: fetching; `fetchOffset` says what to fetch next.
 *
 * 1. Batches follow one another: one that begins before the end of the last is CORRUPT.
 * 2. Offsets may be missing where the server compacts or keeps control batches. A gap is believed when a second fetch
 *    shows it too: a damaged offset, which no checksum covers, does not lose records.
 */

import { EventLogError, type LoggedRecord, type PlacedRecord, type ReadLimits } from "../event-log.js";
import { type Compression, isLoaded, loadCompression } from "./compression.js";
import { compressionAt, decodeRecordBatch, type RecordBatch, wholeBatches } from "./decode-record-batch.js";

export class RecordQueue {
  /** Bytes not yet decoded. */
  bufferedBytes = 0;
  /** What to fetch next. */
  fetchOffset: number;
  /** What the next batch is compressed with, where a take found its codec not loaded; whoever loads it takes again. */
  missingCodec: Compression | null = null;
  private readonly chunks: Buffer[] = [];
  private chunkAt = 0;
  private decoded: readonly PlacedRecord[] = [];
  private decodedAt = 0;
  /** Offset the next batch has to begin with; right after a start it may begin before. */
  private expected: number;
  private isBehindStart = true;
  private gapSeenAt: number | null = null;

  constructor(
    private readonly topic: string,
    private readonly partition: number,
    fromOffset: number,
  ) {
    this.expected = fromOffset;
    this.fetchOffset = fromOffset;
  }

  /** Of the next record to hand out; where the server holds none for some offsets, behind those. */
  get position(): number {
    return this.decoded[this.decodedAt]?.offset ?? this.expected;
  }

  /** Records of an answer to a fetch at `fetchOffset`. @returns whether there were any. */
  add(records: Buffer): boolean {
    if (records.length === 0) return false;
    const whole = wholeBatches(records);
    if (whole === null)
      throw this.corrupt(
        `a fetch at offset ${this.fetchOffset} gave ${records.length} bytes without a batch`,
      );
    this.chunks.push(Buffer.from(records.subarray(0, whole.end)));
    this.bufferedBytes += whole.end;
    this.fetchOffset = whole.nextOffset;
    return true;
  }

  /**
   * The next records within the limits, of as many batches as are there; none where nothing is left, or where the next
   * batch waits for its codec (`missingCodec`). Damage is an error of the take that begins with it.
   * @throws EventLogError CORRUPT.
   */
  take(limits: ReadLimits): readonly LoggedRecord[] {
    const taken: LoggedRecord[] = [];
    this.missingCodec = null;
    let bytes = 0;
    while (taken.length < limits.recordsMax) {
      if (this.decodedAt === this.decoded.length && !this.hasNext(taken.length > 0)) break;
      const record = this.decoded[this.decodedAt]!;
      bytes += record.valueBytes + record.header.length;
      if (bytes > limits.bytesMax && taken.length > 0) break;
      taken.push(record);
      this.decodedAt++;
    }
    return taken;
  }

  /** The same, with the codecs loaded that it takes. */
  async takeLoading(limits: ReadLimits): Promise<readonly LoggedRecord[]> {
    for (;;) {
      const taken = this.take(limits);
      if (taken.length > 0 || this.missingCodec === null) return taken;
      await loadCompression(this.missingCodec);
    }
  }

  /** @param isBehindOthers damage waits for the next take. */
  private hasNext(isBehindOthers: boolean): boolean {
    while (this.decodedAt === this.decoded.length)
      try {
        if (!this.decodeNext()) return false;
      } catch (error) {
        if (isBehindOthers) return false;
        throw error;
      }
    return true;
  }

  /** Forgets what is buffered; the next fetch begins at `offset`. */
  restart(offset: number): void {
    this.chunks.length = 0;
    this.chunkAt = 0;
    this.bufferedBytes = 0;
    this.decoded = [];
    this.decodedAt = 0;
    this.expected = offset;
    this.isBehindStart = true;
    this.fetchOffset = offset;
  }

  private decodeNext(): boolean {
    const bytes = this.chunks[0];
    if (bytes === undefined) return false;
    const place = { topic: this.topic, partition: this.partition, fromOffset: this.expected };
    const compression = compressionAt(bytes, this.chunkAt, place);
    if (compression !== null && !isLoaded(compression)) {
      this.missingCodec = compression;
      return false;
    }
    const batch = decodeRecordBatch(bytes, this.chunkAt, place);
    if (batch === null) throw this.corrupt("a batch ends behind what was fetched");
    return this.accept(batch);
  }

  private accept(batch: RecordBatch): boolean {
    const { baseOffset, lastOffset, records, nextAt } = batch;
    if (lastOffset < this.expected || (baseOffset < this.expected && !this.isBehindStart))
      throw this.corrupt(`a batch of offsets ${baseOffset} to ${lastOffset} where ${this.expected} is next`);
    if (baseOffset > this.expected && this.gapSeenAt !== this.expected) {
      this.gapSeenAt = this.expected;
      this.restart(this.expected);
      return false;
    }
    this.decoded = records;
    this.decodedAt = 0;
    this.expected = lastOffset + 1;
    this.isBehindStart = false;
    this.moveTo(nextAt);
    return true;
  }

  private moveTo(nextAt: number): void {
    this.bufferedBytes -= nextAt - this.chunkAt;
    this.chunkAt = nextAt;
    if (this.chunkAt < this.chunks[0]!.length) return;
    this.chunks.shift();
    this.chunkAt = 0;
  }

  private corrupt(what: string): EventLogError {
    return new EventLogError(
      "CORRUPT",
      `${this.topic}/${this.partition}: ${what}; compare with another replica`,
    );
  }
}
