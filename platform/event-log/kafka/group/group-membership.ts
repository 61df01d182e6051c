/**
 * One member of a group: joins, stays by heartbeats, joins again after each change.
 *
 * Owns: member id, generation, the loop, the session's time. Does not own: offsets (`GroupOffsets`), leaving in time
 * (`KafkaPartitionGroup`).
 *
 * 1. Heartbeats come from a timer of their own: a long batch ends no session.
 * 2. During a rebalance the partitions are kept: nobody gets them before it ends, and most stay. Only then the
 *    difference is told (the owner fences what must not be doubled).
 * 3. Membership lost (unknown member, a generation without us, session over) is told as an empty set at once. While the
 *    coordinator is merely away the set stays until the session must have ended.
 * 4. Joins wait at the server, which answers the requests of one connection in order: they have a lane of their own.
 * 5. Only what cannot pass by itself ends the loop.
 */

import type { Clock } from "../../../clock/clock.js";
import type { Logger } from "../../../logger/logger.js";
import type { KafkaCluster } from "../kafka-cluster.js";
import type { WireRequest } from "../wire-request.js";
import { assignSticky } from "./assign-sticky.js";
import * as codes from "./group-errors.js";
import * as requests from "./group-requests.js";
import { HeldPartitions } from "./held-partitions.js";
import * as metadata from "./member-metadata.js";
import { type Moment, momentNow, SessionTimer } from "./session-timer.js";

export interface GroupTimes {
  /** After so long without a heartbeat the coordinator gives the partitions to others. */
  readonly sessionTimeoutMs: number;
  /** Members have so long to join again, or are left out. */
  readonly rebalanceTimeoutMs: number;
  readonly heartbeatMs: number;
}

export interface MembershipOptions {
  readonly cluster: KafkaCluster;
  readonly clock: Clock;
  readonly groupId: string;
  readonly topic: string;
  readonly times: GroupTimes;
  readonly logger: Logger;
  readonly onAssignment: (partitions: readonly number[]) => void;
}

/** Answers of joins come when the last member has joined or the rebalance time-out has passed; then over the network. */
const ANSWER_SLACK_MS = 5_000;
/** Between tries where the coordinator is away: elections take seconds, each look costs a request. */
const PAUSE_MS = 200;
/** A member that cannot be told apart from one that joins in a circle. */
const PAUSE_REFUSED_MS = 50;

let lanes = 0;

export class GroupMembership {
  readonly held: HeldPartitions;
  private readonly left = new AbortController();
  private readonly session: SessionTimer;
  private readonly lane = `join-${++lanes}`;
  private memberId = "";
  private generation = -1;
  /** What the coordinator gave last, also where the owner was told otherwise since. */
  private given: metadata.Held = { partitions: [], generation: -1 };
  private isStable = false;
  private waiting: (() => void)[] = [];

  constructor(private readonly options: MembershipOptions) {
    this.held = new HeldPartitions(options.onAssignment);
    this.session = new SessionTimer(options.times.sessionTimeoutMs, () => this.held.set([]));
  }

  get seat(): requests.Seat {
    return { groupId: this.options.groupId, memberId: this.memberId, generation: this.generation };
  }

  /** Until `stop`. @throws EventLogError where no try can help. */
  async run(): Promise<void> {
    try {
      while (!this.left.signal.aborted) await this.joinAndStay();
    } finally {
      this.stop();
    }
  }

  /** Ends the loop, after a request under way. The member is not told to the coordinator as gone. */
  stop(): void {
    this.left.abort();
    this.session.stop();
    this.held.stop();
    this.wakeWaiting();
  }

  /** Resolves when a member id is known. */
  known(): Promise<void> {
    return this.until(() => this.memberId !== "");
  }

  /** Resolves when no join is under way, after `stop`, or when the time has passed. */
  async settled(waitMs: number): Promise<void> {
    const over = new AbortController();
    await Promise.race([this.until(() => this.isStable), this.options.clock.sleep(waitMs, over.signal)]);
    over.abort();
  }

  /** No other member can have the partition by this moment, however long this process stood still. */
  isHeld(partition: number): boolean {
    return this.session.isSure && this.held.holdOf(partition) !== undefined;
  }

  /** Until then the loop has time to find out by itself whether it is still a member. */
  isSettledAt(generation: number): boolean {
    return this.isStable && this.generation === generation;
  }

  private async joinAndStay(): Promise<void> {
    try {
      if (await this.join()) await this.stay();
    } catch (error) {
      if (!(error instanceof codes.CoordinatorAway)) throw error;
      await this.findCoordinator(error);
    }
  }

  /** One try; false where the next can follow at once. */
  private async join(): Promise<boolean> {
    this.isStable = false;
    this.session.hold();
    try {
      const joined = await this.send(this.joinRequest());
      if (!(await this.isJoined(joined))) return false;
      this.generation = joined.generation;
      const sentAt = momentNow();
      const synced = await this.send(
        requests.syncRequest(this.seat, await this.assignments(joined), this.joinWait),
      );
      if (!(await this.isSynced(synced.errorCode))) return false;
      this.take(metadata.decodeAssignment(this.options.topic, synced.assignment), sentAt);
      return true;
    } finally {
      this.session.release();
    }
  }

