/** The log as generator and observer use it: Kadun's own Kafka client, for all engines alike. */

import { systemClock } from "../../platform/clock/system-clock.js";
import type { EventLog } from "../../platform/event-log/event-log.js";
import { openKafkaEventLog } from "../../platform/event-log/kafka/kafka-event-log.js";
import { silentLogger } from "../../platform/logger/logger.js";

/** The observer's share of every latency is half of it. */
const PACE = { leastMs: 1, mostMs: 1 } as const;

/** @throws EventLogError. */
export function openLoadLog(brokers: string, clientId: string): Promise<EventLog> {
  return openKafkaEventLog({
    brokers: brokers.split(","),
    clientId,
    tls: null,
    sasl: null,
    clock: systemClock,
    logger: silentLogger,
    fetchPace: PACE,
  });
}
