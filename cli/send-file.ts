/** The lines of a file to the gateway of a running Kadun, some hundred a request; what is refused is named by line. */

import { createReadStream } from "node:fs";
import * as z from "zod";
import { accepted } from "../schemas/http/accepted.js";
import { PROBLEMS, problem, type RefusedLine, refusedLine } from "../schemas/http/problem.js";
import { LINE_BYTES_MAX } from "../services/ingest/accept.js";
import { ByteLines } from "./byte-lines.js";
import type { LocalClient } from "./embedded/local-client.js";
import { OperatingError } from "./exit-status.js";

const LINES_PER_REQUEST = 500;
/** What is said where no line of the request was taken: the next lines are sent all the same. */
const nothingAccepted = z.object({
  ...problem.shape,
  code: z.literal("NOTHING_ACCEPTED"),
  refused: z.array(refusedLine),
});

export interface SentFile {
  readonly file: string;
  /** Such as `/v1/feedback`. */
  readonly path: string;
  /** The line as it is sent, or why it is not. */
  readonly lineOf: (bytes: Uint8Array) => SentLine;
}

export type SentLine = { readonly text: string } | { readonly refused: string };

export interface Sent {
  readonly records: number;
  readonly refused: number;
}

/** @throws OperatingError where the file cannot be read or a request as a whole was refused. */
export async function sendFile(client: LocalClient, { file, path, lineOf }: SentFile): Promise<Sent> {
  const total = { records: 0, refused: 0 };
  let held: { line: number; text: string }[] = [];
  const lines = new ByteLines(LINE_BYTES_MAX, (bytes, line) => {
    if (bytes.length === 0) return;
    const made = lineOf(bytes);
    if ("text" in made) held.push({ line, text: made.text });
    else {
      total.refused++;
      sayRefused(file, line, made.refused);
    }
  });
  const send = async (isLast: boolean) => {
    while (held.length >= LINES_PER_REQUEST || (isLast && held.length > 0)) {
      const chunk = held.slice(0, LINES_PER_REQUEST);
      held = held.slice(LINES_PER_REQUEST);
      const result = await sendChunk(client, { file, path }, chunk);
      total.records += result.records;
      total.refused += result.refused;
    }
  };
  try {
    for await (const chunk of createReadStream(file)) {
      lines.push(chunk as Buffer);
      await send(false);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    throw new OperatingError(
      `${file}: cannot be read (${(error as NodeJS.ErrnoException).code}); check the path`,
    );
  }
  lines.end();
  await send(true);
  return total;
}

async function sendChunk(
  client: LocalClient,
  { file, path }: Pick<SentFile, "file" | "path">,
  chunk: readonly { line: number; text: string }[],
) {
  const body = chunk.map(({ text }) => text).join("\n");
  const answer = await sendLines(client, path, body);
  for (const { line, code, field, reason } of answer.refused) {
    const at = chunk[line - 1]?.line ?? line;
    sayRefused(file, at, `${code}: ${field === "" ? "" : `${field}: `}${reason}`);
  }
  return { records: answer.accepted, refused: answer.refused.length };
}

/** @throws OperatingError where the request as a whole was refused. */
export async function sendLines(
  client: LocalClient,
  path: string,
  body: string,
): Promise<{ readonly accepted: number; readonly refused: readonly RefusedLine[] }> {
  const request = {
    method: "POST",
    path,
    body,
    contentType: "application/x-ndjson",
  } as const;
  const answer = await client.json(request, [PROBLEMS.NOTHING_ACCEPTED.status]);
  const none = nothingAccepted.safeParse(answer);
  if (none.success) return { accepted: 0, refused: none.data.refused };
  const some = accepted.safeParse(answer);
  if (some.success) return some.data;
  throw new OperatingError(`POST ${request.path}: ${JSON.stringify(answer)}`);
}

function sayRefused(file: string, line: number, reason: string): void {
  process.stderr.write(`${file}:${line}: line ${line}: ${reason}\n`);
}
