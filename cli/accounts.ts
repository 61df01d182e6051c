/** `kadun accounts list|add|link|disable|enable`: who may sign in at the console. */

import { parseArgs } from "node:util";
import { ROLE_MEANINGS } from "../schemas/console/access.js";
import {
  type AccountAnswer,
  account,
  accountList,
  newAccountAnswer,
  type OneTimeLink,
  oneTimeLink,
} from "../schemas/http/console-access.js";
import { CONSOLE_ACCESS_ROUTES as ROUTES } from "../schemas/http/console-access-routes.js";
import { CONSOLE_HELP, CONSOLE_OPTIONS, ConsoleClient } from "./embedded/console-client.js";
import { ExitStatus, OperatingError, UsageError } from "./exit-status.js";
import { welcomeAddress } from "./process/access-process.js";

export const ACCOUNTS_USAGE = `kadun accounts list|add NAME|link NAME|disable NAME|enable NAME [--roles A,B] [--scope CODE,CODE]
               [--subject ID] [--origin URL] [--data DIR | --url URL --key-file FILE] [--json]

add NAME       an account; prints the one-time link by which its owner chooses a password. A name that has a key is the
               same person, and the key gets the account's roles
link NAME      another one-time link; the one before ends, and so does the waiting after wrong passwords
disable NAME   ends its sessions, its link and its key's rights at once; enable NAME gives them back
list           all accounts
--roles A,B    of add: ${Object.keys(ROLE_MEANINGS).join(", ")}; what each may do: docs/console.md
--scope A,B    of add: division codes of 2, 4 or 6 digits, each with everything below it (the nation where absent)
--subject ID   of add: who this is at the identity provider
--origin URL   how browsers name the console, for the link that is printed (KADUN_CONSOLE_ORIGIN, else its own address)
${CONSOLE_HELP}
--key-file FILE          with --url: the file with the commands' API key (KADUN_LOCAL_KEY_FILE)
Exit status: 0 done, 1 failed or refused, 64 usage.`;

const ACTIONS = ["add", "link", "disable", "enable"] as const;
type Action = (typeof ACTIONS)[number];

interface Given {
  readonly roles?: string | undefined;
  readonly scope?: string | undefined;
  readonly subject?: string | undefined;
  readonly origin?: string | undefined;
  readonly json?: boolean | undefined;
}

export async function accounts(args: readonly string[]): Promise<ExitStatus> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      ...CONSOLE_OPTIONS,
      "key-file": { type: "string" },
      roles: { type: "string" },
      scope: { type: "string" },
      subject: { type: "string" },
      origin: { type: "string" },
      json: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (values.help === true) {
    console.log(ACCOUNTS_USAGE);
    return ExitStatus.DONE;
  }
  const [word, name, ...more] = positionals;
  const action = ACTIONS.find((one) => one === word);
  const isList = word === "list" && name === undefined;
  if (!isList && (action === undefined || name === undefined || more.length > 0))
    throw new UsageError(
      `expected list, add NAME, link NAME, disable NAME or enable NAME\n\n${ACCOUNTS_USAGE}`,
    );
  if (action === "add" && values.roles === undefined)
    throw new UsageError(`--roles: expected one or more of ${Object.keys(ROLE_MEANINGS).join(", ")}`);
  const client = ConsoleClient.local(values);
  try {
    if (isList) await list(client, values.json === true);
    else await run(client, action!, name!, values);
    return ExitStatus.DONE;
  } finally {
    client.close();
  }
}

async function list(client: ConsoleClient, asJson: boolean): Promise<void> {
  const { accounts: all } = await client.get(ROUTES.accounts.path, accountList);
  for (const one of all) console.log(asJson ? JSON.stringify(one) : lineOf(one));
}

function lineOf({
  name,
  roles,
  scope,
  isDisabled,
  hasPassword,
  lockedUntil,
  sessions,
}: AccountAnswer): string {
  return [
    name,
    roles.join(","),
    scope.map((code) => code || "(nation)").join(",") || "(no region)",
    `${sessions} sessions`,
    ...(isDisabled ? ["disabled"] : []),
    ...(hasPassword ? [] : ["no password"]),
    ...(lockedUntil === null ? [] : [`waits until ${lockedUntil}`]),
  ].join("  ");
}

async function run(client: ConsoleClient, action: Action, name: string, given: Given): Promise<void> {
  const path = `${ROUTES.accounts.path}/${encodeURIComponent(name)}`;
  switch (action) {
    case "add": {
      const body = {
        name,
        roles: wordsIn(given.roles ?? ""),
        scope: given.scope === undefined ? [""] : wordsIn(given.scope),
        oidcSubject: given.subject ?? null,
      };
      const made = await client.post(ROUTES.addAccount.path, body, newAccountAnswer);
      return printLink(client, made.link, given);
    }
    case "link":
      return printLink(client, await client.post(`${path}/link`, {}, oneTimeLink), given);
    case "disable":
    case "enable": {
      const changed = await setDisabled(client, name, { path, isDisabled: action === "disable" });
      console.log(given.json === true ? JSON.stringify(changed) : lineOf(changed));
    }
  }
}

async function setDisabled(
  client: ConsoleClient,
  name: string,
  { path, isDisabled }: { readonly path: string; readonly isDisabled: boolean },
): Promise<AccountAnswer> {
  const { accounts: all } = await client.get(ROUTES.accounts.path, accountList);
  const found = all.find((one) => one.name.toLowerCase() === name.toLowerCase());
  if (found === undefined) throw new OperatingError(`no account '${name}'; 'kadun accounts list' shows all`);
  const { version, roles, scope, oidcSubject } = found;
  const body = JSON.stringify({ version, roles, scope, oidcSubject, isDisabled });
  return client.ask({ method: "PUT", path, body }, account);
}

function printLink(client: ConsoleClient, link: OneTimeLink, { origin, json }: Given): void {
  const address = welcomeAddress(origin || process.env.KADUN_CONSOLE_ORIGIN || client.url, link);
  console.log(
    json === true
      ? JSON.stringify({ address, expiresAt: link.expiresAt })
      : `${address}\nuntil ${link.expiresAt}, once`,
  );
}

function wordsIn(text: string): string[] {
  return text.split(",").flatMap((word) => (word.trim() === "" ? [] : [word.trim()]));
}
