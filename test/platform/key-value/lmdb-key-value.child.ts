/** A process that puts entries into an LMDB key-value store until it is killed; the argument is its directory. */

import { openLmdbKeyValue } from "../../../platform/key-value/lmdb/lmdb-key-value.js";

const store = await openLmdbKeyValue({ path: JSON.parse(process.argv[2]!) });
for (let number = 0; number <= 1_000_000; number++) {
  await store.put(`entry-${number}`, Buffer.from(String(number)));
  process.send?.({ type: "put", number });
}
process.disconnect?.();
