/**
 * One way to judge the history: the bundles as the journal activated them, or one bundle all along.
 *
 * Owns: the partition in memory of this side, what its persons take with them when they move.
 * Does not own: reading the history, comparing sides.
 *
 * 1. A side that judges otherwise than the live system did takes its own persons along: where the journal holds the
 *    state that the live judge handed on, the side uses what its own judge handed on for the same cause.
 */

import type { CanonicalActivation, JournalRecord, PersonMoveEvent } from "../../schemas/journal.js";
import type { LoggedOutcome } from "../../schemas/outcomes.js";
import type { DetectorBundle } from "../../services/detector/bundle.js";
import { ENGINES } from "../../services/detector/engine.js";
import { ENGINE_VERSION } from "../../services/detector/outcome.js";
import { Partition } from "../../services/detector/partition.js";
import type { PartitionState } from "../../services/detector/partition-state.js";
import { loggedOutcomesOf } from "../../services/detector/taken.js";
import { carriedRecord, isMoving } from "../../services/ingest/carried-record.js";
import { OperatingError } from "../exit-status.js";

export interface SideBundles {
  /** Where the side begins; null: with the journal's first activation. */
  readonly first: DetectorBundle | null;
  /** By the hash that an activation names; null: activations change nothing. */
  readonly activated: ReadonlyMap<string, DetectorBundle> | null;
  /** What the side takes a record for; itself where absent. */
  readonly seenAs?: (record: JournalRecord) => JournalRecord;
}

/** States on their way, of all partitions of one side. */
export class CarriedStates {
  private readonly states = new Map<string, PersonMoveEvent>();
  /** States of the live judge that were used for want of an own one. */
  borrowed = 0;

  put(record: PersonMoveEvent): void {
    if (record.type === "person-state") this.states.set(causeOf(record), record);
  }

  /** Used once: what is brought a second time is refused whatever it holds. */
  own(record: Extract<PersonMoveEvent, { type: "person-state" }>): PersonMoveEvent {
    const cause = causeOf(record);
    const own = this.states.get(cause);
    this.states.delete(cause);
    if (own === undefined) this.borrowed++;
    return own ?? record;
  }
}

function causeOf({ fromPersonKey, fromOffset }: { fromPersonKey: string; fromOffset: number }): string {
  return `${fromPersonKey}/${fromOffset}`;
}

export class Side {
  private partition: Partition | null;

  constructor(
    private readonly bundles: SideBundles,
    /** null: what the journal brings is taken as it is. */
    private readonly carried: CarriedStates | null = null,
  ) {
    this.partition = bundles.first === null ? null : this.partitionOf(bundles.first);
  }

  /**
   * Begins behind a checkpoint instead: what the persons hold is what the live judge made of them, by the bundles and the
   * engine in force then. @throws OperatingError where this side cannot go on from there.
   */
  begin(state: PartitionState, persons: Iterable<Uint8Array>): void {
    const { first, activated } = this.bundles;
    const bundle = first ?? activated?.get(state.bundleHash);
    if (bundle === undefined) throw new Error(`bundle ${state.bundleHash} is not in the work folder`);
    const engineVersion = first === null ? state.engineVersion : ENGINE_VERSION;
    if (!ENGINES.has(engineVersion))
      throw engineMissing({ engineVersion, sequence: state.activationSequence });
    const own = { ...state, bundleHash: bundle.hash, shadowBundleHash: null, engineVersion };
    this.partition = this.partitionOf(bundle, own);
    for (const person of persons) this.partition.enter(person);
  }

  get personCount(): number {
    return this.partition?.personCount ?? 0;
  }

  /** @throws Error where nothing was activated yet, or a bundle that is not at hand. */
  take(given: JournalRecord, offset: number, appendedAtMs: number): readonly LoggedOutcome[] {
    if (given.type === "activation") return this.activate(given, offset, appendedAtMs);
    const own = given.type === "person-state" && this.carried !== null ? this.carried.own(given) : given;
    const record = this.bundles.seenAs?.(own) ?? own;
    const outcomes = loggedOutcomesOf(record, this.judging().take(record, offset, appendedAtMs));
    if (this.carried !== null)
      for (const outcome of outcomes)
        if (isMoving(outcome)) this.carried.put(carriedRecord(outcome, { record, offset, appendedAtMs }));
    return outcomes;
  }

  /** A draft that was in shadow then is not judged again: its hits changed nothing. */
  private activate(
    record: CanonicalActivation,
    offset: number,
    appendedAtMs: number,
  ): readonly LoggedOutcome[] {
    const { activated } = this.bundles;
    if (activated === null) return NO_OUTCOMES;
    const bundle = activated.get(record.bundleHash);
    if (bundle === undefined) throw new Error(`bundle ${record.bundleHash} is not in the work folder`);
    this.partition ??= this.partitionOf(bundle);
    const { shadowBundleHash: _, ...alone } = record;
    const answer = this.partition.take(alone, offset, appendedAtMs);
    if ("refused" in answer && answer.refused === "ENGINE_UNKNOWN") throw engineMissing(record);
    return NO_OUTCOMES;
  }

  private partitionOf(bundle: DetectorBundle, state?: PartitionState): Partition {
    const bundles = this.bundles.activated ?? new Map([[bundle.hash, bundle]]);
    return new Partition(bundle, { bundles, ...(state === undefined ? {} : { state }) });
  }

  private judging(): Partition {
    if (this.partition === null)
      throw new Error("a record lies before the first activation: the journal is not one of Kadun's");
    return this.partition;
  }
}

function engineMissing({
  engineVersion,
  sequence,
}: Pick<CanonicalActivation, "engineVersion" | "sequence">): OperatingError {
  return new OperatingError(
    `activation ${sequence} of the journal picks engine ${engineVersion}, which this program does not carry; run the release that carries it, or name the baseline by --against`,
  );
}

const NO_OUTCOMES: readonly LoggedOutcome[] = [];
