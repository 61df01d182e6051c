/**
 * A person's records and their context in the order in which they are judged. Context stands in the order in which it was
 * needed, not by offset: what lies before a record and was not given yet comes before it.
 */

import type { JournalLine } from "../../../schemas/evidence/lines.js";

export async function* mergedLines(
  journal: AsyncIterable<JournalLine>,
  context: AsyncIterable<JournalLine>,
): AsyncGenerator<JournalLine> {
  const ahead = context[Symbol.asyncIterator]();
  let next = await ahead.next();
  try {
    for await (const line of journal) {
      for (; next.done !== true && next.value.offset < line.offset; next = await ahead.next())
        yield next.value;
      yield line;
    }
  } finally {
    await ahead.return?.();
  }
}
