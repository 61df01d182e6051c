/** `kadun import-status FILE`: the snapshot of all known losses, so that no lost card is taken for a good one. */

import { basename } from "node:path";
import { parseArgs } from "node:util";
import { REFUSAL_CODES } from "../services/ingest/refusal.js";
import { LocalClient, RUNNING_HELP, RUNNING_OPTIONS } from "./embedded/local-client.js";
import { ExitStatus, UsageError } from "./exit-status.js";
import { sendFile } from "./send-file.js";
import { type CodedLine, type StatusCodes, statusCodesNamed } from "./status-codes.js";

export const IMPORT_STATUS_USAGE = `kadun import-status FILE [--data DIR | --url URL --key-file FILE] [--snapshot NAME] [--codes NAME] [--accept-refused]

Appends the card-status records of FILE (NDJSON) to the journal of a running Kadun, then the mark that the state of all
cards is known: /readyz turns green, answers are no longer degraded. Sending the same file again changes nothing.
${RUNNING_HELP}
--snapshot NAME     its name in the journal (the file's name)
--codes NAME        lines give a vendor's statusCode instead of an action: two-digit, one-digit or hsa-his (rulesets/status-codes.json)
--accept-refused    set the mark even though lines were refused (they are among the dead letters, but for unknown codes)
Exit status: 0 done, 1 failed, 2 done with refused lines (without the mark unless --accept-refused), 64 usage.`;

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
    const { records, refused } = await sendFile(client, {
      file,
      path: "/v1/card-status",
      lineOf: (bytes) => codedLine(bytes, codes),
    });
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

function codedLine(bytes: Uint8Array, codes: StatusCodes | null): CodedLine {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return { refused: `UTF8_INVALID: ${REFUSAL_CODES.UTF8_INVALID}` };
  }
  return codes === null ? { text } : codes.withAction(text);
}
