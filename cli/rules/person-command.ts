/** What the commands of `kadun rules` that ask as a person have in common: options, key, plain text or JSON. */

import { type ParseArgsConfig, parseArgs } from "node:util";
import { CONSOLE_OPTIONS, ConsoleClient, PERSON_HELP, PERSON_OPTIONS } from "../embedded/console-client.js";
import { ExitStatus, UsageError } from "../exit-status.js";

export interface Answered {
  /** For --json: one object. */
  readonly json: unknown;
  /** For people, a line each. */
  readonly text: readonly string[];
}

export interface PersonCommand {
  /** Such as `approve N`. */
  readonly synopsis: string;
  readonly about: string;
  /** How many words follow the name. */
  readonly words: { readonly min: number; readonly max: number };
  readonly options?: NonNullable<ParseArgsConfig["options"]>;
  readonly run: (client: ConsoleClient, words: readonly string[], values: Values) => Promise<Answered>;
}

/** Options of the command's own, as `parseArgs` gives them. */
export type Values = Readonly<Record<string, unknown>>;

export function personCommand(command: PersonCommand): (args: readonly string[]) => Promise<ExitStatus> {
  return async (args) => {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...command.options,
        ...PERSON_OPTIONS,
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
      throw new UsageError(`expected 'rules ${command.synopsis}'\n\n${usageOf(command)}`);
    const client = ConsoleClient.person(values);
    try {
      const { json, text } = await command.run(client, positionals, values);
      console.log(values.json === true ? JSON.stringify(json) : text.join("\n"));
      return ExitStatus.DONE;
    } finally {
      client.close();
    }
  };
}

function usageOf({ synopsis, about }: PersonCommand): string {
  const where = Object.keys(CONSOLE_OPTIONS).map((name) => `--${name} …`);
  return `kadun rules ${synopsis} [${where.join(" | ")}] [--person-key-file FILE] [--json]

${about}
${PERSON_HELP}
--json                   one JSON object
Exit status: 0 done, 1 failed or refused, 64 usage.`;
}

/** @throws UsageError. */
export function versionNumber(word: string | undefined): number {
  if (word !== undefined && /^[1-9]\d{0,8}$/.test(word)) return Number(word);
  throw new UsageError(
    `'${word ?? ""}': expected the number of a version; 'kadun rules versions' lists them`,
  );
}
