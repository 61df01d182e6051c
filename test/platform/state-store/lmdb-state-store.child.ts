/** A process that writes to an LMDB state store: arguments are the store's directory and the order, as JSON. */

import { openLmdbStateStore } from "../../../platform/state-store/lmdb/lmdb-state-store.js";
import { writeCheckpoints } from "../../contract/state-writing.js";

const [path, order] = process.argv.slice(2).map((argument) => JSON.parse(argument));
await writeCheckpoints(await openLmdbStateStore({ path, partitions: 3 }), order);
process.disconnect?.();
