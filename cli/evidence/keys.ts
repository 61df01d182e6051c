/** `kadun evidence keys`: the public keys for whoever verifies, and new ones. */

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type PublishedKeys, publishedKeys } from "../../schemas/evidence/keys.js";
import {
  ConsoleClient,
  consoleAccess,
  type LocalGiven,
  type PersonGiven,
} from "../embedded/console-client.js";
import { OperatingError } from "../exit-status.js";

/** @returns the files written: all keys as JSON, of each key its two PEM files. */
export async function exportKeys(
  given: PersonGiven & LocalGiven,
  folder: string,
): Promise<readonly string[]> {
  const published = await asked(given, (client) => client.get("/v1/evidence/keys", publishedKeys));
  const files = new Map([["public-keys.json", `${JSON.stringify(published, null, 2)}\n`]]);
  for (const { keyId, ed25519, sm2 } of published.keys) {
    files.set(`${keyId}.ed25519.pem`, ed25519);
    files.set(`${keyId}.sm2.pem`, sm2);
  }
  try {
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of files) writeFileSync(join(folder, name), text);
  } catch (error) {
    throw new OperatingError(
      `${folder}: cannot be written (${(error as NodeJS.ErrnoException).code}); name another folder`,
    );
  }
  return [...files.keys()].map((name) => join(folder, name));
}

/** As whoever runs the machine. @returns the new key's id. */
export async function rotateKeys(given: LocalGiven): Promise<string> {
  const client = ConsoleClient.local(given);
  try {
    const { keys } = await client.post("/v1/evidence/keys/rotate", {}, publishedKeys);
    return keys.at(-1)!.keyId;
  } finally {
    client.close();
  }
}

async function asked(
  given: PersonGiven & LocalGiven,
  ask: (client: ConsoleClient) => Promise<PublishedKeys>,
): Promise<PublishedKeys> {
  const client = ConsoleClient.by(consoleAccess(given));
  try {
    return await ask(client);
  } finally {
    client.close();
  }
}
