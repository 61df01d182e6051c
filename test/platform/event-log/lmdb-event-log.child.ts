/** A process that writes to an LMDB event log: arguments are the log's directory and the order, as JSON. */

import { systemClock } from "../../../platform/clock/system-clock.js";
import { openLmdbEventLog } from "../../../platform/event-log/lmdb/lmdb-event-log.js";
import { writeNumbered } from "../../contract/write-numbered.js";
import { contractTopics } from "./contract-topics.js";

const [path, order] = process.argv.slice(2).map((argument) => JSON.parse(argument));
const log = await openLmdbEventLog({ path, topics: contractTopics, clock: systemClock });
await writeNumbered(log, order);
process.disconnect?.();
