/** What the commands of `kadun appeals` have in common: options, key, plain text or JSON. */

import { type ParseArgsConfig, parseArgs } from "node:util";
import { appealDetail } from "../../schemas/http/appeals.js";
import { ConsoleClient, consoleAccess, PERSON_HELP, PERSON_OPTIONS } from "../embedded/console-client.js";
import { ExitStatus, UsageError } from "../exit-status.js";
import { appealLines } from "./print.js";

export interface Printed {
  /** For --json, an object a line. */
  readonly json: readonly unknown[];
  /** For people, a line each. */
  readonly text: readonly string[];
}

export interface AppealCommandLine {
  /** Such as `accept APPEAL`. */
  readonly synopsis: string;
  readonly about: string;
  /** How many words follow the name. */
  readonly words: { readonly min: number; readonly max: number };
  readonly options?: NonNullable<ParseArgsConfig["options"]>;
  /** Is the key of the network `local` enough? */
  readonly reads?: boolean;
  readonly run: (client: ConsoleClient, words: readonly string[], values: Values) => Promise<Printed>;
}

/** Options of the command's own, as `parseArgs` gives them. */
export type Values = Readonly<Record<string, unknown>>;

export function appealCommand(command: AppealCommandLine): (args: readonly string[]) => Promise<ExitStatus> {
  return async (args) => {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...command.options,
        ...PERSON_OPTIONS,
        "key-file": { type: "string" },
        json: { type: "boolean" },
        help: { type: "boolean" },
      },
    });
    if (values.help === true) {
      console.log(usageOf(command));
      return ExitStatus.DONE;
    }
    const { min, max } = command.words;
    if (positionals.length < min || positionals.length > max)
      throw new UsageError(`expected 'appeals ${command.synopsis}'\n\n${usageOf(command)}`);
    const client =
      command.reads === true ? ConsoleClient.by(consoleAccess(values)) : ConsoleClient.person(values);
    try {
      const { json, text } = await command.run(client, positionals, values);
      for (const line of values.json === true ? json.map((one) => JSON.stringify(one)) : text)
        console.log(line);
      return ExitStatus.DONE;
    } finally {
      client.close();
    }
  };
}

/** Option of every change. */
export const SEEN_OPTION = { seen: { type: "string" } } as const;

/** On the version that `--seen` names, else on the one that there is. @returns the appeal as it is then. */
export async function changeAppeal(
  client: ConsoleClient,
  { appealId, address, body }: { readonly appealId: string; readonly address: string; readonly body: object },
  { seen }: Values,
): Promise<Printed> {
  const path = appealPath(appealId);
  const version =
    seen === undefined ? (await client.get(path, appealDetail)).version : versionOf(String(seen));
  const detail = await client.post(`${path}/${address}`, { version, ...body }, appealDetail);
  return { json: [detail], text: appealLines(detail) };
}

export function appealPath(appealId: string): string {
  return `/v1/appeals/${encodeURIComponent(appealId)}`;
}

function versionOf(word: string): number {
  if (/^\d{1,9}$/.test(word)) return Number(word);
  throw new UsageError(`--seen ${word}: expected the version that 'kadun appeals show' printed`);
}

function usageOf({ synopsis, about, options = {} }: AppealCommandLine): string {
  const seen = Object.hasOwn(options, "seen")
    ? "\n--seen N                 refuse where the appeal has changed since version N, which 'show' printed"
    : "";
  return `kadun appeals ${synopsis} [--data DIR | --url URL] [--person-key-file FILE] [--json]

${about}
${PERSON_HELP}${seen}
--json                   one JSON object a line
Exit status: 0 done, 1 failed or refused, 64 usage.`;
}
