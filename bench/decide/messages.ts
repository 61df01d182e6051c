/**
 * Messages as a topic's batch has them: one after another in one piece of memory, known by their positions. Half a
 * million are no burden to the collector, whose pauses are part of what is measured.
 */

const BYTES_EXPECTED = 420;
/** What a scanner looks at behind the last one. */
const BYTES_BEHIND = 1024;

export class Messages {
  bytes: Buffer;
  private readonly ends: Float64Array;

  /** @param make gives the messages in their order. */
  constructor(
    readonly count: number,
    make: () => Buffer,
  ) {
    this.bytes = Buffer.alloc(count * BYTES_EXPECTED + BYTES_BEHIND);
    this.ends = new Float64Array(count);
    for (let index = 0; index < count; index++) this.put(index, make());
  }

  get byteLength(): number {
    return this.bytes.length;
  }

  start(index: number): number {
    return index === 0 ? 0 : this.ends[index - 1]!;
  }

  end(index: number): number {
    return this.ends[index]!;
  }

  private put(index: number, message: Buffer): void {
    const start = this.start(index);
    const end = start + message.length;
    if (end + BYTES_BEHIND > this.bytes.length)
      this.bytes = Buffer.concat([this.bytes], 2 * end + BYTES_BEHIND);
    this.bytes.set(message, start);
    this.ends[index] = end;
  }
}
