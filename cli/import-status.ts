/** `kadun import-status FILE`: the snapshot of all known losses, so that no lost card is taken for a good one. */

import { createReadStream } from "node:fs";
import { basename } from "node:path";
import { parseArgs } from "node:util";
import * as z from "zod";
import { accepted } from "../schemas/http/accepted.js";
import { PROBLEMS, problem, type RefusedLine, refusedLine } from "../schemas/http/problem.js";
import { LINE_BYTES_MAX } from "../services/ingest/accept.js";
import { REFUSAL_CODES } from "../services/ingest/refusal.js";
import { ByteLines } from "./byte-lines.js";
import { LocalClient, RUNNING_HELP, RUNNING_OPTIONS } from "./embedded/local-client.js";
import { ExitStatus, OperatingError, UsageError } from "./exit-status.js";
import { type CodedLine, type StatusCodes, statusCodesNamed } from "./status-codes.js";

export const IMPORT_STATUS_USAGE = `kadun import-status FILE [--data DIR | --url URL --key-file FILE] [--snapshot NAME] [--codes NAME] [--accept-refused]

Appends the card-status records of FILE (NDJSON) to the journal of a running Kadun, then the mark that the state of all
cards is known: /readyz turns green, answers are no longer degraded. Sending the same file again changes nothing.
${RUNNING_HELP}
--snapshot NAME     its name in the journal (the file's name)
--codes NAME        lines give a vendor's statusCode instead of an action: two-digit, one-digit or hsa-his (rulesets/status-codes.json)
--accept-refused    set the mark even though lines were refused (they are among the dead letters, but for unknown codes)
Exit status: 0 done, 1 failed, 2 done with refused lines (without the mark unless --accept-refused), 64 usage.`;

const LINES_PER_REQUEST = 500;
/** What is said where no line of the request was taken: no failure of the import. */
const nothingAccepted = z.object({
  ...problem.shape,
  code: z.literal("NOTHING_ACCEPTED"),
  refused: z.array(refusedLine),
});
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export async function importStatus(args: readonly string[]): Promise<ExitStatus> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      ...RUNNING_OPTIONS,
      snapshot: { type: "string" },
      codes: { type: "string" },
      "accept-refused": { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (values.help === true) {
    console.log(IMPORT_STATUS_USAGE);
    return ExitStatus.DONE;
  }
  const [file, ...others] = positionals;
  if (file === undefined || others.length > 0)
    throw new UsageError(`expected one file\n\n${IMPORT_STATUS_USAGE}`);
  const codes = values.codes === undefined ? null : statusCodesNamed(values.codes);
  const client = LocalClient.gateway(values);
  try {
    const { records, refused } = await sendFile(client, file, codes);
    const marks = refused === 0 || values["accept-refused"] === true;
    if (marks) {
      const body = JSON.stringify({ snapshot: values.snapshot ?? basename(file), records });
      await client.json({ method: "POST", path: "/local/bootstrap", body });
    }
    console.log(
      `${records} records in the journal, ${refused} lines refused${marks ? "" : "; not marked as complete"}`,
    );
    return refused > 0 ? ExitStatus.REFUSED_INPUT : ExitStatus.DONE;
  } finally {
    client.close();
  }
}

async function sendFile(
  client: LocalClient,
  file: string,
  codes: StatusCodes | null,
): Promise<{ records: number; refused: number }> {
  const total = { records: 0, refused: 0 };
  let held: { line: number; text: string }[] = [];
  const lines = new ByteLines(LINE_BYTES_MAX, (bytes, line) => {
    if (bytes.length === 0) return;
    const coded = codedLine(bytes, codes);
    if ("text" in coded) held.push({ line, text: coded.text });
    else {
      total.refused++;
      sayRefused(file, line, coded.refused);
    }
  });
  const send = async (isLast: boolean) => {
    while (held.length >= LINES_PER_REQUEST || (isLast && held.length > 0)) {
      const chunk = held.slice(0, LINES_PER_REQUEST);
      held = held.slice(LINES_PER_REQUEST);
      const result = await sendChunk(client, file, chunk);
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

function codedLine(bytes: Uint8Array, codes: StatusCodes | null): CodedLine {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return { refused: `UTF8_INVALID: ${REFUSAL_CODES.UTF8_INVALID}` };
  }
  return codes === null ? { text } : codes.withAction(text);
}

async function sendChunk(
  client: LocalClient,
  file: string,
  chunk: readonly { line: number; text: string }[],
) {
  const body = chunk.map(({ text }) => text).join("\n");
  const answer = await taken(client, body);
  for (const { line, code, field, reason } of answer.refused) {
    const at = chunk[line - 1]?.line ?? line;
    sayRefused(file, at, `${code}: ${field === "" ? "" : `${field}: `}${reason}`);
  }
  return { records: answer.accepted, refused: answer.refused.length };
}

/** @throws OperatingError where the request as a whole was refused. */
async function taken(
  client: LocalClient,
  body: string,
): Promise<{ readonly accepted: number; readonly refused: readonly RefusedLine[] }> {
  const request = {
    method: "POST",
    path: "/v1/card-status",
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
