/** The group's committed positions. */

import type { Clock } from "../../../clock/clock.js";
import { EventLogError } from "../../event-log.js";
import type { KafkaCluster } from "../kafka-cluster.js";
import { eventLogErrorOfCode } from "../kafka-errors.js";
import * as codes from "./group-errors.js";
import type { GroupMembership } from "./group-membership.js";
import { offsetCommitRequest, offsetFetchRequest } from "./group-requests.js";

/** A coordinator is elected in seconds. */
const DEADLINE_MS = 15_000;
const PAUSE_MS = 100;

export interface GroupOffsetsOptions {
  readonly cluster: KafkaCluster;
  readonly clock: Clock;
  readonly groupId: string;
  readonly topic: string;
  readonly membership: GroupMembership;
}

export class GroupOffsets {
  constructor(private readonly options: GroupOffsetsOptions) {}

  /** @throws EventLogError. */
  async committed(partition: number): Promise<number | null> {
    const { cluster, groupId, topic } = this.options;
    return this.untilAnswered(async () => {
      const nodeId = await cluster.coordinatorOf(groupId);
      const found = await cluster.send(nodeId, offsetFetchRequest(groupId, topic, partition));
      if (found === null || (found.errorCode === codes.NONE && found.offset < 0)) return { done: null };
      if (found.errorCode === codes.NONE) return { done: found.offset };
      throw codes.groupFailure(found.errorCode, groupId);
    });
  }

  /** @throws EventLogError NOT_ASSIGNED. */
  async commit(positions: ReadonlyMap<number, number>): Promise<void> {
    if (positions.size === 0) return;
    const { held } = this.options.membership;
    const holds = new Map([...positions.keys()].map((partition) => [partition, held.holdOf(partition)]));
    await this.untilAnswered(async (leftMs) => {
      // A rebalance under way may leave the partitions where they are.
      await this.options.membership.settled(leftMs);
      this.checkHolds(holds);
      return this.tryCommit(positions);
    });
  }

  private async tryCommit(positions: ReadonlyMap<number, number>): Promise<{ done: undefined } | "again"> {
    const { cluster, groupId, topic, membership } = this.options;
    const { seat } = membership;
    const nodeId = await cluster.coordinatorOf(groupId);
    const answers = await cluster.send(nodeId, offsetCommitRequest(seat, topic, positions));
    for (const partition of positions.keys()) {
      const errorCode = answers.get(partition);
      if (errorCode === codes.NONE) continue;
      if (errorCode === undefined || errorCode === codes.REBALANCE_IN_PROGRESS) return "again";
      // The generation may have ended while the request was on its way; the next may have left us the partition.
      const isLost = errorCode === codes.ILLEGAL_GENERATION || errorCode === codes.UNKNOWN_MEMBER_ID;
      if (isLost && !membership.isSettledAt(seat.generation)) return "again";
      if (isLost)
        throw eventLogErrorOfCode(errorCode, `commit of ${topic}/${partition} in group "${groupId}"`);
      throw codes.groupFailure(errorCode, groupId);
    }
    return { done: undefined };
  }

  private checkHolds(holds: ReadonlyMap<number, number | undefined>): void {
    const { topic, groupId, membership } = this.options;
    for (const [partition, hold] of holds)
      if (hold === undefined || membership.held.holdOf(partition) !== hold)
        throw new EventLogError(
          "NOT_ASSIGNED",
          `commit of ${topic}/${partition} in group "${groupId}": the partition is not this member's, or was another's meanwhile`,
        );
  }

  private async untilAnswered<Result>(
    attempt: (leftMs: number) => Promise<{ done: Result } | "again">,
  ): Promise<Result> {
    const { clock, cluster, groupId } = this.options;
    const deadlineAt = performance.now() + DEADLINE_MS;
    for (;;) {
      let away: EventLogError | null = null;
      try {
        const result = await attempt(deadlineAt - performance.now());
        if (result !== "again") return result.done;
      } catch (error) {
        const failure = codes.requestFailure(error, groupId);
        if (!(failure instanceof codes.CoordinatorAway)) throw failure;
        away = failure.cause;
      }
      if (performance.now() >= deadlineAt) throw away ?? outOfTime(groupId);
      await clock.sleep(PAUSE_MS);
      if (away !== null) await cluster.refreshCoordinator(groupId).catch(() => {});
    }
  }
}

function outOfTime(groupId: string): EventLogError {
  const text = `group "${groupId}" was rebalancing for ${DEADLINE_MS} ms; commit again`;
  return new EventLogError("UNREACHABLE", text, { retryable: true });
}
