/**
 * How far the partitions of one detector are: measured each second, for readiness, metrics, the watchdog, and as the
 * group's committed positions, by which Kafka's own tools show the lag.
 *
 * 1. The committed position is a hint for people; the state store says where a detector goes on.
 * 2. Each partition counts for itself: one that stands still is named, however well the others get on.
 * 3. `close` waits for no answer of the log: the last checkpoints come after it, and need none.
 */

import type { Clock } from "../../platform/clock/clock.js";
import type { EventLog } from "../../platform/event-log/event-log.js";
import type { PartitionGroup } from "../../platform/event-log/partition-group.js";
import type { Logger } from "../../platform/logger/logger.js";
import type { Gauge, Metrics } from "../../platform/metrics/metrics.js";
import type { Readiness } from "../../schemas/http/readiness.js";
import { Topic } from "../../schemas/topics.js";
import type { PartitionStatus } from "../../services/detector/detector.js";
import type { OwnedPartitions } from "../../services/detector/owned-partitions.js";
import { BOOTSTRAP_REASON, LAG_RECORDS_MAX, LOG_AWAY } from "../process/lag-reasons.js";
import { PartitionProgress, type StandingPartition } from "../process/partition-progress.js";
import { PartitionEnds } from "./partition-ends.js";

const EVERY_MS = 1_000;
const COMMIT_EVERY_MS = 5_000;
/** A look that took longer, with its waits, was a process that stood still itself. */
const PASSED_MS_MAX = 5_000;
/** Opening a partition and the failover of a store or a leader take less. */
export const STANDING_MS_MAX = 60_000;
/** What is mended by itself is mended by now: a loop that hangs is not. */
const STUCK_MS = 300_000;
/** Every journal has it. */
const SIGN_OF_LIFE = 0;

export interface DetectorLagOptions {
  readonly log: EventLog;
  readonly owned: Pick<OwnedPartitions, "wanted" | "status">;
  readonly group: PartitionGroup;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** A partition stands for five minutes though the others may get on. Called once. */
  readonly onStuck: (standing: StandingPartition) => void;
}

interface PartitionLag extends PartitionStatus {
  /** null before it was measured, or where the log does not answer. */
  readonly lag: number | null;
}

export class DetectorLag {
  private readonly closing = new AbortController();
  private readonly ended: Promise<void>;
  private readonly gauge: Gauge;
  private readonly ends: PartitionEnds;
  private readonly progress = new PartitionProgress();
  private readonly shown = new Set<number>();
  private committedAtMs = 0;
  private measuredAtMs: number;
  private isCommitting = false;
  private hasTold = false;

  constructor(private readonly options: DetectorLagOptions) {
    this.gauge = options.metrics.gauge({
      name: "kadun_detector_lag_records",
      help: "Journal records of a partition of this process that are not judged yet",
      labels: ["partition"],
    });
    const { log, clock } = options;
    this.ends = new PartitionEnds({ log, topic: Topic.JOURNAL, clock });
    this.measuredAtMs = clock.now();
    this.ended = this.run();
  }

  /** Changes whenever something was judged. */
  get judgedRecords(): number {
    return this.progress.moved;
  }

  /** Records that wait in the partitions whose lag is known. */
  get waitingRecords(): number {
    return this.partitions.reduce((sum, { lag }) => sum + (lag ?? 0), 0);
  }

  /** Over all partitions of this process; null where it is not known. */
  get records(): number | null {
    return this.partitions.reduce<number | null>(
      (sum, { lag }) => (sum === null || lag === null ? null : sum + lag),
      0,
    );
  }

  status(): { readonly assigned: readonly number[]; readonly partitions: readonly PartitionLag[] } {
    return { assigned: this.options.group.assigned, partitions: this.partitions };
  }

  readiness(): Readiness {
    const { owned } = this.options;
    const reasons = [...this.openingReasons(), ...this.lagReasons(), ...this.standingReasons()];
    if (owned.status.some(({ isBootstrapped }) => !isBootstrapped)) reasons.push(BOOTSTRAP_REASON);
    return { ready: reasons.length === 0, reasons };
  }

