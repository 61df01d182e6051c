/**
 * Is anything left out? For each stretch of the range the person's lines are those of the leaf whose root was signed, or it is
 * proven that there were none.
 */

import type { PublishedKey } from "../../../schemas/evidence/keys.js";
import { journalLine, outcomeLine } from "../../../schemas/evidence/lines.js";
import { PackageFile, type ProofLine, proofLine } from "../../../schemas/evidence/package.js";
import { digestAfter, noDigest } from "../day-proofs/leaf.js";
import { type PersonProofFault, personProofFault } from "../day-proofs/person-proof.js";
import { shanghaiDayOf } from "../day-proofs/shanghai-day.js";
import { follows, isSignedBy, readSignedLine, type SignedLine } from "../day-proofs/signed-line.js";
import { EvidenceError } from "./check.js";
import type { PackageReader } from "./package-reader.js";
import { journalLines, numbered, outcomeLines, readCase, readCheckpoint } from "./read-parts.js";

const FAULTS: Readonly<Record<PersonProofFault, string>> = {
  NOT_IN_TREE: "a path does not lead to the signed root",
  OTHER_LEAF: "the leaf is another person's or another day's",
  OTHER_LINES:
    "the person's lines are not those that were hashed into the signed root: one is missing, too many or changed",
  LINES_OF_ABSENT: "it proves that there were none, and the package holds lines of the person",
  NOT_NEIGHBOURS: "the leaves beside it do not prove that the person was absent",
};

/** @param keys whose signatures count. @returns how many stretches and how many hold the person. @throws EvidenceError. */
export async function checkCompleteness(
  reader: PackageReader,
  keys: readonly PublishedKey[],
): Promise<{ readonly stretches: number; readonly present: number }> {
  const { personKey, partition, range } = await readCase(reader);
  const person = new PersonLines(reader);
  const begins = await beginningOf(reader, partition);
  let [previous, present, stretches] = [null as SignedLine | null, 0, 0];
  let isPresent = false;
  for await (const { text, place } of numbered(reader, PackageFile.PROOFS)) {
    const { dayProof, person: proof } = parsedLine(text, place);
    const line = readSignedLine(dayProof);
    if (line === null) throw new EvidenceError(place, "expected a day proof as it was published");
    const isNext = previous === null ? isFirst(line, begins, range.fromOffset) : follows(line, previous);
    if (!isNext) throw new EvidenceError(place, "does not follow the day proof before it: one is missing");
    if (line.proof.partition !== partition)
      throw new EvidenceError(place, `is of another partition than ${partition}`);
    checkSignature(line, keys, place);
    const digest = await person.digestBelow(line.proof.endOffset, line.proof.day);
    const fault = personProofFault(line.proof, personKey, proof, digest);
    if (fault !== null) throw new EvidenceError(place, `day ${line.proof.day}: ${FAULTS[fault]}`);
    isPresent = digest !== null;
    if (isPresent) present++;
    stretches++;
    if (previous === null) checkDay("first", line, range.fromDay);
    previous = line;
  }
  await person.end();
  if (previous?.proof.endOffset !== range.endOffset)
    throw new EvidenceError(PackageFile.PROOFS, `ends before the range does, at offset ${range.endOffset}`);
  checkDay("last", previous, range.toDay);
  // Otherwise another partition's proofs would do: nobody of this one is in them.
  if (!isPresent)
    throw new EvidenceError(
      PackageFile.PROOFS,
      "its last line holds no record of the person; a range ends with one",
    );
  return { stretches, present };
}

/** The journal's first record, or the one behind the checkpoint: the first stretch holds it. */
async function beginningOf(reader: PackageReader, partition: number): Promise<number> {
  const checkpoint = await readCheckpoint(reader);
  if (checkpoint === null) return 0;
  if (checkpoint.partition === partition) return checkpoint.position + 1;
  throw new EvidenceError(
    PackageFile.CHECKPOINT,
    `is of partition ${checkpoint.partition}, the case's is ${partition}`,
  );
}

/** A range that begins with the journal begins with its first proof; else with the one that holds what follows the checkpoint. */
function isFirst(line: SignedLine, begins: number, rangeFrom: number): boolean {
  const { fromOffset, endOffset } = line.proof;
  if (fromOffset !== rangeFrom) return false;
  return begins === 0 ? fromOffset === 0 && follows(line, null) : fromOffset <= begins && begins < endOffset;
}

function checkDay(which: "first" | "last", { proof }: SignedLine, day: string): void {
  if (proof.day === day) return;
  throw new EvidenceError(
    PackageFile.CASE,
    `says that ${day} is the ${which} day of the range; it is ${proof.day}`,
  );
}

function parsedLine(text: string, place: string): ProofLine {
  try {
    const parsed = proofLine.safeParse(JSON.parse(text));
    if (parsed.success && JSON.stringify(parsed.data) === text) return parsed.data;
  } catch {
    // Said below.
  }
  throw new EvidenceError(place, "expected a day proof with the person's place in it");
}

function checkSignature(line: SignedLine, keys: readonly PublishedKey[], place: string): void {
  const key = keys.find(({ keyId }) => keyId === line.proof.keyId);
  if (key === undefined)
    throw new EvidenceError(
      place,
      `is signed by key ${line.proof.keyId}, which is not among the public keys`,
    );
  if (!isSignedBy(line, key.ed25519)) throw new EvidenceError(place, "its signature does not hold");
}

/** The person's lines in order, a stretch at a time. */
class PersonLines {
  private readonly journal;
  private readonly outcomes;
  private nextRecord;
  private nextOutcome;

  constructor(reader: PackageReader) {
    this.journal = journalLines(reader);
    this.outcomes = outcomeLines(reader);
    this.nextRecord = this.journal.next();
    this.nextOutcome = this.outcomes.next();
    // Whoever asks for them is told.
    this.nextRecord.catch(() => {});
    this.nextOutcome.catch(() => {});
  }

  /** Over the lines up to there; null where there are none. @throws EvidenceError. */
  async digestBelow(endOffset: number, day: string): Promise<Buffer | null> {
    let digest: Buffer | null = null;
    for (let record = await this.nextRecord; record.done !== true; record = await this.nextRecord) {
      const { line, place } = record.value;
      if (line.offset >= endOffset) break;
      if (shanghaiDayOf(line.appendedAtMs) !== day)
        throw new EvidenceError(place, `was not appended on ${day}, to which its offset belongs`);
      digest = digestAfter(digest ?? noDigest(), journalLine(line));
      for (const outcome of await this.outcomesOf(line.offset)) digest = digestAfter(digest, outcome);
      this.nextRecord = this.journal.next();
    }
    return digest;
  }

  /** @throws EvidenceError where lines are left over. */
  async end(): Promise<void> {
    for (const next of [await this.nextRecord, await this.nextOutcome])
      if (next.done !== true) throw new EvidenceError(next.value.place, "is behind the last day proof");
  }

  private async outcomesOf(offset: number): Promise<readonly string[]> {
    const lines: string[] = [];
    for (let outcome = await this.nextOutcome; outcome.done !== true; outcome = await this.nextOutcome) {
      if (outcome.value.line.journalOffset !== offset) break;
      lines.push(outcomeLine(outcome.value.line));
      this.nextOutcome = this.outcomes.next();
    }
    return lines;
  }
}
