/** `kadun decoys add|remove|count`: cards that nobody should swipe (patrol R24). */

import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { KeyFileError, openKeyFile } from "../platform/lifecycle/key-file.js";
import { Tokeniser } from "../services/ingest/tokens.js";
import { dataDirectoryOf } from "./embedded/data-option.js";
import { pathsOf } from "./embedded/paths.js";
import { ExitStatus, OperatingError, UsageError } from "./exit-status.js";
import { DECOYS_MAX, readDecoys, writeDecoys } from "./process/decoys-file.js";

export const DECOYS_USAGE = `kadun decoys add|remove|count [--data DIR | --file FILE --linkage-key-file FILE]

add      reads card numbers from standard input, one a line, and adds their keys to the list of decoy cards
remove   takes them off the list
count    says how many there are
Numbers are never stored, and never given as arguments: those stand in histories. A running Kadun sees the change in its
next round of patrols; swipes of before are not looked at again.
--data DIR               of an embedded Kadun (KADUN_DATA, else kadun-data)
--file FILE              of a distributed one: KADUN_DECOYS_FILE of the alerts processes
--linkage-key-file FILE  with --file: the key that makes tokens (KADUN_LINKAGE_KEY_FILE)
Exit status: 0 done, 1 failed, 64 usage.`;

export async function decoys(args: readonly string[]): Promise<ExitStatus> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      data: { type: "string" },
      file: { type: "string" },
      "linkage-key-file": { type: "string" },
      help: { type: "boolean" },
    },
  });
  if (values.help === true) {
    console.log(DECOYS_USAGE);
    return ExitStatus.DONE;
  }
  const [action, ...more] = positionals;
  if ((action !== "add" && action !== "remove" && action !== "count") || more.length > 0)
    throw new UsageError(`expected add, remove or count, and no card numbers\n\n${DECOYS_USAGE}`);
  const { list, linkageKey } = filesOf(values.data, values.file, values["linkage-key-file"]);
  const before = readDecoys(list);
  const after = action === "count" ? before : changed(action, before, await givenKeys(linkageKey));
  if (action !== "count") {
    mkdirSync(dirname(list), { recursive: true, mode: 0o700 });
    writeDecoys(list, after);
  }
  console.log(`${after.length} decoy cards`);
  return ExitStatus.DONE;
}

function filesOf(data: string | undefined, file: string | undefined, keyFile: string | undefined) {
  if (file === undefined) {
    const paths = pathsOf(dataDirectoryOf(data));
    return { list: paths.decoys, linkageKey: paths.linkageKey };
  }
  const linkageKey = keyFile ?? process.env.KADUN_LINKAGE_KEY_FILE ?? "";
  if (data !== undefined || linkageKey === "")
    throw new UsageError("--file goes with --linkage-key-file (KADUN_LINKAGE_KEY_FILE), not with --data");
  return { list: file, linkageKey };
}

/** Another key would make keys of cards that no swipe ever has: none is made here. */
function linkageKeyOf(path: string): Buffer {
  try {
    return openKeyFile(path, { mayMake: false });
  } catch (error) {
    if (!(error instanceof KeyFileError)) throw error;
    if (error.code !== "MISSING") throw new OperatingError(error.message);
    throw new OperatingError(
      `${path}: no linkage key is there; name the directory or key file of a Kadun that has been started (--data, or --file with --linkage-key-file)`,
    );
  }
}

async function givenKeys(linkageKeyFile: string): Promise<readonly string[]> {
  const tokens = new Tokeniser(linkageKeyOf(linkageKeyFile));
  const numbers = (await text(process.stdin)).split("\n").map((line) => line.trim());
  const keys = numbers.filter((number) => number !== "").map((number) => tokens.token(number));
  if (keys.length === 0)
    throw new UsageError("standard input: no card number; expected one a line, as terminals send them");
  return keys;
}

function changed(action: "add" | "remove", before: readonly string[], given: readonly string[]) {
  const after =
    action === "add" ? [...new Set([...before, ...given])] : before.filter((key) => !given.includes(key));
  if (after.length > DECOYS_MAX)
    throw new UsageError(`${after.length} decoy cards; at most ${DECOYS_MAX} are looked for`);
  return after;
}
