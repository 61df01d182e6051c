/** Are the parts there, and is each what it says? */

import { PackageFile } from "../../../schemas/evidence/package.js";
import { JOURNAL_SCHEMAS } from "../../../schemas/journal.js";
import { decodeJournalJson } from "../../../schemas/log-body.js";
import { EvidenceError } from "./check.js";
import type { PackageReader } from "./package-reader.js";
import { ALWAYS_THERE, isBundleFile, journalLines, outcomeLines, readCase } from "./read-parts.js";

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
  for (const name of [PackageFile.JOURNAL, PackageFile.CONTEXT]) {
    for await (const { line, place } of journalLines(reader, name)) {
      const record = decodedAt(line.json, place);
      const isOfPerson = "personKey" in record;
      if (isOfPerson !== (name === PackageFile.JOURNAL) || (isOfPerson && record.personKey !== personKey))
        throw new EvidenceError(place, `is a record of somebody else, or of nobody`);
      if (line.offset >= range.endOffset || (isOfPerson && line.offset < range.fromOffset))
        throw new EvidenceError(
          place,
          `offset ${line.offset} is outside of the range ${range.fromOffset} to ${range.endOffset - 1}`,
        );
      if (isOfPerson) offsets.add(line.offset);
    }
  }
  for await (const { line, place } of outcomeLines(reader))
    if (!offsets.has(line.journalOffset))
      throw new EvidenceError(place, `there is no journal record at offset ${line.journalOffset}`);
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
