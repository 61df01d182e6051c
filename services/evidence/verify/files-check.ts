/** Are the parts there, and is each what it says? */

import type { JournalLine } from "../../../schemas/evidence/lines.js";
import { type CaseFile, PackageFile } from "../../../schemas/evidence/package.js";
import { JOURNAL_SCHEMAS } from "../../../schemas/journal.js";
import { decodeJournalJson } from "../../../schemas/log-body.js";
import { EvidenceError } from "./check.js";
import type { PackageReader } from "./package-reader.js";
import {
  ALWAYS_THERE,
  contextLines,
  isBundleFile,
  journalLines,
  outcomeLines,
  readCase,
} from "./read-parts.js";

/** @throws EvidenceError. */
export async function checkFiles(reader: PackageReader): Promise<void> {
  const data = reader.names.filter((name) => name.startsWith("data/"));
  for (const name of ALWAYS_THERE) if (!data.includes(name)) throw new EvidenceError(name, "is missing");
  for (const name of data)
    if (!ALWAYS_THERE.includes(name) && name !== PackageFile.CHECKPOINT && !isBundleFile(name))
      throw new EvidenceError(name, "is no file of an evidence package");
  await checkLines(reader);
}

/** Records of this person within the range, in order; each outcome belongs to one of them. */
async function checkLines(reader: PackageReader): Promise<void> {
  const { personKey, range } = await readCase(reader);
  const offsets = new Set<number>();
  for await (const { line, place } of contextLines(reader)) {
    checkContext(line, place);
    checkPlace(line.offset, { ...range, fromOffset: 0 }, place);
    checkNew(line.offset, offsets, place);
  }
  const ofPerson = new Set<number>();
  for await (const { line, place } of journalLines(reader)) {
    const record = decodedAt(line.json, place);
    if (!("personKey" in record) || record.personKey !== personKey)
      throw new EvidenceError(place, `is no record of person ${personKey}`);
    checkPlace(line.offset, range, place);
    checkNew(line.offset, offsets, place);
    ofPerson.add(line.offset);
  }
  for await (const { line, place } of outcomeLines(reader))
    if (!ofPerson.has(line.journalOffset))
      throw new EvidenceError(place, `there is no journal record at offset ${line.journalOffset}`);
}

/** No leaf covers it, so what a reader sees must be what judges. */
function checkContext({ json }: JournalLine, place: string): void {
  if ("personKey" in decodedAt(json, place))
    throw new EvidenceError(place, "is a person's record; expected one of the partition");
  if (textAgain(json) !== json)
    throw new EvidenceError(place, "is not as the journal has it: a field twice, or other spaces");
}

/** null where it is nested deeper than any record. */
function textAgain(json: string): string | null {
  try {
    return JSON.stringify(JSON.parse(json));
  } catch {
    return null;
  }
}

function checkNew(offset: number, offsets: Set<number>, place: string): void {
  if (offsets.has(offset)) throw new EvidenceError(place, `another record stands at offset ${offset}`);
  offsets.add(offset);
}

function checkPlace(offset: number, { fromOffset, endOffset }: CaseFile["range"], place: string): void {
  if (offset >= fromOffset && offset < endOffset) return;
  throw new EvidenceError(
    place,
    `offset ${offset} is outside of the range ${fromOffset} to ${endOffset - 1}`,
  );
}

/** Read as from a stranger: what judges trusts the shape. */
function decodedAt(json: string, place: string) {
  try {
    const record = decodeJournalJson(json);
    const problem = JOURNAL_SCHEMAS[record.type].safeParse(record).error?.issues[0];
    if (problem === undefined) return record;
    throw new EvidenceError(place, `${problem.path.join(".")}: ${problem.message}`);
  } catch (error) {
    if (error instanceof EvidenceError) throw error;
    throw new EvidenceError(place, (error as Error).message);
  }
}
