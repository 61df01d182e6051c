/** `node dist/bench/breaker/run.js [--seed N] [--persons N] [--days N]`: the breaker's false trips over a seeded city. */

import { parseArgs } from "node:util";
import { loadBundle } from "../../cli/bundle-files.js";
import { falseTrips } from "./false-trips.js";

/** The fewest that the breaker judges by, and what fills its limits of shares. */
const RATES = [220, 1_000, 5_000];

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    persons: { type: "string", default: "20000" },
    days: { type: "string", default: "365" },
  },
});
const [seed, persons, days] = [values.seed, values.persons, values.days].map(Number) as [
  number,
  number,
  number,
];
for (const result of falseTrips({ seed, persons, days }, loadBundle({}), RATES))
  console.log(JSON.stringify({ seed, persons, days, ...result }));
