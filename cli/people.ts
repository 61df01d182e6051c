/** `kadun people add|list|revoke`: who may change rules. */

import { parseArgs } from "node:util";
import { peopleAnswer, peopleList } from "../schemas/http/rules-people.js";
import { CONSOLE_HELP, CONSOLE_OPTIONS, ConsoleClient } from "./embedded/console-client.js";
import { ExitStatus, UsageError } from "./exit-status.js";

export const PEOPLE_USAGE = `kadun people list|add NAME|revoke NAME [--data DIR | --url URL --key-file FILE] [--json]

add NAME     a person; the key is printed once and cannot be read again. A name is 1 to 32 letters or digits, '.', '_'
             or '-' between them; upper and lower case are one name. A revoked person gets a new key under the old name
list         everybody, those who were revoked too
revoke NAME  ends the person's key at once; approvals given before do not count any more
${CONSOLE_HELP}
--key-file FILE          with --url: the file with the commands' API key (KADUN_LOCAL_KEY_FILE)
Whoever may use the machine's own key can add people: keep it from those whose changes two people shall look at.
Exit status: 0 done, 1 failed or refused, 64 usage.`;

export async function people(args: readonly string[]): Promise<ExitStatus> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      ...CONSOLE_OPTIONS,
      "key-file": { type: "string" },
      json: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (values.help === true) {
    console.log(PEOPLE_USAGE);
    return ExitStatus.DONE;
  }
  const [action, name] = positionals;
  const isList = action === "list" && positionals.length === 1;
  const isChange = (action === "add" || action === "revoke") && positionals.length === 2;
  if (!isList && !isChange) throw new UsageError(`expected list, add NAME or revoke NAME\n\n${PEOPLE_USAGE}`);
  const client = ConsoleClient.local(values);
  try {
    if (isList) await list(client, values.json === true);
    else await change(client, { action, name }, values.json === true);
    return ExitStatus.DONE;
  } finally {
    client.close();
  }
}

async function list(client: ConsoleClient, asJson: boolean): Promise<void> {
  const { people: known } = await client.get("/v1/people", peopleList);
  for (const person of known) {
    const { name, addedAt, revokedAt } = person;
    const revoked = revokedAt === null ? "" : `, revoked ${revokedAt}`;
    console.log(asJson ? JSON.stringify(person) : `${name}  added ${addedAt}${revoked}`);
  }
}

async function change(
  client: ConsoleClient,
  asked: { action: string | undefined; name: string | undefined },
  asJson: boolean,
): Promise<void> {
  const answer = await client.post("/v1/people", asked, peopleAnswer);
  console.log(asJson ? JSON.stringify(answer) : (answer.key ?? "revoked"));
}
