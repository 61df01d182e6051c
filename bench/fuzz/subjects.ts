/** What is fuzzed: two ways to the same, which must never differ. */

import { fuzzJournalSwipes } from "./journal-swipes.js";
import { fuzzKafkaBatches } from "./kafka-batches.js";
import { fuzzScanner } from "./scanner.js";

/** @returns what differs, with the case's number; null where nothing does. */
export type FuzzSubject = (
  cases: number,
  seed: number,
  onCase: (done: number) => void,
) => Promise<string | null>;

export const FUZZ_SUBJECTS: Readonly<Record<string, FuzzSubject>> = {
  journal: fuzzJournalSwipes,
  kafka: fuzzKafkaBatches,
  scanner: fuzzScanner,
};
