/** The log as generator and observer use it: Kadun's own Kafka client, for all engines alike. */

import { systemClock } from "../../platform/clock/system-clock.js";
import type { EventLog } from "../../platform/event-log/event-log.js";
import { openKafkaEventLog } from "../../platform/event-log/kafka/kafka-event-log.js";
import { silentLogger } from "../../platform/logger/logger.js";

/** A pause of the observer would be a part of every latency. */
const NO_PAUSE = { leastMs: 0, mostMs: 0 } as const;

/** @throws EventLogError. */
export function openLoadLog(brokers: string, clientId: string): Promise<EventLog> {
  return openKafkaEventLog({
    brokers: brokers.split(","),
    clientId,
    tls: null,
    sasl: null,
    clock: systemClock,
    logger: silentLogger,
    fetchPace: NO_PAUSE,
  });
}
