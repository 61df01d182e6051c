/** `kadun networks add|list|revoke`: who may call the gateway. */

import { parseArgs } from "node:util";
import { LocalClient, RUNNING_HELP, RUNNING_OPTIONS } from "./embedded/local-client.js";
import { ExitStatus, UsageError } from "./exit-status.js";

export const NETWORKS_USAGE = `kadun networks list|add NAME|revoke NAME [--data DIR | --url URL --key-file FILE]

list         the settlement networks that may call the gateway of a running Kadun
add NAME     a network, or one more key of a known one; its API key is printed once and cannot be read again
revoke NAME  ends all keys of a network at once
${RUNNING_HELP}
Exit status: 0 done, 1 failed, 64 usage.`;

export async function networks(args: readonly string[]): Promise<ExitStatus> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { ...RUNNING_OPTIONS, help: { type: "boolean" } },
  });
  if (values.help === true) {
    console.log(NETWORKS_USAGE);
    return ExitStatus.DONE;
  }
  const [action, name] = positionals;
  const isList = action === "list" && positionals.length === 1;
  const isChange = (action === "add" || action === "revoke") && positionals.length === 2;
  if (!isList && !isChange)
    throw new UsageError(`expected list, add NAME or revoke NAME\n\n${NETWORKS_USAGE}`);
  const client = LocalClient.gateway(values);
  try {
    if (isList) await list(client);
    else await change(client, { action, name });
    return ExitStatus.DONE;
  } finally {
    client.close();
  }
}

async function list(client: LocalClient): Promise<void> {
  const answer = (await client.json({ method: "GET", path: "/local/networks" })) as { networks: object[] };
  for (const network of answer.networks) console.log(JSON.stringify(network));
}

async function change(client: LocalClient, body: object): Promise<void> {
  const answer = await client.json({ method: "POST", path: "/local/networks", body: JSON.stringify(body) });
  const { key } = answer as { key?: string };
  console.log(key ?? "revoked");
}
