/** What commands of people at the console have in common: options, key, the version that was seen, plain text or JSON. */

import { type ParseArgsConfig, parseArgs } from "node:util";
import { ExitStatus, UsageError } from "../exit-status.js";
import { ConsoleClient, consoleAccess, PERSON_HELP, PERSON_OPTIONS } from "./console-client.js";

export interface Printed {
  /** For --json, an object a line. */
  readonly json: readonly unknown[];
  /** For people, a line each. */
  readonly text: readonly string[];
}

/** Options of the command's own, as `parseArgs` gives them. */
export type Values = Readonly<Record<string, unknown>>;

export interface DeskCommandLine {
  /** Such as `note CASE TEXT`. */
  readonly synopsis: string;
  readonly about: string;
  /** How many words follow the name. */
  readonly words: { readonly min: number; readonly max: number };
  readonly options?: NonNullable<ParseArgsConfig["options"]>;
  /** Is the key of the network `local` enough? */
  readonly reads?: boolean;
  readonly run: (client: ConsoleClient, words: readonly string[], values: Values) => Promise<Printed>;
}

/** Option of every change. */
export const SEEN_OPTION = { seen: { type: "string" } } as const;

/** Of what the commands are: `kadun cases`, about a case. */
export interface Desk {
  readonly command: string;
  readonly thing: string;
}

export function deskCommand(
  desk: Desk,
  command: DeskCommandLine,
): (args: readonly string[]) => Promise<ExitStatus> {
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
      console.log(usageOf(desk, command));
      return ExitStatus.DONE;
    }
    const { min, max } = command.words;
    if (positionals.length < min || positionals.length > max)
      throw new UsageError(`expected '${desk.command} ${command.synopsis}'\n\n${usageOf(desk, command)}`);
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

/** The version that `--seen` names, else null. @throws UsageError. */
export function seenVersion({ command }: Desk, { seen }: Values): number | null {
  if (seen === undefined) return null;
  const word = String(seen);
  if (/^\d{1,9}$/.test(word)) return Number(word);
  throw new UsageError(`--seen ${word}: expected the version that 'kadun ${command} show' printed`);
}

function usageOf({ command, thing }: Desk, { synopsis, about, options = {} }: DeskCommandLine): string {
  const seen = Object.hasOwn(options, "seen")
    ? `\n--seen N                 refuse where the ${thing} has changed since version N, which 'show' printed`
    : "";
  return `kadun ${command} ${synopsis} [--data DIR | --url URL] [--person-key-file FILE] [--json]

${about}
${PERSON_HELP}${seen}
--json                   one JSON object a line
Exit status: 0 done, 1 failed or refused, 64 usage.`;
}
