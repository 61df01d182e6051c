/**
 * DER, as much of it as SM2 signatures and time stamps need: tags of one byte, definite lengths, and only the shortest form
 * of each length. Whatever else is refused, not guessed.
 */

export class DerError extends Error {
  override readonly name = "DerError";
  readonly retryable = false;
}

export const Tag = {
  BOOLEAN: 0x01,
  INTEGER: 0x02,
  BIT_STRING: 0x03,
  OCTET_STRING: 0x04,
  NULL: 0x05,
  OBJECT_ID: 0x06,
  UTC_TIME: 0x17,
  GENERALIZED_TIME: 0x18,
  SEQUENCE: 0x30,
  SET: 0x31,
} as const;

/** A value with its head: `content` and `whole` are slices of what was read. */
export interface DerValue {
  readonly tag: number;
  readonly content: Buffer;
  readonly whole: Buffer;
}

/** Values one after the other. Lengths of more than four bytes are none that we read. */
export class DerReader {
  private at = 0;
  private readonly bytes: Buffer;

  constructor(bytes: Uint8Array) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get isAtEnd(): boolean {
    return this.at === this.bytes.length;
  }

  /** Tag of the next value; null at the end. */
  get nextTag(): number | null {
    return this.bytes[this.at] ?? null;
  }

  /** @throws DerError where the next value is none, or has another tag. */
  read(tag?: number): DerValue {
    const start = this.at;
    const found = this.byte();
    if (tag !== undefined && found !== tag)
      throw new DerError(`byte ${start}: expected tag ${hex(tag)}, found ${hex(found)}`);
    const length = this.length();
    const content = this.bytes.subarray(this.at, this.at + length);
    if (content.length < length) throw new DerError(`byte ${start}: ${length} bytes announced, cut off`);
    this.at += length;
    return { tag: found, content, whole: this.bytes.subarray(start, this.at) };
  }

  /** null, and nothing read, where the next value has another tag. */
  readIf(tag: number): DerValue | null {
    return this.nextTag === tag ? this.read(tag) : null;
  }

  inner(tag: number): DerReader {
    return new DerReader(this.read(tag).content);
  }

  /** @throws DerError where something follows. */
  end(): void {
    if (!this.isAtEnd) throw new DerError(`byte ${this.at}: expected the end`);
  }

  private length(): number {
    const first = this.byte();
    if (first < 0x80) return first;
    let [length, left] = [0, first - 0x80];
    if (left < 1 || left > 4) throw new DerError(`byte ${this.at - 1}: a length that is none of DER`);
    for (const bytes = left; left > 0; left--) {
      length = length * 256 + this.byte();
      if (left === bytes && length === 0) throw new DerError(`byte ${this.at - 1}: not the shortest length`);
    }
    if (length < 0x80) throw new DerError(`byte ${this.at - 1}: not the shortest length`);
    return length;
  }

  private byte(): number {
    const byte = this.bytes[this.at++];
    if (byte === undefined) throw new DerError("cut off");
    return byte;
  }
}

export function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag, ...lengthBytes(content.length)]), content]);
}

/** @param value not negative. */
export function derInteger(value: bigint): Buffer {
  const digits = value.toString(16);
  const bytes = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, "hex");
  return der(Tag.INTEGER, (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes);
}

/** Of an INTEGER that is not negative. @throws DerError. */
export function integerOf({ content }: DerValue): bigint {
  const [first = 0x80, second] = content;
  const isPadded = first === 0 && second !== undefined && second < 0x80;
  if (first >= 0x80 || isPadded)
    throw new DerError("expected an integer that is not negative, in its shortest form");
  return BigInt(`0x${content.toString("hex")}`);
}

export function derObjectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return der(Tag.OBJECT_ID, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

/** `1.2.840.113549.1.7.2` of an OBJECT IDENTIFIER. */
export function objectIdOf({ content }: DerValue): string {
  const numbers: number[] = [];
  let number = 0;
  for (const byte of content) {
    number = number * 128 + (byte & 0x7f);
    if (byte >= 0x80) continue;
    numbers.push(number);
    number = 0;
  }
  const [head = 0, ...rest] = numbers;
  const first = Math.min(2, Math.floor(head / 40));
  return [first, head - first * 40, ...rest].join(".");
}

function base128(number: number): number[] {
  const bytes = [number & 0x7f];
  for (let rest = Math.floor(number / 128); rest > 0; rest = Math.floor(rest / 128))
    bytes.unshift(0x80 | (rest & 0x7f));
  return bytes;
}

function lengthBytes(length: number): number[] {
  if (length < 0x80) return [length];
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest & 0xff);
  return [0x80 | bytes.length, ...bytes];
}

function hex(tag: number): string {
  return `0x${tag.toString(16).padStart(2, "0")}`;
}
