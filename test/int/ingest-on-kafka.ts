/** An ingest process on Kafka as the suites open it: topics and groups of one run carry a suffix. */

import { systemClock } from "../../platform/clock/system-clock.js";
import type { EventLog } from "../../platform/event-log/event-log.js";
import { kafkaPartitionGroups } from "../../platform/event-log/kafka/group/kafka-partition-group.js";
import { KafkaCluster } from "../../platform/event-log/kafka/kafka-cluster.js";
import { kafkaEventLog } from "../../platform/event-log/kafka/kafka-event-log.js";
import type { JoinPartitionGroup } from "../../platform/event-log/partition-group.js";
import { MemoryKeyValue } from "../../platform/key-value/memory/memory-key-value.js";
import { silentLogger } from "../../platform/logger/logger.js";
import { noMetrics } from "../../platform/metrics/metrics.js";
import { SealedBox } from "../../platform/sealed-box/sealed-box.js";
import { Topic } from "../../schemas/topics.js";
import { DeadLetters } from "../../services/ingest/dead-letters.js";
import { InstitutionRegister } from "../../services/ingest/institution-register.js";
import { Intake } from "../../services/ingest/intake.js";
import { JournalWriter } from "../../services/ingest/journal-writer.js";
import { RawSource } from "../../services/ingest/raw-source.js";
import type { RawSourceLimits } from "../../services/ingest/raw-source-options.js";
import { ALL_ZERO_KEY, Tokeniser } from "../../services/ingest/tokens.js";
import { defaultBundle } from "../support/judge.js";
import { withTopicsRenamed } from "../support/renamed-topics.js";
import { type KafkaLogPlace, optionsOf } from "./kafka-event-log-under-test.js";

/** Who is killed is missed after so long. */
export const SESSION_MS = 3_000;

export interface IngestPlace extends KafkaLogPlace {
  /** Of the dead letters, as hex. */
  readonly boxKey: string;
}

export interface IngestProcess {
  readonly log: EventLog;
  readonly intake: Intake;
  readonly deadLetters: DeadLetters;
  readonly source: RawSource;
  /** In order; ends groups at once. */
  close(): Promise<void>;
}

export async function openIngest(
  place: IngestPlace,
  limits: Partial<RawSourceLimits>,
  onFailure: (error: unknown) => void,
): Promise<IngestProcess> {
  const rename = (name: string) => `${name}.${place.suffix}`;
  const cluster = await KafkaCluster.open(optionsOf(place.bootstrap));
  const log = withTopicsRenamed(kafkaEventLog(cluster, { clock: systemClock, logger: silentLogger }), rename);
  const groups = kafkaPartitionGroups({
    cluster,
    clock: systemClock,
    logger: silentLogger,
    sessionTimeoutMs: SESSION_MS,
  });
  const join: JoinPartitionGroup = (options) =>
    groups({ ...options, groupId: rename(options.groupId), topic: rename(options.topic) });
  const partitionCount = await log.partitionCount(Topic.JOURNAL);
  const writer = new JournalWriter({ producer: await log.producer(Topic.JOURNAL), partitionCount });
  const store = new MemoryKeyValue();
  const box = new SealedBox({ id: "vault-1", key: Buffer.from(place.boxKey, "hex") });
  const deadLetters = new DeadLetters({
    log,
    producer: await log.producer(Topic.DEAD_LETTERS),
    box,
    store,
  });
  const intake = new Intake({
    tokens: new Tokeniser(ALL_ZERO_KEY),
    drugs: defaultBundle.drugs,
    writer,
    institutions: await InstitutionRegister.open(store, { logger: silentLogger, metrics: noMetrics }),
  });
  const common = { log, intake, writer, deadLetters, clock: systemClock, logger: silentLogger };
  const source = await RawSource.open({ ...common, join, metrics: noMetrics, onFailure, limits });
  return {
    log,
    intake,
    deadLetters,
    source,
    close: async () => {
      await source.close();
      await Promise.all([writer.close(), deadLetters.close()]);
      await log.close();
      await cluster.close();
    },
  };
}
