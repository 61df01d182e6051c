/** The parts of a package as what they are: parsed, or an error that names file and line. */

import { hash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type * as z from "zod";
import {
  type JournalLine,
  type OutcomeLine,
  readJournalLine,
  readOutcomeLine,
} from "../../../schemas/evidence/lines.js";
import {
  bundleFile,
  type CaseFile,
  type CheckpointFile,
  caseFile,
  checkpointFile,
  PackageFile,
} from "../../../schemas/evidence/package.js";
import { EvidenceError } from "./check.js";
import type { PackageReader } from "./package-reader.js";

/** @throws EvidenceError where it is not there or none of this shape. */
export async function jsonPart<Shape>(
  reader: PackageReader,
  name: string,
  schema: z.ZodType<Shape>,
): Promise<Shape> {
  const text = Buffer.from(await reader.bytes(name)).toString("utf8");
  const document = parsedJson(name, text);
  const parsed = schema.safeParse(document);
  if (parsed.success) {
    checkAsWritten(name, text, { document, data: parsed.data });
    return parsed.data;
  }
  const { path, message } = parsed.error.issues[0]!;
  throw new EvidenceError(name, `${path.join(".") || "(whole)"}: ${message}`);
}

/** A field that nobody checks, or one that stands there twice, would tell people what no program sees. */
function checkAsWritten(
  name: string,
  text: string,
  { document, data }: { readonly document: unknown; readonly data: unknown },
): void {
  if (!isDeepStrictEqual(document, data)) throw new EvidenceError(name, "has fields that are not its own");
  if (text !== `${JSON.stringify(document, null, 2)}\n`)
    throw new EvidenceError(name, "is not as it was written: a field twice, or other spaces");
}

export function readCase(reader: PackageReader): Promise<CaseFile> {
  return jsonPart(reader, PackageFile.CASE, caseFile);
}

/** null where the range begins with the journal. */
export async function readCheckpoint(reader: PackageReader): Promise<CheckpointFile | null> {
  if (!reader.names.includes(PackageFile.CHECKPOINT)) return null;
  const checkpoint = await jsonPart(reader, PackageFile.CHECKPOINT, checkpointFile);
  const { personRecord, personRecordSha256 } = checkpoint;
  const isWhole =
    personRecord === null
      ? personRecordSha256 === null
      : hash("sha256", Buffer.from(personRecord, "base64")) === personRecordSha256;
  if (isWhole) return checkpoint;
  throw new EvidenceError(PackageFile.CHECKPOINT, "the person's record is not the one whose hash it names");
}

/** A line with its place in the file, for messages. */
export interface Placed<Line> {
  readonly line: Line;
  readonly place: string;
}

/** The person's records by offset, each above the one before. @throws EvidenceError. */
export async function* journalLines(reader: PackageReader): AsyncGenerator<Placed<JournalLine>> {
  let last = -1;
  for await (const { line, place } of recordLines(reader, PackageFile.JOURNAL)) {
    if (line.offset <= last) throw new EvidenceError(place, `offset ${line.offset} does not follow ${last}`);
    last = line.offset;
    yield { line, place };
  }
}

/** In the order in which they were needed. @throws EvidenceError. */
export function contextLines(reader: PackageReader): AsyncGenerator<Placed<JournalLine>> {
  return recordLines(reader, PackageFile.CONTEXT);
}

async function* recordLines(reader: PackageReader, name: string): AsyncGenerator<Placed<JournalLine>> {
  for await (const { text, place } of numbered(reader, name)) {
    const line = readJournalLine(text);
    if (line === null) throw new EvidenceError(place, "expected a journal record as a line");
    yield { line, place };
  }
}

/** By position, each above the one before. @throws EvidenceError. */
export async function* outcomeLines(reader: PackageReader): AsyncGenerator<Placed<OutcomeLine>> {
  let [offset, sequence] = [-1, -1];
  for await (const { text, place } of numbered(reader, PackageFile.OUTCOMES)) {
    const line = readOutcomeLine(text);
    if (line === null) throw new EvidenceError(place, "expected an outcome as a line");
    const expected = line.journalOffset === offset ? sequence + 1 : 0;
    if (line.journalOffset < offset || line.sequence !== expected)
      throw new EvidenceError(
        place,
        `outcome ${line.sequence} of journal offset ${line.journalOffset} does not follow outcome ${sequence} of ${offset}`,
      );
    [offset, sequence] = [line.journalOffset, line.sequence];
    yield { line, place };
  }
}

export async function* numbered(
  reader: PackageReader,
  name: string,
): AsyncGenerator<{ readonly text: string; readonly place: string }> {
  let number = 0;
  for await (const text of reader.lines(name)) {
    number++;
    yield { text, place: `${name}, line ${number}` };
  }
}

/** Files that are there in every package, those of the bag and of the bundles apart. */
export const ALWAYS_THERE: readonly string[] = Object.values(PackageFile).filter(
  (name) => name !== PackageFile.CHECKPOINT,
);

const BUNDLES = "data/bundles/";

export function isBundleFile(name: string): boolean {
  const hash = name.slice(BUNDLES.length, -".json".length);
  return /^[0-9a-f]{64}$/.test(hash) && name === bundleFile(hash);
}

export function bundleHashesIn(reader: PackageReader): readonly string[] {
  return reader.names.filter(isBundleFile).map((name) => name.slice(BUNDLES.length, -".json".length));
}

function parsedJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new EvidenceError(name, `not JSON (${(error as Error).message})`);
  }
}
