/** Writes decisions as JSON bytes into one slab, round and round: a decision is valid until 4,096 later ones. */

import type { ByteSource } from "../../platform/event-log/packed-entries.js";
import { JOB_RULES } from "./job.js";
import { Field, type JobMessage } from "./message.js";

const SLAB_BYTES = 1 << 20;
/** An eventId of 64 characters, every rule, and the words around them. */
const DECISION_BYTES_MAX = 256;
const PSN_DIGITS = 18;
const COPIED_AT_ONCE = 4;

/** Bytes to copy from, readable a little beyond their end. */
interface Piece {
  readonly view: DataView;
  readonly bytes: number;
}

export class DecisionWriter {
  /** Where the decision written last stands. */
  start = 0;
  end = 0;
  readonly source: ByteSource;
  private readonly slab = new ArrayBuffer(SLAB_BYTES);
  private readonly view = new DataView(this.slab);
  private nowMs = Number.NaN;
  private now: Piece = pieceOf("");

  constructor() {
    this.source = { bytes: Buffer.from(this.slab), view: this.view };
  }

  /** @param verdict see `verdictOf`. */
  write(message: JobMessage, verdict: number, nowMs: number): Uint8Array {
    this.place(message, verdict, nowMs);
    return new Uint8Array(this.slab, this.start, this.end - this.start);
  }

  /** The same without an object: from `start` to `end` in `source`. */
  place(message: JobMessage, verdict: number, nowMs: number): void {
    const { view } = this;
    if (nowMs !== this.nowMs) this.setNow(nowMs);
    const start = this.end > SLAB_BYTES - DECISION_BYTES_MAX ? 0 : this.end;
    const eventId = message.starts[Field.EVENT_ID]!;
    let end = append(view, start, HEAD.view, 0, HEAD.bytes);
    end = append(view, end, message.view, eventId, message.ends[Field.EVENT_ID]! - eventId);
    end = append(view, end, PERSON.view, 0, PERSON.bytes);
    end = append(view, end, message.view, message.starts[Field.PSN_NO]!, PSN_DIGITS);
    const words = VERDICTS[verdict]!;
    end = append(view, end, words.view, 0, words.bytes);
    end = append(view, end, this.now.view, 0, this.now.bytes);
    this.start = start;
    this.end = end;
  }

  private setNow(nowMs: number): void {
    this.nowMs = nowMs;
    const text = `${nowMs}}`;
    if (text.length !== this.now.bytes) this.now = pieceOf(text);
    else for (let i = 0; i < text.length; i++) this.now.view.setUint8(i, text.charCodeAt(i));
  }
}

const HEAD = pieceOf('{"eventId":"');
const PERSON = pieceOf('","psnNo":"');

/** A verdict in one number, of the judge's action and the bits of the rules that hit (S01 is bit 1). */
export function verdictOf(action: number, hits: number): number {
  return (hits >> 1) * JOB_ACTIONS.length + action;
}

const JOB_ACTIONS = ["accept", "review", "challenge", "reject"] as const;

/** `","action":…,"ruleHits":[…],"decidedAt":` of every verdict. */
const VERDICTS: readonly Piece[] = Array.from(
  { length: JOB_ACTIONS.length << JOB_RULES.length },
  (_, verdict) => {
    const action = JOB_ACTIONS[verdict % JOB_ACTIONS.length];
    const hits = Math.trunc(verdict / JOB_ACTIONS.length);
    const ruleHits = JOB_RULES.filter((_rule, bit) => (hits & (1 << bit)) !== 0);
    return pieceOf(`","action":"${action}","ruleHits":${JSON.stringify(ruleHits)},"decidedAt":`);
  },
);

function pieceOf(text: string): Piece {
  const padded = new Uint8Array(text.length + COPIED_AT_ONCE);
  padded.set(Buffer.from(text, "latin1"));
  return { view: new DataView(padded.buffer), bytes: text.length };
}

/** Copies four bytes at a time; up to three too many, which the next piece or the next decision overwrites. */
function append(to: DataView, at: number, from: DataView, start: number, bytes: number): number {
  for (let i = 0; i < bytes; i += COPIED_AT_ONCE) to.setInt32(at + i, from.getInt32(start + i, true), true);
  return at + bytes;
}
