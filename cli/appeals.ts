/** `kadun appeals COMMAND …`: finds the command among those of cli/appeals/. */

import { ExitStatus, UsageError } from "./exit-status.js";

type Command = (args: readonly string[]) => Promise<ExitStatus>;

const read = () => import("./appeals/read.js");
const change = () => import("./appeals/change.js");

/** In the order in which an appeal takes them. */
const APPEALS_COMMANDS: Readonly<Record<string, { about: string; load: () => Promise<Command> }>> = {
  list: { about: "appeals that were submitted", load: async () => (await read()).list },
  show: { about: "an appeal with its facts and deadlines", load: async () => (await read()).show },
  accept: { about: "accepts it (受理)", load: async () => (await change()).accept },
  return: { about: "asks the holder for more (补正)", load: async () => (await change()).giveBack },
  resume: { about: "goes on without what was asked for", load: async () => (await change()).resume },
  review: { about: "first, then second review (初审, 复审)", load: async () => (await change()).review },
  investigate: { about: "writes down findings (调查)", load: async () => (await change()).investigate },
  decide: { about: "decides, or proposes a decision", load: async () => (await change()).decide },
  confirm: { about: "confirms what another proposed", load: async () => (await change()).confirm },
  drop: { about: "does not follow what was proposed", load: async () => (await change()).drop },
  reconsider: { about: "decides anew (复议)", load: async () => (await change()).reconsider },
  papers: { about: "writes papers and documents to files", load: async () => (await read()).papers },
  reversals: { about: "settlements to be taken back (2601)", load: async () => (await read()).reversals },
  national: { about: "an appeal by 3701 to 3704", load: async () => (await read()).national },
};

export const APPEALS_USAGE = `kadun appeals COMMAND …

What the office does with appeals, at a running office or console (docs/appeals.md).
${Object.entries(APPEALS_COMMANDS)
  .map(([name, { about }]) => `${name.padEnd(12)} ${about}`)
  .join("\n")}
'kadun appeals COMMAND --help' says more.`;

export async function appeals(args: readonly string[]): Promise<ExitStatus> {
  const [name, ...rest] = args;
  if (name === "--help" || name === undefined) {
    console.log(APPEALS_USAGE);
    return name === undefined ? ExitStatus.USAGE : ExitStatus.DONE;
  }
  const command = Object.hasOwn(APPEALS_COMMANDS, name) ? APPEALS_COMMANDS[name] : undefined;
  if (command === undefined) throw new UsageError(`unknown command 'appeals ${name}'\n\n${APPEALS_USAGE}`);
  return (await command.load())(rest);
}