  async close(): Promise<void> {
    this.closing.abort();
    this.ends.close();
    await this.ended;
  }

  private get partitions(): readonly PartitionLag[] {
    return this.options.owned.status.map((status) => {
      const end = this.ends.of(status.partition);
      return { ...status, lag: end === null ? null : Math.max(0, end - status.judgedOffset - 1) };
    });
  }

  private openingReasons(): readonly string[] {
    const { owned } = this.options;
    const opening = owned.wanted.length - owned.status.length;
    if (opening <= 0) return [];
    const late = this.progress.opening(STANDING_MS_MAX);
    if (late.length === 0) return [`OPENING: ${opening} partitions are being opened; wait`];
    return [
      `OPENING: ${opening} partitions are being opened, ${late.join(", ")} for more than ${seconds(STANDING_MS_MAX)} s; see the log of this process`,
    ];
  }

  private lagReasons(): readonly string[] {
    const { owned } = this.options;
    // Without partitions nothing shows whether they cannot be had, or the others have them.
    if (owned.wanted.length === 0 && owned.status.length === 0)
      return this.ends.of(SIGN_OF_LIFE) === null ? [LOG_AWAY] : [];
    const { records } = this;
    if (records === null) return ["CATCHING_UP: the lag is not known yet; wait"];
    if (records <= LAG_RECORDS_MAX) return [];
    return [`CATCHING_UP: ${records} records behind, ready from ${LAG_RECORDS_MAX} on; wait`];
  }

  private standingReasons(): readonly string[] {
    return this.progress.standing(STANDING_MS_MAX).map(describeStanding);
  }

  private async run(): Promise<void> {
    const { clock } = this.options;
    while (!this.closing.signal.aborted) {
      await this.measure();
      if (clock.now() - this.committedAtMs >= COMMIT_EVERY_MS) this.commit();
      await clock.sleep(EVERY_MS, this.closing.signal);
    }
  }

  private async measure(): Promise<void> {
    const { owned, clock } = this.options;
    const asked = owned.status.map(({ partition }) => partition);
    await this.ends.ask(asked.length === 0 ? [SIGN_OF_LIFE] : asked);
    if (this.closing.signal.aborted) return;
    const passedMs = Math.min(PASSED_MS_MAX, clock.now() - this.measuredAtMs);
    this.measuredAtMs = clock.now();
    const open = this.partitions.map((each) => ({ ...each, doneOffset: each.judgedOffset }));
    this.progress.look(passedMs, owned.wanted, open);
    this.show();
    this.tellStuck();
  }

  private show(): void {
    const { partitions } = this;
    for (const { partition, lag } of partitions) {
      if (lag === null) continue;
      this.gauge.set(lag, { partition: String(partition) });
      this.shown.add(partition);
    }
    for (const gone of this.shown)
      if (!partitions.some(({ partition }) => partition === gone)) {
        this.gauge.set(0, { partition: String(gone) });
        this.shown.delete(gone);
      }
  }

  private tellStuck(): void {
    const [stuck] = this.progress.standing(STUCK_MS);
    if (stuck === undefined || this.hasTold) return;
    this.hasTold = true;
    this.options.onStuck(stuck);
  }

  /** Not waited for: where no coordinator answers it takes its time. */
  private commit(): void {
    if (this.isCommitting || this.closing.signal.aborted) return;
    const { owned, group, clock, logger } = this.options;
    this.committedAtMs = clock.now();
    const positions = new Map(
      owned.status.map(({ partition, judgedOffset }) => [partition, judgedOffset + 1]),
    );
    if (positions.size === 0) return;
    this.isCommitting = true;
    // A rebalance under way: the next time.
    group
      .commit(positions)
      .catch((error: unknown) => logger.debug("detector.not-committed", { error }))
      .finally(() => {
        this.isCommitting = false;
      });
  }
}

/** For readiness and for the last line of a process. */
export function describeStanding({ partition, standingMs, waiting }: StandingPartition): string {
  return `STANDING: partition ${partition}: no record judged for ${seconds(standingMs)} s though ${waiting} wait; see the log of this process`;
}

function seconds(ms: number): number {
  return Math.round(ms / 1000);
}
