/** `kadun ingest`: the gateway, and records from the raw topics, into the journal of a distributed Kadun. */

import { randomInt } from "node:crypto";
import type { AddressInfo } from "node:net";
import { takeHeapRoom } from "../../platform/lifecycle/heap-room.js";
import type { Readiness } from "../../schemas/http/readiness.js";
import { Topic } from "../../schemas/topics.js";
import { ENGINES } from "../../services/detector/engine.js";
import { AnswerReceiver } from "../../services/ingest/answer-receiver.js";
import { Answers } from "../../services/ingest/answers.js";
import type { GatewayOptions } from "../../services/ingest/gateway-options.js";
import { Intake } from "../../services/ingest/intake.js";
import { JournalWriter } from "../../services/ingest/journal-writer.js";
import { MovedPersons } from "../../services/ingest/moved-persons.js";
import type { Networks } from "../../services/ingest/networks.js";
import { RawSource } from "../../services/ingest/raw-source.js";
import { BundleRegister } from "../bundle-register.js";
import { openBox, openPostgres, openRegister } from "../compose/distributed.js";
import { type KafkaParts, liveFetchPace, openKafka } from "../compose/kafka.js";
import { OperatingError } from "../exit-status.js";
import type { ProcessPlatform } from "../platforms.js";
import { Activations } from "../process/activations.js";
import { migratePostgres } from "../process/alerts-process.js";
import { carrierOf } from "../process/carrier.js";
import type { Closers } from "../process/closers.js";
import { openGateway } from "../process/gateway-app.js";
import { gatewayEnd } from "../process/gateway-end.js";
import { BOOTSTRAP_REASON, reasonsOfLag } from "../process/lag-reasons.js";
import { isLocalKeyKnown } from "../process/local-key.js";
import { ActivationRegister } from "./activation-register.js";
import { BundleInForce } from "./bundle-in-force.js";
import { checkLogTopics } from "./check-topics.js";
import { RegisterRefresh } from "./register-refresh.js";
import { roleCommand } from "./role.js";
import { openRoleKey } from "./role-key.js";
import { INGEST_SETTINGS } from "./settings.js";

export const CARRIER_GROUP = "kadun-carrier";

export const ingest = roleCommand({
  name: "ingest",
  about:
    "Takes records in over HTTP and from the raw topics, appends them to the journal, gives the judges' answers to waiting calls. Several may run.",
  table: INGEST_SETTINGS,
  start: async ({ settings, platform, closers, onFailure }) => {
    const { clock, logger, metrics } = platform;
    takeHeapRoom();
    const box = openBox(settings);
    const linkageKey = openRoleKey("KADUN_LINKAGE_KEY_FILE", settings.linkageKeyFile);
    const kafka = await openKafka(settings, platform, closers, { fetchPace: liveFetchPace(settings) });
    const { log } = kafka;
    const partitionCount = await checkLogTopics(kafka);
    const database = await openPostgres(settings, closers);
    await migratePostgres(database);
    const register = (name: "contacts" | "institutions" | "networks" | "redriven" | "moved") =>
      openRegister(database, name, closers);
    const keyValues = {
      contacts: register("contacts"),
      institutions: register("institutions"),
      networks: register("networks"),
      redriven: register("redriven"),
      moved: register("moved"),
    };
    const bundles = new BundleRegister(openRegister(database, "bundles", closers));
    const activations = new ActivationRegister(openRegister(database, "activations", closers));
    const inForce = await BundleInForce.open({ log, bundles, activations });
    const { answers, receiver } = await openAnswers(kafka, settings.answerTimeLimitMs, platform, closers);
    const moved = await MovedPersons.open(keyValues.moved, { logger, metrics });
    const writer = new JournalWriter({
      producer: closers.add(await log.producer(Topic.JOURNAL)),
      partitionCount,
      placed: moved.placed,
    });
    closers.add(writer);
    const sources: RawSource[] = [];
    const readiness = () => readinessOf(receiver, sources, clock.now());
    const gateway = { ...platform, log, box, linkageKey, keyValues };
    const { app, options } = await openGateway(gateway, {
      writer,
      answers,
      moved,
      active: () => inForce.bundle,
      readiness,
      activations: new Activations({
        writer,
        bundles,
        engineVersions: [...ENGINES.keys()],
        running: () => inForce.running(partitionCount),
      }),
      prepare: async (networks) => checkLocalKey(settings.localKeyFile, networks),
    });
    closers.add(new RegisterRefresh({ ...options, moved, inForce, clock, logger }));
    const carrier = closers.add(
      carrierOf(options, gateway, {
        moved,
        onActivated: (partition, activation) => activations.put(partition, activation),
        onFailure,
      }),
    );
    const carriers = await kafka.joinGroup({
      groupId: CARRIER_GROUP,
      topic: Topic.DECISIONS,
      onAssignment: (partitions) => carrier.assign(partitions),
      onFailure,
    });
    closers.add({ close: () => carriers.leave() });
    if (settings.rawTopics) sources.push(closers.add(await rawSource(kafka, options, onFailure)));
    closers.add(gatewayEnd(app, clock, settings.answerTimeLimitMs));
    await app.listen({ host: settings.host, port: settings.port });
    return `http://${settings.host}:${(app.server.address() as AddressInfo).port}`;

    function rawSource({ joinGroup }: KafkaParts, gatewayOptions: GatewayOptions, fail: typeof onFailure) {
      return RawSource.open({
        log,
        join: joinGroup,
        intake: new Intake(gatewayOptions),
        writer,
        deadLetters: gatewayOptions.deadLetters,
        clock,
        logger,
        metrics,
        onFailure: fail,
      });
    }
  },
});

async function openAnswers(
  { log }: KafkaParts,
  timeLimitMs: number,
  { clock, logger, metrics }: ProcessPlatform,
  closers: Closers,
) {
  const partition = randomInt(await log.partitionCount(Topic.ANSWERS));
  const answers = new Answers({ clock, metrics, timeLimitMs, partition });
  const receiver = closers.add(await AnswerReceiver.open({ log, partition, answers, clock, logger }));
  closers.add({ close: async () => answers.close() });
  return { answers, receiver };
}

function checkLocalKey(path: string, networks: Networks): void {
  if (isLocalKeyKnown(path, networks)) return;
  throw new OperatingError(
    `${path}: the register of networks does not know this key; run 'kadun topics create' against the same database, or give the file that it made (KADUN_LOCAL_KEY_FILE)`,
  );
}

/** A broker that fails over takes seconds. */
const TROUBLE_MS_MAX = 30_000;

function readinessOf(receiver: AnswerReceiver, sources: readonly RawSource[], nowMs: number): Readiness {
  const reasons: string[] = [];
  if (!receiver.isReading)
    reasons.push("ANSWERS_NOT_READ: calls get the stand-in's answers; see the log of this process");
  if (receiver.isBootstrapped === false) reasons.push(BOOTSTRAP_REASON);
  for (const source of sources)
    for (const { topic, lagRecords, trouble } of source.status().topics) {
      reasons.push(...reasonsOfLag([{ lag: lagRecords }]).reasons.map((reason) => `${topic}: ${reason}`));
      if (trouble !== null && nowMs - trouble.sinceMs > TROUBLE_MS_MAX)
        reasons.push(`${topic}: NOT_TAKEN_IN: its records wait for what fails; see the log of this process`);
    }
  return { ready: reasons.length === 0, reasons };
}
