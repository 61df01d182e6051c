/** A producer id of the cluster: no two askers get the same. */

import type { Clock } from "../../clock/clock.js";
import { EventLogError } from "../event-log.js";
import { initProducerIdRequest } from "./init-producer-id.js";
import type { KafkaCluster } from "./kafka-cluster.js";
import { eventLogErrorOfCode, eventLogErrorOfWire, KafkaWireError } from "./kafka-errors.js";

export interface ProducerId {
  readonly producerId: number;
  readonly producerEpoch: number;
}

/** A node that has just started answers after a second or two. */
const DEADLINE_MS = 15_000;
const PAUSE_MS = 200;

/** @throws EventLogError UNREACHABLE, NOT_AUTHORIZED. */
export async function newProducerId(cluster: KafkaCluster, clock: Clock): Promise<ProducerId> {
  const deadlineAt = performance.now() + DEADLINE_MS;
  for (let tries = 0; ; tries++) {
    try {
      return await ask(cluster, cluster.nodeIds[tries % cluster.nodeIds.length]);
    } catch (error) {
      if (!(error instanceof EventLogError && error.retryable) || performance.now() >= deadlineAt)
        throw error;
      await clock.sleep(PAUSE_MS);
    }
  }
}

async function ask(cluster: KafkaCluster, nodeId: number | undefined): Promise<ProducerId> {
  const doing = "fetch a producer id";
  if (nodeId === undefined)
    throw new EventLogError("UNREACHABLE", `${doing}: no node is up`, { retryable: true });
  try {
    const { errorCode, producerId, producerEpoch } = await cluster.send(nodeId, initProducerIdRequest());
    if (errorCode === 0) return { producerId, producerEpoch };
    throw eventLogErrorOfCode(errorCode, doing);
  } catch (error) {
    throw error instanceof KafkaWireError ? eventLogErrorOfWire(error, doing) : error;
  }
}
