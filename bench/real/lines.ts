/** Streams text files line by line, unpacking `.gz`, so that a set of any size needs one chunk of memory. */
import { createReadStream } from "node:fs";
import { access, constants } from "node:fs/promises";
import { pipeline } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { createGunzip } from "node:zlib";

/** Longer than any line of the sets by a factor of a thousand: such a file is not text. */
const LINE_LENGTH_MAX = 1_048_576;

function openBytes(path: string): AsyncIterable<Buffer> {
  const file = createReadStream(path);
  if (!path.endsWith(".gz")) return file;
  // The callback only keeps the error from being unhandled: pipeline destroys the gunzip with it, which makes
  // the reader's loop throw.
  return pipeline(file, createGunzip(), () => {});
}

const withoutReturn = (line: string): string => (line.endsWith("\r") ? line.slice(0, -1) : line);

async function requireReadable(path: string): Promise<void> {
  try {
    await access(path, constants.R_OK);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new Error(
      `${path}: cannot be read (${code}); check DATA_DIR (docs/evaluation.md lists its files)`,
      {
        cause,
      },
    );
  }
}

/** Lines without their ends; a last line without an end is yielded too. */
export async function* readLines(path: string): AsyncGenerator<string> {
  await requireReadable(path);
  const decoder = new StringDecoder("utf8");
  let rest = "";
  for await (const chunk of openBytes(path)) {
    const parts = (rest + decoder.write(chunk)).split("\n");
    rest = parts.pop() ?? "";
    if (rest.length > LINE_LENGTH_MAX) {
      throw new Error(
        `${path}: a line of more than ${LINE_LENGTH_MAX} characters; expected a text file of lines`,
      );
    }
    for (const line of parts) yield withoutReturn(line);
  }
  rest += decoder.end();
  if (rest !== "") yield withoutReturn(rest);
}
