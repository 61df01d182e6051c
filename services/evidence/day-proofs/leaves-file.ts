/**
 * The persons of a closed stretch on disk: what proofs are made of, and where a person's records are. Nobody else's: it says
 * who was seen.
 *
 * Layout: "KADUNLV1", u32 length of the header, header (JSON), then of each person in the order of the leaves: personKey (16
 * bytes), digest (32), u32 where its offsets begin; the offsets as varints of differences, of each person a count first;
 * SHA-256 of all before it. Numbers are little-endian.
 */

import { hash } from "node:crypto";
import { mkdir, open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";
import * as z from "zod";
import { flushFolder } from "../../../platform/lifecycle/flush-folder.js";
import type { DayProof } from "../../../schemas/evidence/day-proof.js";
import type { LoggedOutcomePlace } from "./answered-records.js";
import { leafKeyOf, PERSON_KEY_BYTES } from "./leaf.js";
import { HASH_BYTES } from "./merkle-tree.js";
import type { SortedPersons } from "./open-stretch.js";
import { ProvenLeaves } from "./person-proof.js";

const MAGIC = Buffer.from("KADUNLV1", "latin1");
const LENGTH_BYTES = 4;
/** Names of files while they are written; few, so that what a killed process left is overwritten. */
const DRAFTS = 100;
let drafts = 0;

const leavesHeader = z.strictObject({
  partition: z.number().int(),
  day: z.string(),
  fromOffset: z.number().int(),
  endOffset: z.number().int(),
  persons: z.number().int(),
  /** Running maximum of append times at the end of the stretch. */
  appendedAtMaxMs: z.number(),
  /** The last outcome of the decisions log up to there. */
  outcome: z
    .strictObject({
      journalOffset: z.number().int(),
      sequence: z.number().int(),
      logOffset: z.number().int(),
    })
    .nullable(),
});

/** How the next stretch begins. */
export interface StretchEnd {
  readonly appendedAtMaxMs: number;
  readonly outcome: LoggedOutcomePlace | null;
}

type Place = Pick<DayProof, "partition" | "day" | "fromOffset" | "endOffset" | "persons">;

export class LeavesFile {
  readonly proven: ProvenLeaves;

  constructor(
    readonly end: StretchEnd,
    readonly persons: SortedPersons,
  ) {
    this.proven = new ProvenLeaves(persons);
  }

  get root(): string {
    return this.proven.tree.root().toString("hex");
  }

  /** On the disk when it resolves, whole or not at all. */
  async write(path: string, { partition, day, fromOffset, endOffset, persons }: Place): Promise<void> {
    const header = JSON.stringify({ partition, day, fromOffset, endOffset, persons, ...this.end });
    const bytes = encode(header, this.persons, fromOffset);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    // One is made again while another asks for the same.
    const draft = `${path}.${drafts++ % DRAFTS}.new`;
    const file = await open(draft, "w", 0o600);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
    await flushFolder(path);
  }

  /** null where it is missing, damaged, or of another stretch than this day proof's. */
  static async read(path: string, proof: DayProof): Promise<LeavesFile | null> {
    const bytes = await bytesOf(path);
    const file = bytes === null ? null : decode(bytes, proof);
    return file?.root === proof.root ? file : null;
  }
}

function encode(header: string, persons: SortedPersons, fromOffset: number): Buffer {
  const { count, personKeys, digests } = persons;
  const varints: number[] = [];
  const starts = Buffer.allocUnsafe(count * LENGTH_BYTES);
  for (let index = 0; index < count; index++) {
    starts.writeUInt32LE(varints.length, index * LENGTH_BYTES);
    const offsets = persons.offsetsAt(index);
    addVarint(varints, offsets.length);
    let before = fromOffset;
    for (const offset of offsets) {
      addVarint(varints, offset - before);
      before = offset;
    }
  }
  const head = Buffer.from(header);
  const length = Buffer.allocUnsafe(LENGTH_BYTES);
  length.writeUInt32LE(head.length);
  const body = Buffer.concat([MAGIC, length, head, personKeys, digests, starts, Buffer.from(varints)]);
  return Buffer.concat([body, hash("sha256", body, "buffer")]);
}

function decode(bytes: Buffer, proof: DayProof): LeavesFile | null {
  const body = bytes.subarray(0, Math.max(0, bytes.length - HASH_BYTES));
  const isWhole = hash("sha256", body, "buffer").equals(bytes.subarray(body.length));
  if (!isWhole || !body.subarray(0, MAGIC.length).equals(MAGIC)) return null;
  const headAt = MAGIC.length + LENGTH_BYTES;
  const personsAt = headAt + body.readUInt32LE(MAGIC.length);
  const { appendedAtMaxMs, outcome, ...place } = leavesHeader.parse(
    JSON.parse(body.toString("utf8", headAt, personsAt)),
  );
  if (!isOf(place, proof)) return null;
  return new LeavesFile({ appendedAtMaxMs, outcome }, personsOf(body.subarray(personsAt), proof));
}

function isOf(place: Place, proof: DayProof): boolean {
  return (
    place.partition === proof.partition &&
    place.day === proof.day &&
    place.fromOffset === proof.fromOffset &&
    place.endOffset === proof.endOffset &&
    place.persons === proof.persons
  );
}

function personsOf(bytes: Buffer, { persons: count, day, fromOffset }: DayProof): SortedPersons {
  const digestsAt = count * PERSON_KEY_BYTES;
  const startsAt = digestsAt + count * HASH_BYTES;
  const varintsAt = startsAt + count * LENGTH_BYTES;
  const personKeys = bytes.subarray(0, digestsAt);
  const keys = Buffer.allocUnsafe(count * HASH_BYTES);
  for (let index = 0; index < count; index++)
    leafKeyOf(day, personKeys.subarray(index * PERSON_KEY_BYTES, (index + 1) * PERSON_KEY_BYTES)).copy(
      keys,
      index * HASH_BYTES,
    );
  return {
    count,
    personKeys,
    keys,
    digests: bytes.subarray(digestsAt, startsAt),
    offsetsAt: (index) =>
      offsetsFrom(
        bytes.subarray(varintsAt + bytes.readUInt32LE(startsAt + index * LENGTH_BYTES)),
        fromOffset,
      ),
  };
}

function offsetsFrom(varints: Buffer, fromOffset: number): readonly number[] {
  let at = 0;
  const next = () => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = varints[at++]!;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  let offset = fromOffset;
  return Array.from({ length: next() }, () => {
    offset += next();
    return offset;
  });
}

function addVarint(target: number[], value: number): void {
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) target.push((rest % 128) + 128);
  target.push(rest);
}

async function bytesOf(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
