/**
 * Whether an engine's decisions are those of plain Node (bench/peers/plain-node), byte for byte but for `decidedAt`.
 *
 * Of each decision a checksum of its bytes up to `decidedAt` is kept, at the place of its swipe: the hash over all of
 * them is the same in whatever order partitions and engines wrote them.
 */

import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { PlainNode } from "../peers/plain-node/plain-node.js";
import { SwipeGenerator, swipeOf } from "../swipe-5/generator.js";
import { numberIn, swipeBytes } from "./swipe-stream.js";

const DECIDED_AT = Buffer.from(',"decidedAt":');
const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;
const CLOSING_BRACE = 0x7d;
const NONE = 0;
/** A checksum of 0 would look like a missing decision. */
const INSTEAD_OF_NONE = 1;
/** As plain objects they take well above a gigabyte; ten million of them are more than Node's heap. */
const SLICE_PERSONS_MAX = 2_500_000;

export interface StreamName {
  readonly persons: number;
  readonly seed: number;
  readonly events: number;
}

export interface Difference {
  readonly number: number;
  readonly expected: string;
  /** null where there is no decision. */
  readonly found: string | null;
}

export interface CheckResult {
  /** SHA-256 over the decisions' checksums, in the order of their swipes. */
  readonly hash: string;
  readonly expectedHash: string;
  /** Decisions that came again, the same as before. */
  readonly repeated: number;
  /** Of the first swipe whose decision is missing or another; null where all are equal. */
  readonly firstDifference: Difference | null;
}

/**
 * What plain Node decides; made once for a stream, asked by the check of every engine.
 *
 * A person's decisions depend on nobody else's swipes: where persons are many, the stream is drawn again for each slice of
 * them, and the objects of one slice are in memory at a time.
 */
export class ExpectedDecisions {
  readonly sums: Uint32Array;
  private readonly slices: number;

  constructor(
    readonly stream: StreamName,
    slicePersonsMax = SLICE_PERSONS_MAX,
  ) {
    this.sums = new Uint32Array(stream.events);
    this.slices = Math.ceil(stream.persons / slicePersonsMax);
    for (let slice = 0; slice < this.slices; slice++)
      this.decide(slice, stream.events, (number, decision) => {
        this.sums[number] = sumOf(decision);
      });
  }

  /** SHA-256 over the checksums, in the order of the swipes. */
  get hash(): string {
    return hashOf(this.sums);
  }

  /** Decided again: the texts of millions are not kept. */
  textOf(wanted: number): string {
    let text = "";
    this.decide(this.sliceOf(wanted), wanted + 1, (number, decision) => {
      if (number === wanted) text = Buffer.from(decision).toString();
    });
    return text;
  }

  /** What a slice's persons are answered, of the first `events` swipes of all. */
  private decide(slice: number, events: number, take: (number: number, decision: Uint8Array) => void): void {
    const { persons, seed } = this.stream;
    const swipes = new SwipeGenerator(persons, { seed });
    const plain = new PlainNode(persons);
    for (let number = 0; number < events; number++) {
      const drawn = swipes.draw();
      if (drawn.person % this.slices === slice) take(number, plain.handle(swipeBytes(swipeOf(drawn)), 0));
    }
  }

  private sliceOf(wanted: number): number {
    const swipes = new SwipeGenerator(this.stream.persons, { seed: this.stream.seed });
    for (let number = 0; number < wanted; number++) swipes.draw();
    return swipes.draw().person % this.slices;
  }
}

export class DecisionCheck {
  private readonly sums: Uint32Array;
  private repeated = 0;
  /** The lowest number of a decision that is another than expected, and its text. */
  private other: { readonly number: number; readonly text: string } | null = null;

  constructor(private readonly expected: ExpectedDecisions) {
    this.sums = new Uint32Array(expected.stream.events);
  }

  /** @throws Error where it is no decision about a swipe of the stream. */
  take(decision: Uint8Array): void {
    const number = numberIn(decision);
    if (!(number >= 0 && number < this.sums.length))
      throw new Error(`not a decision about one of ${this.sums.length} swipes: ${textOf(decision)}`);
    const sum = sumOf(decision);
    if (sum !== this.expected.sums[number]) this.note(number, textOf(decision));
    else if (this.sums[number] === sum) this.repeated += 1;
    this.sums[number] = sum;
  }

  result(): CheckResult {
    return {
      hash: hashOf(this.sums),
      expectedHash: this.expected.hash,
      repeated: this.repeated,
      firstDifference: this.firstDifference(),
    };
  }

  private note(number: number, text: string): void {
    if (this.other === null || number < this.other.number) this.other = { number, text };
  }

  private firstDifference(): Difference | null {
    const { other } = this;
    const missing = this.sums.indexOf(NONE);
    if (missing >= 0 && (other === null || missing < other.number))
      return { number: missing, expected: this.expected.textOf(missing), found: null };
    if (other === null) return null;
    return { number: other.number, expected: this.expected.textOf(other.number), found: other.text };
  }
}

function sumOf(decision: Uint8Array): number {
  const bytes = Buffer.from(decision.buffer, decision.byteOffset, decision.length);
  const end = bytes.lastIndexOf(DECIDED_AT);
  // Where the time is not the last thing all bytes count: equal to nobody's.
  const isLast = end >= 0 && isTimeAndEnd(bytes, end + DECIDED_AT.length);
  return crc32(isLast ? bytes.subarray(0, end) : bytes) || INSTEAD_OF_NONE;
}

function isTimeAndEnd(bytes: Buffer, start: number): boolean {
  const last = bytes.length - 1;
  for (let at = start; at < last; at++) if (bytes[at]! < DIGIT_0 || bytes[at]! > DIGIT_9) return false;
  return last > start && bytes[last] === CLOSING_BRACE;
}

function hashOf(sums: Uint32Array): string {
  return createHash("sha256").update(sums).digest("hex");
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();
}

/** One line for whoever has to find out why. */
export function differenceText(engine: string, { number, expected, found }: Difference): string {
  return `${engine} decides differently about swipe ${number}:\n  expected ${expected}\n  found    ${found ?? "no decision"}`;
}
