/** An ingest process that reads the raw topics until it is killed; arguments: its place and its limits, as JSON. */

import { openIngest } from "./ingest-on-kafka.js";

const [place, limits] = process.argv.slice(2).map((argument) => JSON.parse(argument));
await openIngest(place, limits, (error) => {
  throw error;
});
process.send?.({ type: "open" });
