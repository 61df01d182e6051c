/**
 * The state store on a Redis server (platform/state-store/state-store.ts has the contract).
 *
 * Owns: the connection, acquisitions, the writes under way.
 * Does not own: the fence, which is the server's (state-scripts.ts), the order of an owner's writes (redis-ownership.ts).
 *
 * 1. Whatever is sent again, after a cut or a timeout, is applied once: writes have a number, acquisitions an id.
 * 2. Redis may lose its last second, or everything, with a restart or a failover. It loses from the end: a new owner finds
 *    an older state that is consistent. An owner that runs on is refused with its next read or write.
 * 3. Epochs of a store that lost everything begin again at 1; owners are told apart by their random ids.
 */

import { randomBytes } from "node:crypto";
import type { Clock } from "../../clock/clock.js";
import { systemClock } from "../../clock/system-clock.js";
import { type Logger, silentLogger } from "../../logger/logger.js";
import { type PartitionOwnership, type StateStore, StateStoreError } from "../state-store.js";
import { checkServer } from "./redis-check.js";
import { closedError, RedisConnection } from "./redis-connection.js";
import {
  CLOSE_DEADLINE_DEFAULT_MS,
  keyPrefixOf,
  type RedisStateStoreOptions,
  redisAddress,
} from "./redis-options.js";
import { RedisOwnership } from "./redis-ownership.js";
import { checkPartition, stateKeys } from "./state-keys.js";
import { ACQUIRE } from "./state-scripts.js";
import type { BelievedOwner } from "./stored-owner.js";

const ACQUISITION_BYTES = 16;
/** Each attempt lost is somebody else's acquisition between two messages of ours. */
const ACQUIRE_ATTEMPTS_MAX = 100;

/** @throws StateStoreError UNREACHABLE, NOT_AUTHORIZED, SETTINGS; RangeError for options. */
export async function openRedisStateStore(options: RedisStateStoreOptions): Promise<StateStore> {
  const prefix = keyPrefixOf(options);
  const connection = await RedisConnection.open(redisAddress(options), options);
  try {
    await checkServer(connection, options.logger);
    return new RedisStateStore(connection, prefix, options);
  } catch (error) {
    await connection.close();
    throw error;
  }
}

export class RedisStateStore implements StateStore {
  private readonly writes = new Set<Promise<unknown>>();
  private readonly clock: Clock;
  private readonly logger: Logger;
  private readonly closeDeadlineMs: number;
  private closing: Promise<void> | null = null;

  constructor(
    readonly connection: RedisConnection,
    private readonly prefix: string,
    options: RedisStateStoreOptions,
  ) {
    this.clock = options.clock ?? systemClock;
    this.logger = options.logger ?? silentLogger;
    this.closeDeadlineMs = options.closeDeadlineMs ?? CLOSE_DEADLINE_DEFAULT_MS;
  }

  async acquire(partition: number, owner: string): Promise<PartitionOwnership> {
    this.checkOpen();
    checkPartition(partition);
    const keys = stateKeys(this.prefix, partition);
    const epoch = await this.track(this.nextEpoch(partition, keys.owner, owner));
    return new RedisOwnership(this, { partition, epoch, owner }, keys);
  }

  async peekPartition(partition: number): Promise<Uint8Array | null> {
    this.checkOpen();
    checkPartition(partition);
    const args = [stateKeys(this.prefix, partition).partition];
    const [record] = await this.connection.call(`look at partition ${partition}`, [{ command: "GET", args }]);
    // A copy: the library's are parts of what arrived with them.
    return Buffer.isBuffer(record) ? Buffer.from(record) : null;
  }

  async close(): Promise<void> {
    this.closing ??= this.closeInTime();
    await this.closing;
  }

  /** @throws StateStoreError CLOSED. */
  checkOpen(): void {
    if (this.closing !== null) throw closedError();
  }

  /** `close` waits for it. */
  track<Result>(write: Promise<Result>): Promise<Result> {
    this.writes.add(write);
    const forget = () => this.writes.delete(write);
    write.then(forget, forget);
    return write;
  }

  noteWentBack({ partition, epoch }: BelievedOwner): void {
    this.logger.warn("state-store.went-back", { partition, epoch });
  }

  private async nextEpoch(partition: number, key: string, owner: string): Promise<number> {
    const acquisition = randomBytes(ACQUISITION_BYTES).toString("hex");
    const doing = `acquire partition ${partition}`;
    let believed = "0";
    for (let attempt = 1; attempt <= ACQUIRE_ATTEMPTS_MAX; attempt++) {
      const args = [believed, owner, acquisition];
      const [isOurs, epoch] = await this.connection.run(doing, { script: ACQUIRE, keys: [key], args });
      if (isOurs === 1) return Number(epoch);
      believed = String(epoch);
    }
    throw new StateStoreError(
      "FAILED",
      `${doing}: ${ACQUIRE_ATTEMPTS_MAX} times somebody else acquired it meanwhile; do several processes believe to have this partition?`,
      { retryable: true },
    );
  }

  private async closeInTime(): Promise<void> {
    const inTime = new AbortController();
    const late = this.clock.sleep(this.closeDeadlineMs, inTime.signal);
    await Promise.race([Promise.allSettled(this.writes), late]);
    inTime.abort();
    await this.connection.close();
    await Promise.allSettled(this.writes);
  }
}
