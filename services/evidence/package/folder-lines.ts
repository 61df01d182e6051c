/** The person's lines as they lie in a package's folder, a record with its outcomes at a time; may be read several times. */

import { createReadStream } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import {
  type JournalLine,
  type OutcomeLine,
  readJournalLine,
  readOutcomeLine,
} from "../../../schemas/evidence/lines.js";
import { PackageFile } from "../../../schemas/evidence/package.js";

export interface RecordWithOutcomes extends JournalLine {
  readonly outcomes: readonly OutcomeLine[];
}

/** @param folder of the bag. Written by this program: a line that is none is a broken invariant. */
export async function* folderLines(folder: string): AsyncGenerator<RecordWithOutcomes> {
  const outcomes = parsed(join(folder, PackageFile.OUTCOMES), readOutcomeLine);
  let next = await outcomes.next();
  for await (const line of parsed(join(folder, PackageFile.JOURNAL), readJournalLine)) {
    const own: OutcomeLine[] = [];
    for (; next.done !== true && next.value.journalOffset === line.offset; next = await outcomes.next())
      own.push(next.value);
    yield { ...line, outcomes: own };
  }
}

async function* parsed<Line>(path: string, read: (text: string) => Line | null): AsyncGenerator<Line> {
  // JSON texts hold no bare carriage return.
  for await (const text of createInterface({
    input: createReadStream(path),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    const line = read(text);
    if (line === null) throw new Error(`${path}: a line that this program did not write`);
    yield line;
  }
}
