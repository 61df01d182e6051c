/** What a live partition counts. Labels: partition, action, rule id; all from fixed sets. */

import type { Metrics } from "../../platform/metrics/metrics.js";
import type { Judged } from "./judging-room.js";

/** Seconds: a batch is judged within microseconds to tens of milliseconds. */
const BATCH_SECONDS = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1];
const CHECKPOINT_SECONDS = [0.005, 0.01, 0.05, 0.1, 0.5, 1, 5];

export interface DetectorMetrics {
  judged(records: number, judged: readonly Judged[], durationMs: number): void;
  suppressed(outcomes: number): void;
  checkpointed(persons: number, durationMs: number): void;
  fenced(): void;
}

export function detectorMetrics(metrics: Metrics, partitionNumber: number): DetectorMetrics {
  const partition = String(partitionNumber);
  const records = metrics.counter({
    name: "kadun_detector_records_total",
    help: "Journal records taken in",
    labels: ["partition"],
  });
  const outcomes = metrics.counter({
    name: "kadun_detector_outcomes_total",
    help: "Outcomes by type; decisions and revisions by action",
    labels: ["type", "action"],
  });
  const hits = metrics.counter({
    name: "kadun_detector_rule_hits_total",
    help: "Reasons of decisions and revisions by rule and mode",
    labels: ["rule", "mode"],
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
    judged: (count, judged, durationMs) => {
      records.add(count, { partition });
      batchSeconds.observe(durationMs / 1000);
      for (const { outcomes: each } of judged)
        for (const outcome of each) {
          const acts = outcome.type === "decision" || outcome.type === "revision";
          outcomes.add(1, { type: outcome.type, action: acts ? outcome.action : "" });
          if (acts) for (const { rule, mode } of outcome.reasons) hits.add(1, { rule, mode });
        }
    },
    suppressed: (count) => {
      if (count > 0) suppressed.add(count, { partition });
    },
    checkpointed: (count, durationMs) => {
      persons.add(count, { partition });
      checkpointSeconds.observe(durationMs / 1000);
    },
    fenced: () => fenced.add(1, { partition }),
  };
}
