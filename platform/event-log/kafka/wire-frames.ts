/** Cuts a connection's bytes into answers: each is an int32 of its length and so many bytes. */

/** A fetch of every partition at its limit stays far below; more is not Kafka speaking (or a broken stream). */
const FRAME_BYTES_MAX = 256 * 1024 * 1024;
const LENGTH_BYTES = 4;

export class WireFrames {
  #chunks: Buffer[] = [];
  #bytes = 0;

  /**
   * The answers that are complete now, without their length. Their bytes are nobody else's.
   * @throws RangeError on a length no answer can have.
   */
  push(chunk: Buffer): Buffer[] {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    const frames: Buffer[] = [];
    for (let length = this.#frameLength(); length !== null; length = this.#frameLength()) {
      if (this.#bytes < LENGTH_BYTES + length) break;
      frames.push(this.#take(length));
    }
    return frames;
  }

  #frameLength(): number | null {
    if (this.#bytes < LENGTH_BYTES) return null;
    if (this.#chunks[0]!.length < LENGTH_BYTES) this.#join();
    const length = this.#chunks[0]!.readInt32BE(0);
    if (length < LENGTH_BYTES || length > FRAME_BYTES_MAX) {
      throw new RangeError(`an answer of ${length} bytes: this is not Kafka's protocol`);
    }
    return length;
  }

  #take(length: number): Buffer {
    const end = LENGTH_BYTES + length;
    if (this.#chunks[0]!.length < end) this.#join();
    const first = this.#chunks[0]!;
    if (first.length === end) this.#chunks.shift();
    else this.#chunks[0] = first.subarray(end);
    this.#bytes -= end;
    return first.subarray(LENGTH_BYTES, end);
  }

  #join(): void {
    this.#chunks = [Buffer.concat(this.#chunks, this.#bytes)];
  }
}
