/** What a live partition counts. Labels: partition, action, rule id; all from fixed sets. */

import type { Counter, Metrics } from "../../platform/metrics/metrics.js";
import { ACTIONS } from "../../schemas/fields.js";
import type { LoggedOutcome } from "../../schemas/outcomes.js";
import type { Decided } from "./decide.js";
import type { Finding } from "./findings.js";
import { modeOf, ruleIdOf } from "./outcome.js";

/** Seconds: a batch is judged within microseconds to tens of milliseconds. */
const BATCH_SECONDS = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1];
const CHECKPOINT_SECONDS = [0.005, 0.01, 0.05, 0.1, 0.5, 1, 5];

export interface DetectorMetrics {
  judged(records: number, durationMs: number): void;
  suppressed(outcomes: number): void;
  checkpointed(persons: number, durationMs: number): void;
  fenced(): void;
  evicted(persons: number): void;
}

export function detectorMetrics(metrics: Metrics, partitionNumber: number): DetectorMetrics {
  const partition = String(partitionNumber);
  const records = metrics.counter({
    name: "kadun_detector_records_total",
    help: "Journal records taken in",
    labels: ["partition"],
  });
  const suppressed = metrics.counter({
    name: "kadun_detector_suppressed_total",
    help: "Outcomes not appended in a replay because the decisions log holds them",
    labels: ["partition"],
  });
  const fenced = metrics.counter({
    name: "kadun_detector_fenced_writes_total",
    help: "Checkpoints refused because another owner has the partition",
    labels: ["partition"],
  });
  const persons = metrics.counter({
    name: "kadun_detector_checkpoint_persons_total",
    help: "Person records written by checkpoints",
    labels: ["partition"],
  });
  const evicted = metrics.counter({
    name: "kadun_detector_evicted_persons_total",
    help: "Persons that left memory for lack of room; the store has them",
    labels: ["partition"],
  });
  const batchSeconds = metrics.histogram({
    name: "kadun_detector_batch_seconds",
    help: "Judging one batch",
    buckets: BATCH_SECONDS,
  });
  const checkpointSeconds = metrics.histogram({
    name: "kadun_detector_checkpoint_seconds",
    help: "One checkpoint, beside the swipe path",
    buckets: CHECKPOINT_SECONDS,
  });
  return {
    judged: (count, durationMs) => {
      records.add(count, { partition });
      batchSeconds.observe(durationMs / 1000);
    },
    suppressed: (count) => {
      if (count > 0) suppressed.add(count, { partition });
    },
    checkpointed: (count, durationMs) => {
      persons.add(count, { partition });
      checkpointSeconds.observe(durationMs / 1000);
    },
    fenced: () => fenced.add(1, { partition }),
    evicted: (count) => {
      if (count > 0) evicted.add(count, { partition });
    },
  };
}

/** Counts outcomes and reasons. They are summed up before: a labelled counter costs as much as a rule. */
export class OutcomeCounts {
  private readonly outcomes: Counter;
  private readonly hits: Counter;
  private readonly outcomeCounts = new PairCounts();
  private readonly hitCounts = new PairCounts();

  constructor(metrics: Metrics) {
    this.outcomes = metrics.counter({
      name: "kadun_detector_outcomes_total",
      help: "Outcomes by type; decisions and revisions by action",
      labels: ["type", "action"],
    });
    this.hits = metrics.counter({
      name: "kadun_detector_rule_hits_total",
      help: "Reasons of decisions and revisions by rule and mode",
      labels: ["rule", "mode"],
    });
  }

  outcome(outcome: LoggedOutcome): void {
    const acts = outcome.type === "decision" || outcome.type === "revision";
    this.outcomeCounts.add(outcome.type, acts ? outcome.action : "");
    if (acts) for (const { rule, mode } of outcome.reasons) this.hitCounts.add(rule, mode);
  }

  /** One that is no object. */
  decision({ decided, shadow }: Decided): void {
    this.outcomeCounts.add("decision", ACTIONS[decided.action]!);
    for (const finding of decided.findings) this.hit(finding);
    if (shadow !== null) for (const finding of shadow.found) this.hit(finding);
  }

  /** Tells what was counted since. */
  flush(): void {
    this.outcomeCounts.take((type, action, count) => this.outcomes.add(count, { type, action }));
    this.hitCounts.take((rule, mode, count) => this.hits.add(count, { rule, mode }));
  }

  private hit(finding: Finding): void {
    this.hitCounts.add(ruleIdOf(finding), modeOf(finding));
  }
}

class PairCounts {
  private readonly counts = new Map<string, Map<string, number>>();

  add(first: string, second: string): void {
    let ofFirst = this.counts.get(first);
    if (ofFirst === undefined) {
      ofFirst = new Map();
      this.counts.set(first, ofFirst);
    }
    ofFirst.set(second, (ofFirst.get(second) ?? 0) + 1);
  }

  /** Begins anew. */
  take(told: (first: string, second: string, count: number) => void): void {
    for (const [first, ofFirst] of this.counts)
      for (const [second, count] of ofFirst) {
        if (count === 0) continue;
        told(first, second, count);
        ofFirst.set(second, 0);
      }
  }
}
