/** The engines that this program carries: an activation picks the one its partition is judged by from there on. */

import type { PersonMoveEvent, PersonRecordEvent } from "../../schemas/journal.js";
import type { Outcome } from "../../schemas/outcomes.js";
import type { DetectorBundle } from "./bundle.js";
import { type Decided, Judge, type RecordRefused } from "./decide.js";
import type { Feeds } from "./feeds.js";
import { ENGINE_VERSION } from "./outcome.js";
import type { Person } from "./person/person.js";
import type { SwipeSource } from "./swipe.js";

/** Judges the records of the person that is pointed at, and changes it in place. */
export interface EngineJudge {
  /** From now on by these; windows and states stay. */
  activate(bundle: DetectorBundle, draft: DetectorBundle | null): void;
  decide(
    record: PersonRecordEvent | PersonMoveEvent,
    logAppendedAtMs: number,
  ): readonly Outcome[] | RecordRefused;
  /** The same for a swipe that is no record yet; an engine that lacks it is given records. */
  decideSwipeOf?(source: SwipeSource, logAppendedAtMs: number): readonly Outcome[] | RecordRefused | Decided;
}

/** Engines share the person record: what one keeps, the next one reads on. */
export type Engine = (person: Person, bundle: DetectorBundle, feeds: Feeds) => EngineJudge;

/** By version. */
export type Engines = ReadonlyMap<string, Engine>;

export const ENGINES: Engines = new Map([
  [
    ENGINE_VERSION,
    (person: Person, bundle: DetectorBundle, feeds: Feeds) => new Judge(person, bundle, feeds),
  ],
]);

/** For messages: which versions a table has. */
export function engineNames(engines: Engines): string {
  return [...engines.keys()].join(", ");
}
