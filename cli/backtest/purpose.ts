/** Which sides a run compares, and what it counts. */

import type { DetectorBundle } from "../../services/detector/bundle.js";
import type { LoadedBundle } from "../bundle-files.js";
import type { BundleFolder } from "../bundle-folder.js";
import { DraftTally } from "./draft-tally.js";
import { reportWithoutGap, withoutGap } from "./gap-policies.js";
import { GAP_KINDS, GapTally } from "./gap-tally.js";
import { FeedbackKnown } from "./history-facts.js";
import type { JudgingParts } from "./judge-partition.js";
import type { Observer } from "./observer.js";
import type { HistoryFacts, Plan } from "./plan.js";
import { CarriedStates, Side, type SideBundles } from "./side.js";
import { TimeWindow, type WindowLimits } from "./time-window.js";

const DAY_MS = 86_400_000;

export class Purpose {
  readonly observer: Observer;
  private readonly bundles: readonly SideBundles[];
  private readonly carried: readonly CarriedStates[];
  private readonly sides: Side[] = [];

  constructor(
    private readonly plan: Plan,
    facts: HistoryFacts,
    shelf: BundleFolder,
  ) {
    const window = new TimeWindow(windowOf(plan, facts));
    const people = new FeedbackKnown(facts);
    const baseline = baselineBundles(plan, facts, shelf);
    this.observer =
      plan.purpose.kind === "draft" ? new DraftTally(window, people) : new GapTally(window, people);
    this.bundles =
      plan.purpose.kind === "draft"
        ? [sideOf(baseline), { first: stored(shelf, plan.purpose.draft).bundle, activated: null }]
        : [sideOf(baseline), ...GAP_KINDS.map((gap) => changedSide(baseline, gap))];
    this.carried = this.bundles.map(() => new CarriedStates());
  }

  /** For one partition: sides of their own, the same counts. */
  parts(): JudgingParts {
    // The baseline of a journal is what the live judge did: its states are those of the journal.
    const isJournal = this.plan.history.from === "journal";
    const sides = this.bundles.map(
      (bundles, index) => new Side(bundles, isJournal && index > 0 ? this.carried[index]! : null),
    );
    this.sides.push(...sides);
    return { sides, observer: this.observer };
  }

  result(): { readonly counted: unknown; readonly borrowedStates: number } {
    const width = this.bundles.length;
    const persons = this.bundles.map((_, index) =>
      this.sides.filter((_side, at) => at % width === index).reduce((sum, side) => sum + side.personCount, 0),
    );
    const borrowedStates = this.carried.reduce((sum, { borrowed }) => sum + borrowed, 0);
    return { counted: this.observer.result(persons), borrowedStates };
  }
}

/** @throws never: a last day of nothing is everything. */
export function windowOf({ fromMs, toMs, isLastDay }: Plan, { lastMs }: HistoryFacts): WindowLimits {
  // The last swipe itself belongs to its day.
  return isLastDay && lastMs !== null ? { fromMs: lastMs + 1 - DAY_MS, toMs: lastMs + 1 } : { fromMs, toMs };
}

interface Baseline {
  readonly first: LoadedBundle | null;
  readonly activated: ReadonlyMap<string, LoadedBundle> | null;
}

function baselineBundles({ baseline }: Plan, { bundles }: HistoryFacts, shelf: BundleFolder): Baseline {
  if (baseline !== null) return { first: stored(shelf, baseline), activated: null };
  return { first: null, activated: new Map(bundles.map((hash) => [hash, stored(shelf, hash)])) };
}

function stored(shelf: BundleFolder, hash: string): LoadedBundle {
  const bundle = shelf.whole(hash);
  if (bundle === null) throw new Error(`bundle ${hash} is not in the work folder`);
  return bundle;
}

function sideOf({ first, activated }: Baseline): SideBundles {
  return { first: first?.bundle ?? null, activated: activated === null ? null : compiled(activated) };
}

function compiled(bundles: ReadonlyMap<string, LoadedBundle>): Map<string, DetectorBundle> {
  return new Map([...bundles].map(([hash, { bundle }]) => [hash, bundle]));
}

function changedSide({ first, activated }: Baseline, gap: (typeof GAP_KINDS)[number]): SideBundles {
  const changed =
    activated === null
      ? null
      : new Map([...activated].map(([hash, loaded]) => [hash, withoutGap(loaded, gap)]));
  const side = sideOf({ first: first === null ? null : withoutGap(first, gap), activated: changed });
  return { ...side, seenAs: reportWithoutGap(gap) };
}
