/** `kadun replay FILE…`: judges raw NDJSON of all record types and prints the outcomes. */

import { createReadStream, existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { LINE_BYTES_MAX } from "../services/ingest/accept.js";
import type { CanonicalContext } from "../services/ingest/canonicalise.js";
import { NationalReader } from "../services/ingest/national/national-reader.js";
import type { Refusal } from "../services/ingest/refusal.js";
import { ALL_ZERO_KEY, Tokeniser } from "../services/ingest/tokens.js";
import { type ArchiveReplay, replayArchive } from "./archive/replay-archive.js";
import { loadBundle } from "./bundle-files.js";
import { ByteLines } from "./byte-lines.js";
import { ExitStatus, OperatingError, UsageError } from "./exit-status.js";
import { Progress } from "./progress.js";
import { type AcceptLine, ReplayRun } from "./replay-run.js";
import { TextOutput } from "./text-output.js";

export const REPLAY_USAGE = `kadun replay FILE… [--from national] [--ruleset F] [--policies F] [--out F] [--key-file F] [--summary-json]
kadun replay --archive DIR [--from-checkpoint] [--summary-json]

Judges raw NDJSON (swipes, card-status, person-facts, person-links, heartbeats, feedback), files in argument order, '-' for
standard input. Outcomes go to standard output or --out, refused lines to standard error with file, line and reason.
Lines end with LF or CRLF, the last one may end without; empty lines and a byte order mark before a line mean nothing.
--from national   lines with an infno are requests of the national platform (docs/national-messages.md), others are
                  Kadun's own records
--ruleset F       a ruleset, or an overlay of the default ("extends": "default")
--policies F      loss policies instead of the default bundle's
--key-file F      linkage key (32 bytes, or 64 hexadecimal digits) instead of the published all-zero key
--summary-json    at the end one JSON object with counts and lines per second, to standard output where --out is
                  given, else to standard error
--archive DIR     judges the journal of an archive ('kadun archive DIR') by the bundles and engines that it names, and
                  compares what comes out with the archived outcomes byte for byte, and with the persons it passes; the
                  first difference is said, with status 1
--from-checkpoint begins at the last archived checkpoint of persons that has records behind it
Exit status: 0 done, 1 failed or different, 2 done with refused lines, 64 usage.`;

const KEY_BYTES = 32;

export async function replay(args: readonly string[]): Promise<ExitStatus> {
  const parsed = parseReplayArgs(args);
  if (parsed === null) {
    console.log(REPLAY_USAGE);
    return ExitStatus.DONE;
  }
  const { values, positionals } = parsed;
  if (values.archive !== undefined) return replayArchive(archiveGiven(values.archive, parsed));
  const loaded = loadBundle({ rulesetFile: values.ruleset, policiesFile: values.policies });
  const tokens = new Tokeniser(values["key-file"] === undefined ? ALL_ZERO_KEY : readKey(values["key-file"]));
  const totalBytes = positionals.reduce((sum, path) => sum + sizeOf(path), 0);
  if (values.out !== undefined)
    refuseOverwriting(values.out, [...positionals, values.ruleset, values.policies, values["key-file"]]);
  const output = await TextOutput.open(values.out);
  const place = { file: "", line: 0 };
  const context = { tokens, drugs: loaded.drugs };
  const run = new ReplayRun(
    loaded,
    context,
    {
      outcome: (outcome) => output.write(`${JSON.stringify(outcome)}\n`),
      refused: (refused) => process.stderr.write(`${refusalLine(place, refused)}\n`),
      notTaken: (refused) => process.stderr.write(`${refusalLine(place, refused)}\n`),
    },
    acceptorOf(values.from, context),
  );
  const startedMs = performance.now();
  const progress = new Progress(totalBytes);
  for (const path of positionals) {
    const lines = new ByteLines(LINE_BYTES_MAX, (line, lineNumber) => {
      place.file = path;
      place.line = lineNumber;
      run.line(line);
    });
    for await (const chunk of readable(path)) {
      lines.push(chunk);
      progress.add(chunk.length, run.summary.lines);
      await output.drain();
    }
    lines.end();
  }
  progress.clear();
  await output.close();
  if (values["summary-json"] === true) printSummary(run, (performance.now() - startedMs) / 1000, values.out);
  return run.summary.refusedLines > 0 ? ExitStatus.REFUSED_INPUT : ExitStatus.DONE;
}

/** Everything else is said by the archive. */
function archiveGiven(folder: string, { values, positionals }: ReplayArgs): ArchiveReplay {
  const { archive: _, "from-checkpoint": fromCheckpoint, "summary-json": json, ...others } = values;
  const more = [...positionals, ...Object.keys(others).map((name) => `--${name}`)];
  if (more.length > 0)
    throw new UsageError(`--archive ${folder}: goes without ${more.join(", ")}: the archive says all of it`);
  return { folder, fromCheckpoint: fromCheckpoint === true, json: json === true };
}

type ReplayArgs = NonNullable<ReturnType<typeof parseReplayArgs>>;

function parseReplayArgs(args: readonly string[]) {
  const parsed = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      from: { type: "string" },
      ruleset: { type: "string" },
      policies: { type: "string" },
      out: { type: "string" },
      "key-file": { type: "string" },
      "summary-json": { type: "boolean" },
      archive: { type: "string" },
      "from-checkpoint": { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (parsed.values.help === true) return null;
  if (parsed.values.archive === undefined && parsed.values["from-checkpoint"] === true)
    throw new UsageError("--from-checkpoint: goes with --archive DIR");
  if (parsed.positionals.length === 0 && parsed.values.archive === undefined)
    throw new UsageError(`no file given\n\n${REPLAY_USAGE}`);
  return parsed;
}

/** undefined: Kadun's own raw records. */
function acceptorOf(from: string | undefined, context: CanonicalContext): AcceptLine | undefined {
  if (from === undefined) return undefined;
  if (from !== "national")
    throw new UsageError(`--from ${from}: expected national (leave it out for Kadun's own records)`);
  const reader = new NationalReader(context);
  return (line) => {
    const { result, remember } = reader.readEither(line);
    remember();
    return result;
  };
}

/** `swipes.ndjson:7: FIELD_INVALID: totalFen: …` */
export function refusalLine(place: { file: string; line: number }, refused: Refusal): string {
  const field = refused.field === "" ? "" : `${refused.field}: `;
  const event = refused.eventId === null ? "" : ` (eventId ${JSON.stringify(refused.eventId)})`;
  return `${place.file}:${place.line}: line ${place.line}: ${refused.code}: ${field}${refused.reason}${event}`;
}

/** A linkage key from its file. @throws OperatingError. */
export function readKey(path: string): Buffer {
  const content = readBytes(path);
  if (content.length === KEY_BYTES) return content;
  const text = content.toString("latin1").trim();
  if (/^[0-9a-fA-F]{64}$/.test(text)) return Buffer.from(text, "hex");
  throw new OperatingError(`${path}: a linkage key is 32 bytes or 64 hexadecimal digits`);
}

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw cannotRead(path, error);
  }
}

