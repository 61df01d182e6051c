/** A question to a partition's leader, whoever that is by now: repeating it changes nothing, so it is repeated. */

import { setTimeout as sleep } from "node:timers/promises";
import { EventLogError } from "../event-log.js";
import type { KafkaCluster } from "./kafka-cluster.js";
import { eventLogErrorOfCode, eventLogErrorOfWire, KafkaWireError } from "./kafka-errors.js";
import type { WireRequest } from "./wire-request.js";

/** An election or the restart of a server, with room to spare. */
const DEADLINE_MS = 15_000;
const PAUSE_FIRST_MS = 50;
const PAUSE_MAX_MS = 500;

export type AskedCluster = Pick<KafkaCluster, "leaderOf" | "refresh" | "send">;

export interface LeaderQuestion<Answer> {
  readonly topic: string;
  readonly partition: number;
  /** For messages: "find the end of". */
  readonly doing: string;
  readonly request: WireRequest<Answer>;
  readonly errorCodeOf: (answer: Answer) => number;
}

/** @throws EventLogError, the last one where the deadline has passed. */
export async function askLeader<Answer>(
  cluster: AskedCluster,
  question: LeaderQuestion<Answer>,
): Promise<Answer> {
  const deadlineMs = performance.now() + DEADLINE_MS;
  for (let pauseMs = PAUSE_FIRST_MS; ; pauseMs = Math.min(PAUSE_MAX_MS, pauseMs * 2)) {
    try {
      return await askOnce(cluster, question);
    } catch (error) {
      const isHopeless = !(error instanceof EventLogError && error.retryable);
      if (isHopeless || performance.now() >= deadlineMs) throw error;
    }
    await sleep(pauseMs);
    await refreshed(cluster, question.topic);
  }
}

async function askOnce<Answer>(cluster: AskedCluster, question: LeaderQuestion<Answer>): Promise<Answer> {
  const { topic, partition, request, errorCodeOf } = question;
  const doing = `${question.doing} ${topic}/${partition}`;
  try {
    const answer = await cluster.send(await cluster.leaderOf(topic, partition), request);
    const errorCode = errorCodeOf(answer);
    if (errorCode === 0) return answer;
    throw eventLogErrorOfCode(errorCode, doing);
  } catch (error) {
    throw error instanceof KafkaWireError ? eventLogErrorOfWire(error, doing) : error;
  }
}

/** Where nobody answers, the next question says so. */
async function refreshed(cluster: AskedCluster, topic: string): Promise<void> {
  try {
    await cluster.refresh([topic]);
  } catch (error) {
    if (!(error instanceof EventLogError)) throw error;
  }
}
