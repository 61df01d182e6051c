/** The bundled journal judged again: is every outcome that of the package, byte for byte? */

import type { OutcomeLine } from "../../../schemas/evidence/lines.js";
import { PackageFile } from "../../../schemas/evidence/package.js";
import { EvidenceError } from "./check.js";
import type { PackageReader } from "./package-reader.js";
import { outcomeLines } from "./read-parts.js";

/**
 * @param behind outcomes of records up to there are in the checkpoint's past: they are not judged again; −1: all are.
 * @returns how many outcomes are equal. @throws EvidenceError with the first that is not.
 */
export async function checkReplay(
  reader: PackageReader,
  judged: AsyncIterable<OutcomeLine>,
  behind: number,
): Promise<number> {
  const bundled = outcomesBehind(reader, behind);
  let count = 0;
  try {
    for await (const { journalOffset, sequence, json } of judged) {
      const next = await bundled.next();
      const at = `journal offset ${journalOffset}, outcome ${sequence}`;
      if (next.done === true) throw new EvidenceError(PackageFile.OUTCOMES, `${at}: is missing`);
      const { line, place } = next.value;
      if (line.journalOffset !== journalOffset || line.sequence !== sequence)
        throw new EvidenceError(
          place,
          `outcome ${line.sequence} of journal offset ${line.journalOffset}; judged again there is first ${at}`,
        );
      if (line.json !== json)
        throw new EvidenceError(place, `judged again it is another: ${differenceOf(line.json, json)}`);
      count++;
    }
    const left = await bundled.next();
    if (left.done !== true)
      throw new EvidenceError(left.value.place, "judged again there is no such outcome");
    return count;
  } finally {
    await bundled.return(undefined);
  }
}

async function* outcomesBehind(reader: PackageReader, offset: number) {
  for await (const placed of outcomeLines(reader)) if (placed.line.journalOffset > offset) yield placed;
}

const CONTEXT_CHARACTERS = 40;

/** Both from where they part. */
function differenceOf(bundled: string, judged: string): string {
  let at = 0;
  while (at < bundled.length && bundled[at] === judged[at]) at++;
  const from = Math.max(0, at - CONTEXT_CHARACTERS);
  const cut = (text: string) => text.slice(from, at + CONTEXT_CHARACTERS);
  return `in the package …${cut(bundled)}…, judged …${cut(judged)}…`;
}
