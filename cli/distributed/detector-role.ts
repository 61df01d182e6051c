/** `kadun detector`: judges the partitions of the journal that the group of detectors gives it. */

import { takeHeapRoom } from "../../platform/lifecycle/heap-room.js";
import { inlineMore } from "../../platform/lifecycle/inlining.js";
import { ProgressWatchdog } from "../../platform/lifecycle/progress-watchdog.js";
import { Topic } from "../../schemas/topics.js";
import { AnswerSender } from "../../services/detector/answer-sender.js";
import { OwnedPartitions } from "../../services/detector/owned-partitions.js";
import { BundleRegister } from "../bundle-register.js";
import { openPostgres, openRegister, openStore } from "../compose/distributed.js";
import { liveFetchPace, openKafka } from "../compose/kafka.js";
import { OperatingError } from "../exit-status.js";
import { migratePostgres } from "../process/alerts-process.js";
import { personBytesMaxOf } from "../process/person-settings.js";
import { startStatusServer } from "../process/status-server.js";
import { ActivationRegister } from "./activation-register.js";
import { BundleInForce } from "./bundle-in-force.js";
import { checkLogTopics } from "./check-topics.js";
import { DetectorLag, describeStanding, STANDING_MS_MAX } from "./detector-lag.js";
import { roleCommand } from "./role.js";
import { DETECTOR_SETTINGS } from "./settings.js";

export const DETECTOR_GROUP = "kadun-detector";

export const detector = roleCommand({
  name: "detector",
  about:
    "Judges the swipes of its share of the journal's partitions. Several run; when one ends the others take its share over.",
  table: DETECTOR_SETTINGS,
  start: async ({ settings, platform, closers, onFailure }) => {
    const { clock, logger, metrics } = platform;
    takeHeapRoom();
    inlineMore();
    const kafka = await openKafka(settings, platform, closers, {
      fetchPace: { ...liveFetchPace(settings), afterAppends: true },
    });
    const { log, joinGroup } = kafka;
    await checkLogTopics(kafka);
    const store = await openStore(settings, platform, closers);
    const database = await openPostgres(settings, closers);
    await migratePostgres(database);
    const readOnly = { readOnly: true };
    const bundles = new BundleRegister(openRegister(database, "bundles", closers, readOnly));
    const activations = new ActivationRegister(openRegister(database, "activations", closers, readOnly));
    // Otherwise each partition would find out for itself, later.
    await BundleInForce.open({ log, bundles, activations });
    const sender = closers.add(
      await AnswerSender.open({
        openProducer: () => log.producer(Topic.ANSWERS),
        clock,
        partitionCount: await log.partitionCount(Topic.ANSWERS),
        logger,
        metrics,
      }),
    );
    const producer = closers.add(await log.producer(Topic.DECISIONS));
    const personBytesMax = personBytesMaxOf(settings);
    const owned = new OwnedPartitions({
      ...(personBytesMax === null ? {} : { personBytesMax }),
      log,
      producer,
      store,
      clock,
      logger,
      metrics,
      bundles,
      onAnswer: sender.send,
      onFailure,
    });
    const group = await joinGroup({
      groupId: DETECTOR_GROUP,
      topic: Topic.JOURNAL,
      onAssignment: (partitions) => {
        logger.info("detector.assignment", { count: partitions.length });
        owned.assign(partitions);
      },
      onFailure,
    });
    // In order: the last checkpoints while the partitions are still ours, then the others get them.
    closers.add({ close: () => group.leave() });
    closers.add(owned);
    const lag = closers.add(
      new DetectorLag({
        log,
        owned,
        group,
        clock,
        logger,
        metrics,
        onStuck: (standing) => onFailure(new OperatingError(describeStanding(standing))),
      }),
    );
    closers.add(
      new ProgressWatchdog({
        clock,
        stuckAfterMs: STANDING_MS_MAX,
        howFar: () => lag.judgedRecords,
        howMuch: () => lag.waitingRecords,
        onStuck: ({ waiting, standingMs }) =>
          onFailure(
            new OperatingError(
              `no record judged for ${Math.round(standingMs / 1000)} s though ${waiting} wait; the process ends so that its supervisor starts it anew`,
            ),
          ),
      }),
    );
    const { host, port } = settings;
    return startStatusServer(
      {
        host,
        port,
        ...platform,
        readiness: async () => lag.readiness(),
        routes: { "GET /v1/status": async () => lag.status() },
      },
      closers,
    );
  },
});