  private joinRequest(): WireRequest<requests.JoinAnswer> {
    const { groupId, topic, times } = this.options;
    return requests.joinRequest({
      groupId,
      memberId: this.memberId,
      sessionTimeoutMs: times.sessionTimeoutMs,
      rebalanceTimeoutMs: times.rebalanceTimeoutMs,
      protocol: metadata.ASSIGNOR,
      metadata: metadata.encodeSubscription(topic, this.given),
      ...this.joinWait,
    });
  }

  private get joinWait() {
    return { lane: this.lane, timeoutMs: this.options.times.rebalanceTimeoutMs + ANSWER_SLACK_MS };
  }

  private async isJoined({ errorCode, memberId }: requests.JoinAnswer): Promise<boolean> {
    if (errorCode === codes.NONE || errorCode === codes.MEMBER_ID_REQUIRED) {
      this.memberId = memberId;
      this.wakeWaiting();
      return errorCode === codes.NONE;
    }
    return this.isSynced(errorCode);
  }

  private async isSynced(errorCode: number): Promise<boolean> {
    if (errorCode === codes.NONE) return true;
    this.afterRefusal(errorCode);
    await this.options.clock.sleep(PAUSE_REFUSED_MS, this.left.signal);
    return false;
  }

  /** @throws what is no matter of membership. */
  private afterRefusal(errorCode: number): void {
    if (errorCode === codes.REBALANCE_IN_PROGRESS) return;
    if (errorCode !== codes.UNKNOWN_MEMBER_ID && errorCode !== codes.ILLEGAL_GENERATION)
      throw codes.groupFailure(errorCode, this.options.groupId);
    if (errorCode === codes.UNKNOWN_MEMBER_ID) this.memberId = "";
    this.held.set([]);
  }

  /** Of all members where this one is the leader, else none. */
  private async assignments(joined: requests.JoinAnswer): Promise<ReadonlyMap<string, Buffer>> {
    if (joined.leaderId !== joined.memberId) return new Map();
    const { topic, cluster } = this.options;
    const members = joined.members.map((one) =>
      metadata.decodeSubscription(one.memberId, topic, one.metadata),
    );
    const shares = assignSticky(members, await cluster.partitionCount(topic));
    return new Map(
      [...shares].map(([memberId, share]) => [memberId, metadata.encodeAssignment(topic, share)]),
    );
  }

  private take(partitions: readonly number[], sentAt: Moment): void {
    this.session.accepted(sentAt, performance.now());
    // In a generation without us, others may have had what we hold.
    if (this.generation !== this.given.generation + 1) this.held.set([]);
    this.given = { partitions, generation: this.generation };
    const { logger, topic } = this.options;
    logger.info("group.assigned", { topic, epoch: this.generation, count: partitions.length });
    this.held.set(partitions);
    this.isStable = true;
    this.wakeWaiting();
  }

  /** Until the group changes. */
  private async stay(): Promise<void> {
    const { clock, times } = this.options;
    let pauseMs = times.heartbeatMs;
    for (;;) {
      await clock.sleep(pauseMs, this.left.signal);
      if (this.left.signal.aborted) return;
      try {
        if (!(await this.heartbeat())) return;
        pauseMs = times.heartbeatMs;
      } catch (error) {
        if (!(error instanceof codes.CoordinatorAway)) throw error;
        await this.findCoordinator(error);
        pauseMs = 0;
      }
    }
  }

  /** False where the member has to join again. */
  private async heartbeat(): Promise<boolean> {
    const sentAt = momentNow();
    const errorCode = await this.send(
      requests.heartbeatRequest(this.seat, this.options.times.sessionTimeoutMs / 3),
    );
    if (this.left.signal.aborted) return false;
    if (errorCode === codes.NONE || errorCode === codes.REBALANCE_IN_PROGRESS) {
      this.session.accepted(sentAt);
      this.held.set(this.given.partitions); // where the session had seemed over
      return errorCode === codes.NONE;
    }
    this.afterRefusal(errorCode);
    return false;
  }

  private async send<Answer>(request: WireRequest<Answer>): Promise<Answer> {
    const { cluster, groupId } = this.options;
    try {
      return await cluster.send(await cluster.coordinatorOf(groupId), request);
    } catch (error) {
      throw codes.requestFailure(error, groupId);
    }
  }

  private async findCoordinator(error: codes.CoordinatorAway): Promise<void> {
    const { cluster, clock, groupId, logger } = this.options;
    logger.debug("group.coordinator-away", { error: error.cause });
    await clock.sleep(PAUSE_MS, this.left.signal);
    if (this.left.signal.aborted) return;
    try {
      await cluster.refreshCoordinator(groupId);
    } catch (thrown) {
      const failure = codes.requestFailure(thrown, groupId);
      if (!(failure instanceof codes.CoordinatorAway)) throw failure;
    }
  }

  private until(isSo: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (isSo() || this.left.signal.aborted) resolve();
        else this.waiting.push(look);
      };
      look();
    });
  }

  private wakeWaiting(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const look of waiting) look();
  }
}
