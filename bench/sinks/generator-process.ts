/**
 * Appends the loads of a run to the journal, in a process of its own: `fork`ed with what it needs as JSON, it is told of
 * each load (load.ts). Who will be told something by SMS has a contact before the load begins.
 */

import { openPostgresDatabase } from "../../platform/database/postgres/postgres-database.js";
import { openDatabaseKeyValue } from "../../platform/key-value/database/database-key-value.js";
import { openKeyFile } from "../../platform/lifecycle/key-file.js";
import { SealedBox } from "../../platform/sealed-box/sealed-box.js";
import { Topic } from "../../schemas/topics.js";
import { ContactVault } from "../../services/ingest/contact-vault.js";
import { serveGenerator } from "../end-to-end/serve-generator.js";
import { JournalStream, type JournalStreamOptions, type JournalSwipe } from "./journal-stream.js";

export interface GeneratorOrder extends JournalStreamOptions {
  readonly brokers: string;
  readonly postgresUrl: string;
  readonly vaultKeyFile: string;
}

const CONTACT = { phone: "15400000000", name: "欧阳璟雯", idNumberLast4: "0000" };

const order: GeneratorOrder = JSON.parse(process.argv[2] ?? "");
const database = await openPostgresDatabase({ url: order.postgresUrl });
const register = openDatabaseKeyValue({ database, namespace: "contacts" });
const box = new SealedBox({ id: "vault-1", key: openKeyFile(order.vaultKeyFile, { mayMake: false }) });
const vault = new ContactVault(register, box);
const stream = new JournalStream(order);
const known = new Set<string>();

async function putContacts(swipes: readonly JournalSwipe[]): Promise<void> {
  const told = swipes.filter(({ isTold, key }) => isTold && !known.has(key));
  for (const { key } of told) known.add(key);
  await Promise.all(told.map(({ key }) => vault.put(key, CONTACT)));
}

await serveGenerator({
  brokers: order.brokers,
  topic: Topic.JOURNAL,
  messages: async ({ number }, dueMs) => {
    const swipes = Array.from(dueMs, (ms) => stream.next(number, ms));
    await putContacts(swipes);
    return swipes;
  },
});
