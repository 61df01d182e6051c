/** A process that writes to an event log on Kafka: arguments are its place and the order, as JSON. */

import { writeNumbered } from "../contract/write-numbered.js";
import { openRenamedLog } from "./kafka-event-log-under-test.js";

const [place, order] = process.argv.slice(2).map((argument) => JSON.parse(argument));
await writeNumbered(await openRenamedLog(place), order);
process.disconnect?.();
