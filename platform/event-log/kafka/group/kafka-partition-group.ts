/**
 * Partition groups on Kafka's classic group protocol.
 *
 * Owns: joining until the member is known, leaving within the deadline. Does not own: the cluster's connections, which
 * stay open.
 *
 * 1. After `leave` was called no handler is called any more: who leaves has given up its partitions by itself.
 * 2. `leave` never waits longer than its deadline; where nobody answered, the session's end does what it would have done.
 * 3. `onFailure` is called once, after the member was known; before that joining itself fails.
 */

import type { Clock } from "../../../clock/clock.js";
import type { Logger } from "../../../logger/logger.js";
import { EventLogError } from "../../event-log.js";
import type { JoinPartitionGroup, PartitionGroup, PartitionGroupOptions } from "../../partition-group.js";
import type { KafkaCluster } from "../kafka-cluster.js";
import { kafkaErrorOf } from "../kafka-errors.js";
import { CoordinatorAway, requestFailure } from "./group-errors.js";
import { GroupMembership, type GroupTimes } from "./group-membership.js";
import { GroupOffsets } from "./group-offsets.js";
import { leaveRequest } from "./group-requests.js";

/** Kafka's default is 45 s; a swipe should wait less for the heir of a process that was killed. */
const SESSION_TIMEOUT_DEFAULT_MS = 10_000;
/**
 * Heartbeats are how a member learns of a rebalance: each costs some 100 bytes, the wait costs swipes. Of a member that is
 * killed the session ends up to one heartbeat before its time is over, and the others learn it up to one later.
 */
const HEARTBEATS_PER_SESSION = 10;
const HEARTBEAT_MS_MAX = 500;
const LEAVE_DEADLINE_DEFAULT_MS = 3_000;
/** A cluster just started makes its topic of offsets first. */
const JOIN_DEADLINE_DEFAULT_MS = 30_000;
const LEAVE_PAUSE_MS = 100;

export interface KafkaPartitionGroupsOptions {
  readonly cluster: KafkaCluster;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly sessionTimeoutMs?: number | undefined;
  /** How long members have to join again; the session time-out unless given. */
  readonly rebalanceTimeoutMs?: number | undefined;
  /** At most a third of the session time-out; a tenth unless given, half a second at most. */
  readonly heartbeatMs?: number | undefined;
  readonly leaveDeadlineMs?: number | undefined;
  readonly joinDeadlineMs?: number | undefined;
}

export function kafkaPartitionGroups(options: KafkaPartitionGroupsOptions): JoinPartitionGroup {
  const times = timesOf(options);
  return async (wanted) => {
    const group = new KafkaPartitionGroup(options, times, wanted);
    await group.join();
    return group;
  };
}

function timesOf({
  sessionTimeoutMs = SESSION_TIMEOUT_DEFAULT_MS,
  rebalanceTimeoutMs = sessionTimeoutMs,
  heartbeatMs = Math.min(HEARTBEAT_MS_MAX, sessionTimeoutMs / HEARTBEATS_PER_SESSION),
}: KafkaPartitionGroupsOptions): GroupTimes {
  if (heartbeatMs > sessionTimeoutMs / 3)
    throw new RangeError(
      `heartbeat each ${heartbeatMs} ms: at most a third of the session time-out of ${sessionTimeoutMs} ms`,
    );
  return { sessionTimeoutMs, rebalanceTimeoutMs, heartbeatMs };
}

class KafkaPartitionGroup implements PartitionGroup {
  private readonly membership: GroupMembership;
  private readonly offsets: GroupOffsets;
  private isKnown = false;
  private leaving: Promise<void> | null = null;

  constructor(
    private readonly options: KafkaPartitionGroupsOptions,
    times: GroupTimes,
    private readonly wanted: PartitionGroupOptions,
  ) {
    const { cluster, clock, logger } = options;
    const { groupId, topic, onAssignment } = wanted;
    this.membership = new GroupMembership({ cluster, clock, logger, groupId, topic, times, onAssignment });
    this.offsets = new GroupOffsets({ cluster, clock, groupId, topic, membership: this.membership });
  }

  get assigned(): readonly number[] {
    return this.membership.held.partitions;
  }

  isHeld(partition: number): boolean {
    return this.membership.isHeld(partition);
  }

  async join(): Promise<void> {
    await this.options.cluster.partitionCount(this.wanted.topic);
    const running = this.membership.run();
    running.catch((error: unknown) => {
      if (this.isKnown && this.leaving === null) this.wanted.onFailure(error);
    });
    await this.known(running);
    this.isKnown = true;
  }

  committed(partition: number): Promise<number | null> {
    return this.offsets.committed(partition);
  }

  commit(positions: ReadonlyMap<number, number>): Promise<void> {
    return this.offsets.commit(positions);
  }

  leave(): Promise<void> {
    this.leaving ??= this.leaveOnce();
    return this.leaving;
  }

  /** @throws EventLogError UNREACHABLE after the deadline. */
  private async known(running: Promise<void>): Promise<void> {
    const { joinDeadlineMs = JOIN_DEADLINE_DEFAULT_MS, clock } = this.options;
    const over = new AbortController();
    const deadline = clock.sleep(joinDeadlineMs, over.signal).then(() => {
      if (over.signal.aborted) return;
      this.membership.stop();
      const text = `group "${this.wanted.groupId}" could not be joined in ${joinDeadlineMs} ms: no coordinator answers`;
      throw new EventLogError("UNREACHABLE", text, { retryable: true });
    });
    try {
      // The loop's end wakes who waits for the member too: then its error is the answer.
      const known = this.membership
        .known()
        .then(() => (this.membership.seat.memberId === "" ? running : null));
      await Promise.race([known, deadline]);
    } finally {
      over.abort();
    }
  }

  private async leaveOnce(): Promise<void> {
    const { seat } = this.membership;
    this.membership.stop();
    if (seat.memberId === "") return;
    const { leaveDeadlineMs = LEAVE_DEADLINE_DEFAULT_MS, clock } = this.options;
    const over = new AbortController();
    const deadline = clock.sleep(leaveDeadlineMs, over.signal);
    const told = this.tellLeaving(seat.memberId, leaveDeadlineMs, over.signal);
    await Promise.race([told, deadline]);
    over.abort();
  }

  private async tellLeaving(memberId: string, timeoutMs: number, over: AbortSignal): Promise<void> {
    const { cluster, clock } = this.options;
    const { groupId } = this.wanted;
    while (!over.aborted) {
      try {
        const nodeId = await cluster.coordinatorOf(groupId);
        const errorCode = await cluster.send(
          nodeId,
          leaveRequest({ groupId, memberId, generation: -1 }, timeoutMs),
        );
        if (!kafkaErrorOf(errorCode).retryable) return; // left, or not known any more
      } catch (error) {
        // Invariant 2: whatever it is, the session ends by itself.
        if (!(requestFailure(error, groupId) instanceof CoordinatorAway)) return;
      }
      await clock.sleep(LEAVE_PAUSE_MS, over);
      if (!over.aborted) await cluster.refreshCoordinator(groupId).catch(() => {});
    }
  }
}
