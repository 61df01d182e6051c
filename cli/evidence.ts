/** `kadun evidence`: packages made, verified; unmasking by two; keys. */

import { parseArgs } from "node:util";
import { PERSON_HELP } from "./embedded/console-client.js";
import { exportPackage } from "./evidence/export.js";
import { exportKeys, rotateKeys } from "./evidence/keys.js";
import { writePage } from "./evidence/page.js";
import { approve, request, requests, requestText } from "./evidence/unmasking.js";
import { verifyFile } from "./evidence/verify.js";
import { ExitStatus, UsageError } from "./exit-status.js";

export const EVIDENCE_USAGE = `kadun evidence export --case ID [--unmasked REQUEST] [--since DAY] [--out FILE] [--json]
kadun evidence verify FILE [--keys FILE] [--authority FILE] [--replay] [--json]
kadun evidence request --case ID --reason TEXT        kadun evidence approve REQUEST
kadun evidence requests [--case ID] [--json]
kadun evidence keys export --out DIR                  kadun evidence keys rotate
kadun evidence page --out FILE

export      the package of a case ('kadun alerts cases' shows them), as kadun-evidence-CASE.zip; masked unless an approved
            request is named. The same case with the same records gives the same bytes. It begins with the journal's first record,
            or, with --since 2026-03-01, at the last archived checkpoint before that day
verify      needs nothing but the file: structure, hashes, signatures, custody, completeness; --keys names the public keys as
            the office published them, --authority the certificates (PEM) of a time-stamp authority's CA, --replay judges
            everything again. One line a check; status 1 where one fails
request     asks for a package that shows the holder unmasked; approve: another person agrees. Both stand in its custody log
keys        the public keys for those who verify (a JSON file and PEM files for openssl); rotate: new ones from here on
page        a page that checks hashes and the Ed25519 signature in a browser, without a network
${PERSON_HELP}
--key-file FILE          with --url: the file with the commands' API key (KADUN_LOCAL_KEY_FILE), instead of a person's
Exit status: 0 done, 1 failed or refused, 64 usage.`;

const OPTIONS = {
  case: { type: "string" },
  unmasked: { type: "string" },
  since: { type: "string" },
  out: { type: "string" },
  keys: { type: "string" },
  authority: { type: "string" },
  replay: { type: "boolean" },
  reason: { type: "string" },
  data: { type: "string" },
  url: { type: "string" },
  "person-key-file": { type: "string" },
  "key-file": { type: "string" },
  json: { type: "boolean" },
  help: { type: "boolean" },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS; allowPositionals: true }>>["values"];
type Command = (values: Values, names: readonly string[]) => Promise<ExitStatus>;

export async function evidence(args: readonly string[]): Promise<ExitStatus> {
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS });
  if (values.help === true) {
    console.log(EVIDENCE_USAGE);
    return ExitStatus.DONE;
  }
  const [first = "", second = "", ...rest] = positionals;
  const two = COMMANDS[`${first} ${second}`];
  if (two !== undefined) return two(values, rest);
  const one = COMMANDS[first];
  if (one !== undefined) return one(values, positionals.slice(1));
  throw new UsageError(
    `expected export, verify, request, approve, requests, keys or page\n\n${EVIDENCE_USAGE}`,
  );
}

const COMMANDS: Readonly<Record<string, Command>> = {
  export: async (values, names) => {
    none(names);
    const made = await exportPackage({ ...values, case: needed(values.case, "--case ID") });
    if (values.json === true) console.log(JSON.stringify(made));
    else
      console.log(
        `${made.path}: ${made.bytes} bytes, ${made.records} records, SHA-256 ${made.sha256}\ncheck it: kadun evidence verify ${made.path} --replay`,
      );
    return ExitStatus.DONE;
  },
  verify: async (values, names) => {
    const { keys = null, authority = null, replay = false, json = false } = values;
    return verifyFile(one(names, "FILE"), { keysFile: keys, authorityFile: authority, replay, json });
  },
  request: async (values, names) => {
    none(names);
    const asked = {
      caseId: needed(values.case, "--case ID"),
      reason: needed(values.reason, "--reason TEXT"),
    };
    const made = await request(values, asked);
    console.log(values.json === true ? JSON.stringify(made) : requestText(made));
    return ExitStatus.DONE;
  },
  approve: async (values, names) => {
    const approved = await approve(values, one(names, "REQUEST"));
    console.log(values.json === true ? JSON.stringify(approved) : requestText(approved));
    return ExitStatus.DONE;
  },
  requests: async (values, names) => {
    none(names);
    for (const each of await requests(values, values.case))
      console.log(values.json === true ? JSON.stringify(each) : requestText(each));
    return ExitStatus.DONE;
  },
  "keys export": async (values, names) => {
    none(names);
    for (const path of await exportKeys(values, needed(values.out, "--out DIR"))) console.log(path);
    return ExitStatus.DONE;
  },
  "keys rotate": async (values, names) => {
    none(names);
    console.log(await rotateKeys(values));
    return ExitStatus.DONE;
  },
  page: async (values, names) => {
    none(names);
    writePage(needed(values.out, "--out FILE"));
    return ExitStatus.DONE;
  },
};

function needed(value: string | undefined, name: string): string {
  if (value !== undefined && value !== "") return value;
  throw new UsageError(`${name} is needed\n\n${EVIDENCE_USAGE}`);
}

function one(names: readonly string[], what: string): string {
  if (names.length === 1) return names[0]!;
  throw new UsageError(`expected one ${what}, found ${names.length}\n\n${EVIDENCE_USAGE}`);
}

function none(names: readonly string[]): void {
  if (names.length > 0) throw new UsageError(`'${names[0]}' was not expected\n\n${EVIDENCE_USAGE}`);
}
