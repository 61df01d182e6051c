/** A log whose topics bear other names than the test gives them: suites with fixed names share a server. */

import type { EventLog } from "../../platform/event-log/event-log.js";

export function withTopicsRenamed(log: EventLog, rename: (topic: string) => string): EventLog {
  return {
    partitionCount: (topic) => log.partitionCount(rename(topic)),
    producer: (topic) => log.producer(rename(topic)),
    reader: (topic, partition, fromOffset) => log.reader(rename(topic), partition, fromOffset),
    bounds: (topic, partition) => log.bounds(rename(topic), partition),
    tail: (topic, partition) => log.tail(rename(topic), partition),
    trim: (topic, partition, start) => log.trim(rename(topic), partition, start),
    close: () => log.close(),
  };
}