function sizeOf(path: string): number {
  if (path === "-") return 0;
  try {
    const stat = statSync(path);
    if (stat.isDirectory()) throw new OperatingError(`${path}: is a folder; name its files`);
    return stat.size;
  } catch (error) {
    throw error instanceof OperatingError ? error : cannotRead(path, error);
  }
}

/** Opening `out` empties it: never a file that is read. */
function refuseOverwriting(out: string, inputs: readonly (string | undefined)[]): void {
  const target = realPathOf(out);
  if (target === null) return;
  for (const input of inputs)
    if (input !== undefined && input !== "-" && realPathOf(input) === target)
      throw new UsageError(`--out ${out}: is read as ${input} too; name another file for the outcomes`);
}

function realPathOf(path: string): string | null {
  return existsSync(path) ? realpathSync(path) : null;
}

async function* readable(path: string): AsyncGenerator<Buffer> {
  const stream = path === "-" ? process.stdin : createReadStream(path, { highWaterMark: 1 << 18 });
  try {
    for await (const chunk of stream) yield chunk as Buffer;
  } catch (error) {
    throw cannotRead(path, error);
  }
}

function cannotRead(path: string, error: unknown): OperatingError {
  return new OperatingError(
    `${path}: cannot be read (${(error as NodeJS.ErrnoException).code}); check the path`,
  );
}

function printSummary(run: ReplayRun, seconds: number, out: string | undefined): void {
  const { lines } = run.summary;
  const summary = {
    ...run.summary,
    seconds: Number(seconds.toFixed(3)),
    linesPerSecond: seconds === 0 ? lines : Math.round(lines / seconds),
  };
  const stream = out === undefined ? process.stderr : process.stdout;
  stream.write(`${JSON.stringify(summary)}\n`);
}
