/**
 * Writes decisions as the decisions log holds them, from the bytes of their swipes: what a decision repeats of its swipe is
 * copied, nothing is an object. The same bytes as `encodeBody(decisionOutcome(…))`.
 *
 * Owns: the bytes of the decision written last.
 */

import { crc32c } from "../../../platform/checksum/crc32c.js";
import { type ByteSource, copyBytes, viewOf } from "../../../platform/event-log/packed-entries.js";
import { ACTIONS } from "../../../schemas/fields.js";
import { BODY_HEAD_BYTES, sealBody } from "../../../schemas/log-body.js";
import type { DetectorBundle } from "../bundle.js";
import type { Decided } from "../decide.js";
import type { Judgement } from "../judge.js";
import { adviceOf, draftReasonOf, ENGINE_VERSION, PERSON_PREFIX_LENGTH, reasonOf } from "../outcome.js";
import type { SwipeBytes } from "./swipe-bytes.js";
import { Field, keyBytes } from "./swipe-fields.js";

const BYTES_FIRST = 1 << 14;
/** The pieces below, and a hash behind the swipe. */
const PIECES_BYTES_MAX = 512;
const TOKEN_BYTES = 32;

export class DecisionWriter {
  /** Where the decision written last stands. */
  readonly start = 0;
  end = 0;
  source = sourceOf(Buffer.allocUnsafeSlow(BYTES_FIRST));
  /** Verdicts without reasons, nearly all, of the bundle in force: by response code, then by what else tells them apart. */
  private readonly quiet = new Map<string, (ByteSource | undefined)[]>();
  private quietBundle: DetectorBundle | null = null;

  write(decided: Decided, swipe: SwipeBytes): void {
    const verdict = this.verdictOf(decided);
    this.makeRoom(2 * (swipe.end - swipe.start) + verdict.bytes.length);
    this.end = BODY_HEAD_BYTES;
    this.putHead(swipe);
    this.put(verdict, 0, verdict.bytes.length);
    this.putSwipe(swipe);
    if (decided.shadow === null) this.putPiece(END);
    else this.putText(`,"shadowBundleHash":${JSON.stringify(decided.shadow.hash)}}`);
    sealBody(this.source.bytes, this.start, this.end, crc32c);
  }

  /** Up to the kind. */
  private putHead(swipe: SwipeBytes): void {
    const { source, starts, ends } = swipe;
    const eventId = starts[Field.eventId]!;
    const eventIdBytes = ends[Field.eventId]! - eventId;
    const personKey = starts[Field.personKey]!;
    this.putPiece(DECISION_ID);
    this.put(source, personKey, PERSON_PREFIX_LENGTH);
    this.putPiece(HYPHEN);
    this.put(source, eventId, eventIdBytes);
    this.putPiece(EVENT_ID);
    this.put(source, eventId, eventIdBytes);
    this.putPiece(PERSON_KEY);
    this.put(source, personKey, TOKEN_BYTES);
    this.putPiece(CARD_TAIL);
    const tail = starts[Field.cardTail]!;
    if (swipe.has(Field.cardTail)) this.put(source, tail - 1, ends[Field.cardTail]! + 1 - (tail - 1));
    else this.putPiece(NULL);
    this.putPiece(KIND);
    this.put(source, starts[Field.kind]!, ends[Field.kind]! - starts[Field.kind]!);
  }

  /** From the instant on. */
  private putSwipe(swipe: SwipeBytes): void {
    const { source, starts, ends } = swipe;
    const at = starts[Field.occurredAt]!;
    this.put(source, at, ends[Field.occurredAt]! - at);
    this.putPiece(SWIPE);
    // With the comma behind it.
    if (swipe.has(Field.cardKey))
      this.putFrom(swipe, keyStart(swipe, Field.cardKey), ends[Field.cardKey]! + 2);
    this.putFrom(swipe, keyStart(swipe, Field.credential), keyStart(swipe, Field.contentHash) - 1);
    if (swipe.has(Field.receivedAt))
      this.putFrom(swipe, keyStart(swipe, Field.receivedAt) - 1, ends[Field.receivedAt]! + 1);
    this.putPiece(END);
  }

  /** From behind the kind up to the instant. */
  private verdictOf(decided: Decided): ByteSource {
    const { decided: judgement, swipe, bundle, shadow } = decided;
    if (judgement.findings.length > 0 || (shadow !== null && shadow.found.length > 0))
      return sourceOf(Buffer.from(verdictText(decided)));
    if (bundle !== this.quietBundle) this.quiet.clear();
    this.quietBundle = bundle;
    const ofCode = this.quiet.get(judgement.responseCode) ?? [];
    if (ofCode.length === 0) this.quiet.set(judgement.responseCode, ofCode);
    const index = quietIndex(judgement, swipe.clockClamped);
    ofCode[index] ??= sourceOf(Buffer.from(verdictText(decided)));
    return ofCode[index];
  }

  private putFrom({ source }: SwipeBytes, start: number, end: number): void {
    this.put(source, start, end - start);
  }

  private putPiece(piece: ByteSource): void {
    this.put(piece, 0, piece.bytes.length);
  }

  private put(from: ByteSource, start: number, bytes: number): void {
    copyBytes(from, start, this.source, this.end, bytes);
    this.end += bytes;
  }

  private putText(text: string): void {
    this.end += this.source.bytes.write(text, this.end);
  }

  private makeRoom(bytes: number): void {
    const wanted = BODY_HEAD_BYTES + PIECES_BYTES_MAX + bytes;
    if (wanted > this.source.bytes.length) this.source = sourceOf(Buffer.allocUnsafeSlow(2 * wanted));
  }
}

function quietIndex({ action, isDisputed, isDegraded }: Judgement, isClamped: boolean): number {
  return 8 * action + 4 * Number(isDisputed) + 2 * Number(isDegraded) + Number(isClamped);
}

function verdictText({ decided, swipe, bundle, shadow }: Decided): string {
  const reasons = decided.findings.map(reasonOf);
  if (shadow !== null) reasons.push(...shadow.found.map(draftReasonOf));
  const said = {
    action: ACTIONS[decided.action]!,
    reasons,
    responseCode: decided.responseCode,
    advice: adviceOf(decided, bundle),
    disputed: decided.isDisputed,
    degraded: decided.isDegraded,
    clockClamped: swipe.clockClamped,
    bundleHash: bundle.hash,
    engineVersion: ENGINE_VERSION,
    occurredAt: "",
  };
  // From the quote behind the kind up to the one before the instant.
  return `",${JSON.stringify(said).slice(1, -2)}`;
}

function keyStart({ starts }: SwipeBytes, field: number): number {
  return starts[field]! - 1 - keyBytes(field);
}

const DECISION_ID = pieceOf('{"type":"decision","decisionId":"');
const HYPHEN = pieceOf("-");
const EVENT_ID = pieceOf('-0","eventId":"');
const PERSON_KEY = pieceOf('","personKey":"');
const CARD_TAIL = pieceOf('","cardTail":');
const NULL = pieceOf("null");
const KIND = pieceOf(',"kind":"');
const SWIPE = pieceOf('","swipe":{');
const END = pieceOf("}");

function pieceOf(text: string): ByteSource {
  return sourceOf(Buffer.from(text));
}

function sourceOf(bytes: Buffer): ByteSource {
  return { bytes, view: viewOf(bytes) };
}
