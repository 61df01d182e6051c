/** What looks on while the sides judge one record after the other. */

import type { JournalRecord } from "../../schemas/journal.js";
import type { LoggedOutcome } from "../../schemas/outcomes.js";

export interface Place {
  /** 0 for files. */
  readonly partition: number;
  /** Journal offset; for files the line, counted from 1 over all of them. */
  readonly offset: number;
}

export interface Observed {
  readonly record: JournalRecord;
  readonly place: Place;
  /** When the record came: by its source, else by the log. */
  readonly timeMs: number;
  /** What each side made of it, in the order of the sides. */
  readonly outcomes: readonly (readonly LoggedOutcome[])[];
}

export interface Observer {
  /** Called for each record of a person, in the order of the history. */
  observe(observed: Observed): void;
  /** What was counted, as JSON; parts without persons in common add up. */
  result(persons: readonly number[]): unknown;
}
