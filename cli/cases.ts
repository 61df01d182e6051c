/** `kadun cases COMMAND …`: finds the command among those of cli/cases/. */

import { ExitStatus, UsageError } from "./exit-status.js";

type Command = (args: readonly string[]) => Promise<ExitStatus>;

/** In the order in which a case takes them. */
const CASES_COMMANDS: Readonly<Record<string, { about: string; load: () => Promise<Command> }>> = {
  list: { about: "the cases, the latest first", load: async () => (await import("./cases/read.js")).list },
  show: {
    about: "a case with all that is known of it",
    load: async () => (await import("./cases/read.js")).show,
  },
  assign: {
    about: "takes a case, or gives it away",
    load: async () => (await import("./cases/change.js")).assign,
  },
  note: { about: "adds a note", load: async () => (await import("./cases/change.js")).note },
  strike: { about: "strikes a note out", load: async () => (await import("./cases/change.js")).strike },
  phoned: {
    about: "ends the task to phone the person",
    load: async () => (await import("./cases/change.js")).phoned,
  },
  move: { about: "moves a case on", load: async () => (await import("./cases/change.js")).move },
  propose: { about: "the same", load: async () => (await import("./cases/change.js")).propose },
  approve: {
    about: "the second pair of eyes",
    load: async () => (await import("./cases/change.js")).approve,
  },
  reject: {
    about: "a proposal is not followed",
    load: async () => (await import("./cases/change.js")).reject,
  },
};

export const CASES_USAGE = `kadun cases COMMAND …

What analysts do with cases, at a running office or console (docs/cases.md).
${Object.entries(CASES_COMMANDS)
  .map(([name, { about }]) => `${name.padEnd(10)} ${about}`)
  .join("\n")}
'kadun cases COMMAND --help' says more.`;

export async function cases(args: readonly string[]): Promise<ExitStatus> {
  const [name, ...rest] = args;
  if (name === "--help" || name === undefined) {
    console.log(CASES_USAGE);
    return name === undefined ? ExitStatus.USAGE : ExitStatus.DONE;
  }
  const command = Object.hasOwn(CASES_COMMANDS, name) ? CASES_COMMANDS[name] : undefined;
  if (command === undefined) throw new UsageError(`unknown command 'cases ${name}'\n\n${CASES_USAGE}`);
  return (await command.load())(rest);
}
