/**
 * What the sizing on paper of docs/capacity.md counts with: mean bytes of a settle of the seeded city in the journal and in the
 * decisions log, and of a person in a detector. `node dist/bench/capacity/bytes.js [SWIPES]`, four of them a person.
 */

import type { LoggedRecord } from "../../platform/event-log/event-log.js";
import { loggedCity } from "../sink/logged-city.js";

/** Memory comes in pieces of 16 MiB: few persons would seem to take more than they do. */
const SWIPES = 200_000;
const USAGE = 64;

const swipes = Number(process.argv[2] ?? SWIPES);
if (Number.isInteger(swipes) && swipes > 0) report();
else {
  console.error(`SWIPES '${process.argv[2]}': expected a whole number above 0`);
  process.exitCode = USAGE;
}

function report(): void {
  const { journal, outcomes, persons, personBytes } = loggedCity(swipes);
  const bytes = {
    swipes,
    journalBytesASwipe: meanBytes(journal),
    decisionsBytesASwipe: meanBytes(outcomes),
    persons,
    bytesAPerson: Math.round(personBytes / persons),
  };
  console.log(JSON.stringify(bytes, null, 2));
}

/** Of the values, by swipe. */
function meanBytes(records: readonly LoggedRecord[]): number {
  return Math.round(records.reduce((sum, { value }) => sum + value.length, 0) / swipes);
}
