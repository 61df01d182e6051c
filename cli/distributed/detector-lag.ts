/**
 * How far the partitions of one detector are: measured each second, for readiness, metrics, the watchdog, and as the
 * group's committed positions, by which Kafka's own tools show the lag.
 *
 * 1. The committed position is a hint for people; the state store says where a detector goes on.
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
import { BOOTSTRAP_REASON, LAG_RECORDS_MAX } from "./lag-reasons.js";

const EVERY_MS = 1_000;
const COMMIT_EVERY_MS = 5_000;

export interface DetectorLagOptions {
  readonly log: EventLog;
  readonly owned: Pick<OwnedPartitions, "wanted" | "status">;
  readonly group: PartitionGroup;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

interface PartitionLag extends PartitionStatus {
  /** null before it was measured, or where the log does not answer. */
  readonly lag: number | null;
}

export class DetectorLag {
  private readonly closing = new AbortController();
  private readonly ended: Promise<void>;
  private readonly gauge: Gauge;
  private readonly ends = new Map<number, number>();
  private committedAtMs = 0;
  private judgedBefore = new Map<number, number>();
  private judged = 0;

  constructor(private readonly options: DetectorLagOptions) {
    this.gauge = options.metrics.gauge({
      name: "kadun_detector_lag_records",
      help: "Journal records of a partition of this process that are not judged yet",
      labels: ["partition"],
    });
    this.ended = this.run();
  }

  /** Changes whenever something was judged. */
  get judgedRecords(): number {
    return this.judged;
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
    const reasons: string[] = [];
    const { owned } = this.options;
    const opening = owned.wanted.length - owned.status.length;
    if (opening > 0) reasons.push(`OPENING: ${opening} partitions are being opened; wait`);
    const records = this.records;
    if (records === null) reasons.push("CATCHING_UP: the lag is not known yet; wait");
    else if (records > LAG_RECORDS_MAX)
      reasons.push(`CATCHING_UP: ${records} records behind, ready from ${LAG_RECORDS_MAX} on; wait`);
    if (owned.status.some(({ isBootstrapped }) => !isBootstrapped)) reasons.push(BOOTSTRAP_REASON);
    return { ready: reasons.length === 0, reasons };
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.ended;
  }

  private get partitions(): readonly PartitionLag[] {
    return this.options.owned.status.map((status) => {
      const end = this.ends.get(status.partition);
      return { ...status, lag: end === undefined ? null : Math.max(0, end - status.judgedOffset - 1) };
    });
  }

  private async run(): Promise<void> {
    const { clock } = this.options;
    while (!this.closing.signal.aborted) {
      await this.measure();
      if (clock.now() - this.committedAtMs >= COMMIT_EVERY_MS) await this.commit();
      await clock.sleep(EVERY_MS, this.closing.signal);
    }
  }

  private async measure(): Promise<void> {
    const { log, owned } = this.options;
    const open = owned.status;
    await Promise.all(
      open.map(async ({ partition }) => {
        const bounds = await log.bounds(Topic.JOURNAL, partition).catch(() => null);
        if (bounds === null) this.ends.delete(partition);
        else this.ends.set(partition, bounds.end);
      }),
    );
    for (const { partition, lag, judgedOffset } of this.partitions) {
      if (lag !== null) this.gauge.set(lag, { partition: String(partition) });
      if (this.judgedBefore.get(partition) !== judgedOffset) this.judged += 1;
      this.judgedBefore.set(partition, judgedOffset);
    }
    for (const partition of [...this.ends.keys()])
      if (!open.some((each) => each.partition === partition)) {
        this.ends.delete(partition);
        this.gauge.set(0, { partition: String(partition) });
      }
  }

  private async commit(): Promise<void> {
    const { owned, group, clock, logger } = this.options;
    this.committedAtMs = clock.now();
    const positions = new Map(
      owned.status.map(({ partition, judgedOffset }) => [partition, judgedOffset + 1]),
    );
    if (positions.size === 0) return;
    // A rebalance under way: the next time.
    await group
      .commit(positions)
      .catch((error: unknown) => logger.debug("detector.not-committed", { error }));
  }
}
