/** Kafka's variable integers: zigzag, seven bits a byte, the lowest first. */

/** How many bytes a length or a difference from 0 to 2^30 takes. */
export function varintBytes(value: number): number {
  const zigzag = value * 2;
  if (zigzag < 1 << 7) return 1;
  if (zigzag < 1 << 14) return 2;
  if (zigzag < 1 << 21) return 3;
  return zigzag < 1 << 28 ? 4 : 5;
}

/** Writes a value from 0 to 2^30 and returns where it ends. */
export function writeVarint(bytes: Uint8Array, start: number, value: number): number {
  let rest = value * 2;
  let at = start;
  for (; rest >= 0x80; rest >>>= 7) bytes[at++] = (rest & 0x7f) | 0x80;
  bytes[at++] = rest;
  return at;
}

/** Reads one after another. What lies behind `end` is an error, not zeros. */
export class VarintCursor {
  constructor(
    private readonly bytes: Uint8Array,
    public at: number,
    private readonly end: number,
  ) {}

  /** Any varint or varlong up to 2^53 in size. */
  next(): number {
    let at = this.at;
    const first = this.bytes[at++]!;
    let zigzag = first & 0x7f;
    if (first >= 0x80) {
      let byte: number;
      let weight = 0x80;
      do {
        byte = at < this.end ? this.bytes[at++]! : 0;
        zigzag += (byte & 0x7f) * weight;
        weight *= 0x80;
      } while (byte >= 0x80);
    }
    if (at > this.end || (first >= 0x80 && this.bytes[at - 1]! >= 0x80))
      throw new RangeError(`a number at byte ${this.at} is cut short`);
    this.at = at;
    return zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
  }

  /** Where the next `length` bytes begin; they are passed over. */
  skip(length: number): number {
    const start = this.at;
    if (length < 0 || start + length > this.end)
      throw new RangeError(`${length} bytes at byte ${start} end behind byte ${this.end}`);
    this.at = start + length;
    return start;
  }
}
