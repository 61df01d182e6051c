/** `kadun archive DIR`, `kadun archive verify DIR`, `kadun archive trim DIR`: the journal's past as verified, chained segments. */

import { parseArgs } from "node:util";
import { ArchiveError } from "../services/archive/archive-error.js";
import { trimLogs } from "./archive/trim-logs.js";
import { verifyFolder } from "./archive/verify-folder.js";
import { wholeNumberIn } from "./archive/whole-number.js";
import { writeArchive } from "./archive/write-archive.js";
import { ExitStatus, OperatingError, UsageError } from "./exit-status.js";
import { Closers } from "./process/closers.js";
import { startError } from "./process/start-errors.js";

const KEEP_DAYS_DEFAULT = 30;
const KEEP_DAYS_MAX = 36_500;

export const ARCHIVE_USAGE = `kadun archive DIR [--data DATA] [--json]
kadun archive verify DIR [--expect-head SHA256] [--json]
kadun archive trim DIR [--data DATA] [--keep-days N] [--dry-run] [--json]

DIR        what the journal and the decisions log hold and is answered goes into DIR as segments, with the bundles that
           they name; then what is new is judged again from the archive, compared with the archived outcomes byte for byte,
           and the persons are kept as of there. Also while Kadun runs. Killed at any moment, it goes on when run again.
verify     reads every byte of an archive and names the first thing that is wrong, by file and position
trim       removes from the live logs what the archive holds, every record compared with the archive's first; nothing
           that is not judged, stored as rows and told yet, and nothing younger than --keep-days. An embedded Kadun must
           be stopped for it.
--data DATA          the data directory of an embedded Kadun (KADUN_DATA, else kadun-data); where none is named and
                     KADUN_KAFKA_BROKERS is set, a distributed one by the settings of its roles
--expect-head SHA256 the manifest must end with (or hold) the line of this hash, as an earlier run printed it
--keep-days N        (${KEEP_DAYS_DEFAULT})
--dry-run            says what it would remove
--json               one JSON object
kadun replay --archive DIR judges an archive again.
Exit status: 0 done, 1 failed, damaged or different, 64 usage.`;

export interface ArchiveOptions {
  readonly folder: string;
  readonly data: string | undefined;
  readonly json: boolean;
}

export async function archive(args: readonly string[]): Promise<ExitStatus> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      data: { type: "string" },
      "expect-head": { type: "string" },
      "keep-days": { type: "string" },
      "dry-run": { type: "boolean" },
      json: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (values.help === true) {
    console.log(ARCHIVE_USAGE);
    return ExitStatus.DONE;
  }
  const { command, folder } = commandOf(positionals);
  const options: ArchiveOptions = { folder, data: values.data, json: values.json === true };
  const closers = new Closers();
  try {
    switch (command) {
      case "write":
        return await writeArchive(options, closers);
      case "verify":
        return await verifyFolder(options, values["expect-head"] ?? null);
      case "trim": {
        const keepDays = wholeNumberIn("--keep-days", values["keep-days"], {
          fallback: KEEP_DAYS_DEFAULT,
          max: KEEP_DAYS_MAX,
        });
        return await trimLogs({ ...options, keepDays, isDryRun: values["dry-run"] === true }, closers);
      }
    }
  } catch (error) {
    if (error instanceof ArchiveError) throw new OperatingError(error.message);
    throw startError(error, { port: 0, option: "--port" });
  } finally {
    await closers.close();
  }
}

type Command = "write" | "verify" | "trim";

function commandOf(positionals: readonly string[]): { readonly command: Command; readonly folder: string } {
  const [first, second, ...more] = positionals;
  const isNamed = first === "verify" || first === "trim";
  const folder = isNamed ? second : first;
  const left = isNamed ? more : positionals.slice(1);
  if (folder === undefined || left.length > 0)
    throw new UsageError(`expected DIR, 'verify DIR' or 'trim DIR'\n\n${ARCHIVE_USAGE}`);
  return { command: isNamed ? first : "write", folder };
}
