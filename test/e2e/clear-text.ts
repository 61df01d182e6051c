/** Looks for personal values in bytes: in UTF-8, in UTF-16 of both orders, and as hexadecimal digits of the UTF-8. */

export interface Found {
  readonly value: string;
  readonly encoding: string;
  readonly offset: number;
}

interface Needle {
  readonly bytes: Buffer;
  readonly value: string;
  readonly encoding: string;
}

/** Shorter values would be met by chance. */
const BYTES_MIN = 6;
const FILTER_BITS = 16;

export class ClearText {
  /** By their first four bytes. */
  private readonly needles = new Map<number, Needle[]>();
  /** Which first four bytes occur at all, folded: most positions of a file end here. */
  private readonly filter = new Uint8Array(1 << FILTER_BITS);

  constructor(values: Iterable<string>) {
    for (const value of new Set(values)) for (const needle of needlesOf(value)) this.add(needle);
  }

  /** The first occurrence of each value and encoding in the bytes. */
  in(bytes: Buffer): Found[] {
    const found = new Map<Needle, Found>();
    let word = bytes.length < 4 ? 0 : bytes.readUIntBE(0, 3);
    for (let offset = 0; offset + 4 <= bytes.length; offset++) {
      word = ((word << 8) | bytes[offset + 3]!) >>> 0;
      if (this.filter[fold(word)] === 0) continue;
      for (const needle of this.needles.get(word) ?? [])
        if (!found.has(needle) && isAt(bytes, offset, needle.bytes))
          found.set(needle, { value: needle.value, encoding: needle.encoding, offset });
    }
    return [...found.values()];
  }

  private add(needle: Needle): void {
    if (needle.bytes.length < BYTES_MIN)
      throw new RangeError(`'${needle.value}' is too short to be looked for`);
    const word = needle.bytes.readUInt32BE(0);
    this.filter[fold(word)] = 1;
    const others = this.needles.get(word);
    if (others === undefined) this.needles.set(word, [needle]);
    else others.push(needle);
  }
}

function needlesOf(value: string): Needle[] {
  const hex = Buffer.from(value).toString("hex");
  const encodings: Readonly<Record<string, Buffer>> = {
    "UTF-8": Buffer.from(value),
    "UTF-16LE": Buffer.from(value, "utf16le"),
    "UTF-16BE": Buffer.from(value, "utf16le").swap16(),
    hex: Buffer.from(hex),
    HEX: Buffer.from(hex.toUpperCase()),
    base64: base64CoreOf(value),
  };
  return Object.entries(encodings).map(([encoding, bytes]) => ({ bytes, value, encoding }));
}

/** What base64 of the value alone begins with, whatever follows it. */
function base64CoreOf(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 3)).toString("base64"));
}

function fold(word: number): number {
  return (word ^ (word >>> FILTER_BITS)) & ((1 << FILTER_BITS) - 1);
}

function isAt(bytes: Buffer, offset: number, needle: Buffer): boolean {
  return (
    offset + needle.length <= bytes.length &&
    bytes.compare(needle, 0, needle.length, offset, offset + needle.length) === 0
  );
}
