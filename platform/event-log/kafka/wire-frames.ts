/** Cuts a connection's bytes into answers: each is an int32 of its length and so many bytes. */

/** A fetch of every partition at its limit stays far below; more is not Kafka speaking (or a broken stream). */
const FRAME_BYTES_MAX = 256 * 1024 * 1024;
const LENGTH_BYTES = 4;

export class WireFrames {
  /** Of the answer's length, as far as they have come. */
  readonly #head = Buffer.alloc(LENGTH_BYTES);
  #headBytes = 0;
  /** The answer that is coming, in memory of its own size: its bytes are copied once, as they come. */
  #frame: Buffer | null = null;
  #frameBytes = 0;

  /**
   * The answers that are complete now, without their length. Their bytes are nobody else's.
   * @throws RangeError on a length no answer can have.
   */
  push(chunk: Uint8Array): Buffer[] {
    const frames: Buffer[] = [];
    for (let at = 0; at < chunk.length; )
      if (this.#frame === null) at = this.#takeHead(chunk, at);
      else {
        at = this.#takeBody(chunk, at, this.#frame);
        if (this.#frameBytes < this.#frame.length) continue;
        frames.push(this.#frame);
        this.#frame = null;
      }
    return frames;
  }

  #takeHead(chunk: Uint8Array, at: number): number {
    const end = Math.min(chunk.length, at + LENGTH_BYTES - this.#headBytes);
    this.#head.set(chunk.subarray(at, end), this.#headBytes);
    this.#headBytes += end - at;
    if (this.#headBytes < LENGTH_BYTES) return end;
    const length = this.#head.readInt32BE(0);
    if (length < LENGTH_BYTES || length > FRAME_BYTES_MAX)
      throw new RangeError(`an answer of ${length} bytes: this is not Kafka's protocol`);
    this.#headBytes = 0;
    this.#frameBytes = 0;
    this.#frame = Buffer.allocUnsafe(length);
    return end;
  }

  #takeBody(chunk: Uint8Array, at: number, frame: Buffer): number {
    const end = Math.min(chunk.length, at + frame.length - this.#frameBytes);
    frame.set(chunk.subarray(at, end), this.#frameBytes);
    this.#frameBytes += end - at;
    return end;
  }
}
