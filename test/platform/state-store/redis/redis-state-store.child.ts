/** A process that writes to a Redis state store: arguments are its URL, the key prefix and the order, as JSON. */

import { openRedisStateStore } from "../../../../platform/state-store/redis/redis-state-store.js";
import { writeCheckpoints } from "../../../contract/state-writing.js";

const [url, keyPrefix, order] = process.argv.slice(2).map((argument) => JSON.parse(argument));
await writeCheckpoints(await openRedisStateStore({ url, keyPrefix }), order);
process.disconnect?.();
