/** `kadun dead-letters list|redrive`: what was refused and waits for a correction. */

import { parseArgs } from "node:util";
import { LocalClient, RUNNING_HELP, RUNNING_OPTIONS } from "./embedded/local-client.js";
import { ExitStatus, UsageError } from "./exit-status.js";

export const DEAD_LETTERS_USAGE = `kadun dead-letters list|redrive [--data DIR | --url URL --key-file FILE]

list       the refused records of a running Kadun: place, source, reason; never their content
redrive    accepts them again after what refused them was corrected; what is refused still stays
${RUNNING_HELP}
Exit status: 0 done, 1 failed, 2 some are refused still, 64 usage.`;

export async function deadLetters(args: readonly string[]): Promise<ExitStatus> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { ...RUNNING_OPTIONS, help: { type: "boolean" } },
  });
  if (values.help === true) {
    console.log(DEAD_LETTERS_USAGE);
    return ExitStatus.DONE;
  }
  const [action] = positionals;
  if (positionals.length !== 1 || (action !== "list" && action !== "redrive"))
    throw new UsageError(`expected list or redrive\n\n${DEAD_LETTERS_USAGE}`);
  const client = LocalClient.gateway(values);
  try {
    return action === "list" ? await list(client) : await redrive(client);
  } finally {
    client.close();
  }
}

async function list(client: LocalClient): Promise<ExitStatus> {
  const answer = (await client.json({ method: "GET", path: "/local/dead-letters" })) as { letters: object[] };
  for (const letter of answer.letters) console.log(JSON.stringify(letter));
  return ExitStatus.DONE;
}

async function redrive(client: LocalClient): Promise<ExitStatus> {
  const answer = await client.json({ method: "POST", path: "/local/dead-letters/redrive", body: "{}" });
  console.log(JSON.stringify(answer));
  const { stillRefused } = answer as { stillRefused: readonly unknown[] };
  return stillRefused.length > 0 ? ExitStatus.REFUSED_INPUT : ExitStatus.DONE;
}
