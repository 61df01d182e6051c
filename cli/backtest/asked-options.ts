/** What `kadun rules backtest` and `kadun rules gaps` are asked on the command line. */

import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import type { ParseArgsConfig } from "node:util";
import { INSTANT_PATTERN } from "../../schemas/fields.js";
import { parseInstantMs } from "../../schemas/instant.js";
import { ARCHIVE_VARIABLE, archiveNamed } from "../archive/joined-history.js";
import { type LoadedBundle, loadBundle, loadStoredBundle } from "../bundle-files.js";
import { UsageError } from "../exit-status.js";

/** More processes than any machine of one office has processors. */
const WORKERS_MAX = 256;

export const HISTORY_OPTIONS = {
  journal: { type: "boolean" },
  data: { type: "string" },
  archive: { type: "string" },
  file: { type: "string", multiple: true },
  "key-file": { type: "string" },
  against: { type: "string" },
  from: { type: "string" },
  to: { type: "string" },
  workers: { type: "string" },
  "work-dir": { type: "string" },
  resume: { type: "boolean" },
  json: { type: "boolean" },
  out: { type: "string" },
  quiet: { type: "boolean" },
  help: { type: "boolean" },
} as const satisfies ParseArgsConfig["options"];

export const HISTORY_HELP = `--journal        the history of a Kadun: of an embedded one (--data DIR, else KADUN_DATA, else kadun-data), also while it
                 runs; or, where KADUN_KAFKA_BROKERS is set and --data is not given, of a distributed one by the settings
                 of its roles (Kafka, PostgreSQL)
--archive DIR    with --journal: the archive by which it was trimmed (${ARCHIVE_VARIABLE}); what the journal no longer holds is
                 read from there
--file F         raw NDJSON as 'kadun replay' takes it; may be given several times, and more files may follow it
--key-file F     linkage key for --file instead of the published all-zero key
--against F      judge the other side by this bundle, instead of what the journal activated, or of the default bundle
--from T, --to T count swipes that came in this stretch of journal time only: 2026-11-25T08:00:00+08:00, or a day such as
                 2026-11-25, which begins at midnight in China; what lies before is judged all the same
--workers N      processes (as many as there are processors)
--work-dir DIR   where unfinished work lies (a new folder of the system's temporary ones)
--resume         goes on with the unfinished work of --work-dir
--json           the result as JSON instead of tables
--out F          writes the result to a file
--quiet          no progress on standard error`;

export interface HistoryOptions {
  readonly journal?: boolean | undefined;
  readonly data?: string | undefined;
  readonly archive?: string | undefined;
  readonly file?: readonly string[] | undefined;
  readonly "key-file"?: string | undefined;
  readonly against?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly workers?: string | undefined;
  readonly "work-dir"?: string | undefined;
  readonly resume?: boolean | undefined;
  readonly quiet?: boolean | undefined;
}

export interface AskedHistory {
  /** null: the journal. */
  readonly files: readonly string[] | null;
  readonly data: string | undefined;
  /** By which the journal was trimmed; null: none. */
  readonly archive: string | null;
  readonly keyFile: string | null;
  readonly against: LoadedBundle | null;
  readonly fromMs: number | null;
  readonly toMs: number | null;
  readonly workers: number;
  readonly workDirectory: string | null;
  readonly isResumed: boolean;
  readonly isQuiet: boolean;
}

/** @throws UsageError where options do not go together, BundleError. */
export function askedHistory(values: HistoryOptions, positionals: readonly string[]): AskedHistory {
  const files = [...(values.file ?? []), ...positionals];
  const isJournal = values.journal === true;
  if (isJournal === files.length > 0)
    throw new UsageError("expected either --journal or --file F …: which history is to be judged?");
  if (positionals.length > 0 && values.file === undefined)
    throw new UsageError(`${positionals[0]}: unexpected; files follow --file`);
  if (isJournal && values["key-file"] !== undefined)
    throw new UsageError("--key-file: goes with --file; a journal holds tokens already");
  if (!isJournal && values.data !== undefined) throw new UsageError("--data: goes with --journal");
  if (!isJournal && values.archive !== undefined) throw new UsageError("--archive: goes with --journal");
  if (values.resume === true && values["work-dir"] === undefined)
    throw new UsageError("--resume: name the folder of the unfinished work by --work-dir");
  const fromMs = instantOf("--from", values.from);
  const toMs = instantOf("--to", values.to);
  if (fromMs !== null && toMs !== null && fromMs >= toMs)
    throw new UsageError(`--to ${values.to}: expected a time after --from ${values.from}`);
  return {
    files: isJournal ? null : files,
    data: values.data,
    archive: isJournal ? archiveNamed(values.archive) : null,
    keyFile: values["key-file"] ?? null,
    against: values.against === undefined ? null : bundleOfFile(values.against, undefined),
    fromMs,
    toMs,
    workers: workersOf(values.workers),
    workDirectory: values["work-dir"] ?? null,
    isResumed: values.resume === true,
    isQuiet: values.quiet === true,
  };
}

/** A ruleset, an overlay of the default one, or a whole bundle as it is stored. @throws UsageError, BundleError. */
export function bundleOfFile(path: string, policiesFile: string | undefined): LoadedBundle {
  if (!isWholeBundle(path)) return loadBundle({ rulesetFile: path, policiesFile });
  if (policiesFile !== undefined)
    throw new UsageError(`--policies ${policiesFile}: ${path} is a whole bundle and has its own policies`);
  return loadStoredBundle(path);
}

/** What cannot be read is told by whoever loads it. */
function isWholeBundle(path: string): boolean {
  try {
    const document: unknown = JSON.parse(readFileSync(path, "utf8"));
    return typeof document === "object" && document !== null && "ruleset" in document;
  } catch {
    return false;
  }
}

const DAY_PATTERN = /^\d{4}-\d{2}-\d{2}$/;

function instantOf(option: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const instant = DAY_PATTERN.test(text) ? `${text}T00:00:00+08:00` : text;
  const ms = INSTANT_PATTERN.test(instant) ? parseInstantMs(instant) : Number.NaN;
  if (Number.isNaN(ms))
    throw new UsageError(
      `${option} ${text}: expected an instant such as 2026-11-25T08:00:00+08:00, or a day such as 2026-11-25`,
    );
  return ms;
}

function workersOf(text: string | undefined): number {
  if (text === undefined) return availableParallelism();
  const workers = Number(text);
  if (!/^\d{1,3}$/.test(text) || workers < 1 || workers > WORKERS_MAX)
    throw new UsageError(`--workers ${text}: expected a whole number from 1 to ${WORKERS_MAX}`);
  return workers;
}
