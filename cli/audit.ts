/** `kadun audit list|verify|export`: the audit log of cases, appeals and messages. */

import { parseArgs } from "node:util";
import { exportCheckpoints } from "./audit/export.js";
import { eachLine } from "./audit/lines.js";
import { verifyAudit } from "./audit/verify.js";
import {
  ConsoleClient,
  consoleAccess,
  type LocalGiven,
  PERSON_HELP,
  PERSON_OPTIONS,
  type PersonGiven,
} from "./embedded/console-client.js";
import { ExitStatus, UsageError } from "./exit-status.js";

export const AUDIT_USAGE = `kadun audit list [--after N]
kadun audit verify [--keys FILE] [--checkpoints FILE] [--json]
kadun audit export FILE

list                 the entries in order, one JSON object a line, as they are hashed; behind entry N with --after
verify               is every entry what it was? Checks the chain from its first entry on and the signatures of all
                     checkpoints, and names the first entry that is broken
export FILE          writes the signed checkpoints, to be kept or published elsewhere
--keys FILE          public-keys.json of 'kadun evidence keys export', kept elsewhere; without it the keys that the
                     running Kadun names are believed
--checkpoints FILE   of 'export', kept elsewhere: tells also when entries were cut off at the end
${PERSON_HELP}
--key-file FILE          with --url: the file with the commands' API key (KADUN_LOCAL_KEY_FILE)
Exit status: 0 whole, 1 broken or failed, 64 usage.`;

export async function audit(args: readonly string[]): Promise<ExitStatus> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      ...PERSON_OPTIONS,
      "key-file": { type: "string" },
      after: { type: "string" },
      keys: { type: "string" },
      checkpoints: { type: "string" },
      json: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (values.help === true) {
    console.log(AUDIT_USAGE);
    return ExitStatus.DONE;
  }
  const [action, file, ...others] = positionals;
  if (others.length > 0 || (action === "export") !== (file !== undefined)) throw usage();
  switch (action) {
    case "list":
      return withClient(values, async (client) => {
        await eachLine(client, afterOf(values.after), (line) => console.log(line));
        return ExitStatus.DONE;
      });
    case "verify":
      return withClient(values, (client) => verifyAudit(client, values));
    case "export":
      return withClient(values, (client) => exportCheckpoints(client, file!));
    default:
      throw usage();
  }
}

async function withClient(
  given: PersonGiven & LocalGiven,
  run: (client: ConsoleClient) => Promise<ExitStatus>,
): Promise<ExitStatus> {
  const client = ConsoleClient.by(consoleAccess(given));
  try {
    return await run(client);
  } finally {
    client.close();
  }
}

function afterOf(word: string | undefined): number {
  if (word === undefined) return 0;
  if (/^\d{1,9}$/.test(word)) return Number(word);
  throw new UsageError(`--after ${word}: expected the number of an entry`);
}

function usage(): UsageError {
  return new UsageError(`expected list, verify or export FILE\n\n${AUDIT_USAGE}`);
}
