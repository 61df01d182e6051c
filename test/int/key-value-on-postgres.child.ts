/** A process that puts entries into a store on PostgreSQL until it is killed; arguments: URL, namespace. */

import { openPostgresDatabase } from "../../platform/database/postgres/postgres-database.js";
import { openDatabaseKeyValue } from "../../platform/key-value/database/database-key-value.js";

const [url, namespace] = process.argv.slice(2).map((argument) => String(JSON.parse(argument)));
const database = await openPostgresDatabase({ url: url! });
const store = openDatabaseKeyValue({ database, namespace: namespace! });
for (let number = 0; number <= 1_000_000; number++) {
  await store.put(`entry-${number}`, Buffer.from(String(number)));
  process.send?.({ type: "put", number });
}
process.disconnect?.();
