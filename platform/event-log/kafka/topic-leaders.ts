/** Partitions of the topics asked for and who leads them, as last heard. */
import { EventLogError } from "../event-log.js";
import { eventLogErrorOfCode } from "./kafka-errors.js";
import type { TopicPartitions } from "./metadata-request.js";

/** So long an answer is used without asking again; Kafka's clients ask every 5 minutes, a wrong leader is told at once. */
const AGE_MAX_MS = 60_000;
const UNKNOWN_TOPIC = 3;

interface Heard {
  readonly answer: TopicPartitions;
  readonly atMs: number;
}

export class TopicLeaders {
  readonly #heard = new Map<string, Heard>();
  readonly #everKnown = new Set<string>();

  heard(topics: readonly TopicPartitions[]): void {
    for (const answer of topics) {
      this.#heard.set(answer.topic, { answer, atMs: performance.now() });
      if (answer.errorCode === 0) this.#everKnown.add(answer.topic);
    }
  }

  isKnown(topic: string): boolean {
    return this.#heard.get(topic)?.answer.errorCode === 0;
  }

  isOld(topic: string): boolean {
    const heard = this.#heard.get(topic);
    return heard !== undefined && performance.now() - heard.atMs > AGE_MAX_MS;
  }

  /** @throws EventLogError */
  partitionCount(topic: string): number {
    return this.#known(topic).partitions.length;
  }

  /** -1 where none was heard of. */
  knownLeader(topic: string, partition: number): number {
    const answer = this.#heard.get(topic)?.answer;
    return answer?.errorCode === 0 ? (answer.partitions[partition]?.leader ?? -1) : -1;
  }

  /** -1 where the partition has no leader now. @throws EventLogError */
  leader(topic: string, partition: number): number {
    const { partitions } = this.#known(topic);
    const place = partitions[partition];
    if (place !== undefined) return place.leader;
    const message = `topic "${topic}" has ${partitions.length} partitions, 0 to ${partitions.length - 1}; asked for ${partition}`;
    throw new EventLogError("TOPIC_UNKNOWN", message);
  }

  #known(topic: string): TopicPartitions {
    const answer = this.#heard.get(topic)?.answer;
    if (answer !== undefined && answer.errorCode === 0) return answer;
    if (answer !== undefined && answer.errorCode !== UNKNOWN_TOPIC) {
      throw eventLogErrorOfCode(answer.errorCode, `topic "${topic}"`);
    }
    // A node that has just started, or lags, may not know yet of a topic that there is.
    throw new EventLogError(
      "TOPIC_UNKNOWN",
      `topic "${topic}" is not known to the Kafka cluster: create it first`,
      {
        retryable: this.#everKnown.has(topic),
      },
    );
  }
}
