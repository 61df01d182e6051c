/**
 * Is a process that follows a log into a database ready? Looked at every two seconds, told at once: whoever asks waits
 * for no server.
 *
 * Owns: the looks, what the last one found.
 * Does not own: following (the services), the servers.
 *
 * 1. Green means that log and database answered a moment ago, that what waits is little, and that it gets on: a
 *    partition that stands still is named, however little waits in it.
 * 2. A server that does not answer in time is away. It holds up neither the other questions nor the end.
 */

import type { Clock } from "../../platform/clock/clock.js";
import type { Logger } from "../../platform/logger/logger.js";
import type { Readiness } from "../../schemas/http/readiness.js";
import { LOG_AWAY, reasonsOfLag } from "./lag-reasons.js";
import { PartitionProgress } from "./partition-progress.js";

const EVERY_MS = 2_000;
/** An answer takes milliseconds. */
const ANSWER_MS = 3_000;
/** A look that took longer was a process that stood still itself. */
const PASSED_MS_MAX = EVERY_MS + 2 * ANSWER_MS;
/** The failover of a server and the longest pause between two tries (30 s) take less. */
const STANDING_MS_MAX = 60_000;

export interface FollowedPartition {
  readonly topic: string;
  readonly partition: number;
  readonly nextOffset: number;
  /** null where the log could not be asked. */
  readonly lag: number | null;
}

export interface LogFollowerOptions {
  readonly partitions: () => Promise<readonly FollowedPartition[]>;
  /** What else makes it red now. */
  readonly otherReasons?: () => readonly string[];
  readonly database: {
    readonly name: string;
    /** The setting that names it. */
    readonly variable: string;
    readonly ask: () => Promise<unknown>;
  };
  readonly clock: Clock;
  readonly logger: Logger;
}

export class LogFollower {
  private readonly closing = new AbortController();
  private readonly ended: Promise<void>;
  private readonly progress = new PartitionProgress<string>();
  private lookedAtMs: number;
  private reasons: readonly string[] = ["STARTING: log and database have not been asked yet; wait"];
  private isDatabaseAway = false;

  constructor(private readonly options: LogFollowerOptions) {
    this.lookedAtMs = options.clock.now();
    this.ended = this.run();
  }

  readiness(): Readiness {
    const reasons = [...(this.options.otherReasons?.() ?? []), ...this.reasons];
    return { ready: reasons.length === 0, reasons };
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.ended;
  }

  private async run(): Promise<void> {
    const { signal } = this.closing;
    while (!signal.aborted) {
      await this.look();
      await this.options.clock.sleep(EVERY_MS, signal);
    }
  }

  private async look(): Promise<void> {
    const { partitions, database, clock } = this.options;
    const [followed, databaseReasons] = await Promise.all([
      this.inTime(partitions()).catch(() => null),
      this.inTime(database.ask()).then(
        () => this.databaseReasons(null),
        (error: unknown) => this.databaseReasons(error),
      ),
    ]);
    const passedMs = Math.min(PASSED_MS_MAX, clock.now() - this.lookedAtMs);
    this.lookedAtMs = clock.now();
    this.reasons = [...databaseReasons, ...this.partitionReasons(passedMs, followed)];
  }

  /** @throws where no answer comes in time. */
  private async inTime<Answer>(asked: Promise<Answer>): Promise<Answer> {
    const over = new AbortController();
    const end = () => over.abort();
    this.closing.signal.addEventListener("abort", end);
    const late = this.options.clock.sleep(ANSWER_MS, over.signal).then(() => {
      throw new Error(`no answer within ${ANSWER_MS} ms`);
    });
    try {
      return await Promise.race([asked, late]);
    } finally {
      late.catch(() => {});
      this.closing.signal.removeEventListener("abort", end);
      over.abort();
    }
  }

  private databaseReasons(error: unknown): readonly string[] {
    const { database, logger } = this.options;
    const isAway = error !== null;
    if (isAway && !this.isDatabaseAway && !this.closing.signal.aborted)
      logger.warn("database.away", { error });
    this.isDatabaseAway = isAway;
    if (!isAway) return [];
    return [
      `DATABASE_UNREACHABLE: ${database.name} (${database.variable}) does not answer; what the log holds waits for it; see the log of this process`,
    ];
  }

  private partitionReasons(passedMs: number, followed: readonly FollowedPartition[] | null) {
    if (followed === null) return [LOG_AWAY];
    const open = followed.map(({ topic, partition, nextOffset, lag }) => ({
      partition: `${topic}/${partition}`,
      doneOffset: nextOffset,
      lag,
    }));
    this.progress.look(passedMs, [], open);
    const standing = this.progress
      .standing(STANDING_MS_MAX)
      .map(
        ({ partition, standingMs, waiting }) =>
          `STANDING: ${partition}: nothing stored for ${Math.round(standingMs / 1000)} s though ${waiting} wait; see the log of this process`,
      );
    return [...reasonsOfLag(followed).reasons, ...standing];
  }
}
