/**
 * A distributed Kadun under load over servers that fail, and the verdict on what it made.
 *
 * Owns: everything that runs, the folder. Does not own: the faults (the tests).
 */

import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isReconciled } from "../../bench/load/office-client.js";
import { contactsOf } from "../../cli/demo/contacts.js";
import { putContacts } from "../../cli/demo/feed-city.js";
import type { ProcessPlatform } from "../../cli/platforms.js";
import { systemClock } from "../../platform/clock/system-clock.js";
import type { EventLog } from "../../platform/event-log/event-log.js";
import { KafkaCluster } from "../../platform/event-log/kafka/kafka-cluster.js";
import { kafkaEventLog } from "../../platform/event-log/kafka/kafka-event-log.js";
import { openKeyFile } from "../../platform/lifecycle/key-file.js";
import { silentLogger } from "../../platform/logger/logger.js";
import { noMetrics } from "../../platform/metrics/metrics.js";
import { cityLines } from "./city-lines.js";
import { CityLoad } from "./city-load.js";
import { isInOrder, onceFindings, replayFindings } from "./effective-findings.js";
import { FaultKadun } from "./fault-kadun.js";
import { byLength, KEEP, SEED } from "./fault-run.js";
import { type FaultKafka, type FaultServers, startFaultServers } from "./fault-servers.js";
import { JournalIndex } from "./journal-index.js";
import { alertFindings, type MadeAlerts, readMadeAlerts, UndisturbedAlerts } from "./made-alerts.js";
import { checkPartition, type PartitionChecked } from "./partition-check.js";
import { RawSender } from "./raw-sender.js";
import { withClient } from "./redis-place.js";
import { replayedLines } from "./replayed-lines.js";
import { until } from "./until.js";

export interface FaultWorldOptions {
  readonly name: string;
  readonly startKafka: () => Promise<FaultKafka>;
  readonly partitions: number;
  readonly replicationFactor?: number;
  readonly city: { readonly persons: number; readonly days: number };
  readonly linesPerSecond: number;
}

/** What a fault leaves when nothing went wrong; the counts are for the reader. */
export interface Verdict {
  readonly findings: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
}

const LINES_AROUND = byLength({ short: 30, long: 60 });

export const PLATFORM: ProcessPlatform = {
  clock: systemClock,
  logger: silentLogger,
  metrics: noMetrics,
  metricsText: { contentType: "text/plain", text: async () => "" },
};

export class FaultWorld {
  private constructor(
    private readonly options: FaultWorldOptions,
    readonly folder: string,
    readonly servers: FaultServers,
    readonly kadun: FaultKadun,
    readonly cluster: KafkaCluster,
    readonly log: EventLog,
    readonly load: CityLoad,
    private readonly undisturbed: UndisturbedAlerts,
    private readonly journal: JournalIndex,
  ) {}

  static async open(options: FaultWorldOptions): Promise<FaultWorld> {
    const folder = KEEP === null ? mkdtempSync(join(tmpdir(), "kadun-faults-")) : join(KEEP, options.name);
    mkdirSync(folder, { recursive: true });
    const servers = await startFaultServers(folder, options.startKafka);
    const { partitions, replicationFactor = 1, linesPerSecond, city } = options;
    const kadun = new FaultKadun({ servers: servers.environment, folder, partitions, replicationFactor });
    try {
      await kadun.start();
      const brokers = servers.kafka.bootstrap.split(",");
      const cluster = await KafkaCluster.open({ brokers, clientId: "faults", tls: null, sasl: null });
      const log = kafkaEventLog(cluster, { ...PLATFORM });
      const { lines, people } = cityLines({ seed: SEED, ...city });
      const gateway = kadun.gateway;
      const load = new CityLoad({ lines, linesPerSecond, gateway, raw: await RawSender.open(log) });
      await putContacts(gateway, contactsOf(people));
      const undisturbed = await UndisturbedAlerts.open(servers.postgres.url, folder);
      return new FaultWorld(
        options,
        folder,
        servers,
        kadun,
        cluster,
        log,
        load,
        undisturbed,
        new JournalIndex(log, partitions),
      );
    } catch (error) {
      await kadun.stop();
      await servers.close();
      throw error;
    }
  }

  /** The fault happens under load: lines are taken before and after it. */
  async under(fault: () => Promise<unknown>): Promise<void> {
    this.load.start();
    await this.load.progress(LINES_AROUND);
    await fault();
    await this.load.progress(LINES_AROUND);
  }

  /** The load pauses and everything is worked off. */
  async quiet(): Promise<void> {
    await this.load.stop();
    await this.kadun.cluster.caughtUp();
  }

  /** The load pauses, everything is worked off, and what came of it is compared. */
  async verdict(): Promise<Verdict> {
    const { kadun, load } = this;
    await load.stop();
    await until("the journal holds all that was sent", async () => {
      const held = await this.journal.eventIds();
      return load.sent.every(({ eventId }) => held.has(eventId));
    });
    const reconciliation = await kadun.cluster.reconciled();
    const checked = await this.checkedPartitions();
    const effective = checked.flatMap((each) => each.effective);
    const { expected, made } = await this.madeAlerts();
    const findings = [
      ...load.refused.map((refusal) => `refused: ${JSON.stringify(refusal)}`),
      ...checked.flatMap((each) => each.findings),
      ...onceFindings(load.sent, effective),
      ...replayFindings(await this.replayed(), load.sent, effective, this.linkageKey),
      ...(isReconciled(reconciliation) ? [] : [`not reconciled: ${JSON.stringify(reconciliation)}`]),
      ...alertFindings(expected, made),
      ...kadun.endedByThemselves.splice(0).map((what) => `ended by itself: ${what}`),
    ];
    const sum = (count: (each: PartitionChecked) => number) =>
      checked.reduce((total, each) => total + count(each), 0);
    const counts = {
      sent: load.sent.length,
      resent: load.resent,
      journalRecords: sum((each) => each.journalRecords),
      effective: effective.length,
      repeats: sum((each) => each.repeats),
      alertRows: made.rows.size,
      smsSent: made.smsSent.length,
    };
    return { findings, counts };
  }

  async close(): Promise<void> {
    await this.kadun.stop();
    await this.log.close();
    await this.cluster.close();
    await this.servers.close();
    if (KEEP === null) rmSync(this.folder, { recursive: true, force: true });
  }

  get linkageKey(): Buffer {
    return openKeyFile(this.keyFile("KADUN_LINKAGE_KEY_FILE"), { mayMake: false });
  }

  keyFile(variable: string): string {
    return this.kadun.cluster.environment[variable]!;
  }

  private checkedPartitions(): Promise<PartitionChecked[]> {
    return withClient(this.servers.redis.url, async (redis) => {
      const checked: PartitionChecked[] = [];
      for (let partition = 0; partition < this.options.partitions; partition++)
        checked.push(await checkPartition(this.log, redis, partition));
      return checked;
    });
  }

  /** What was sent in order, without anything that runs. */
  private replayed(): Promise<readonly string[]> {
    const inOrder = this.load.sent.filter(({ way }) => isInOrder(way)).map(({ json }) => json);
    return replayedLines(inOrder, this.keyFile("KADUN_LINKAGE_KEY_FILE"), this.folder);
  }

  private async madeAlerts(): Promise<{ readonly expected: MadeAlerts; readonly made: MadeAlerts }> {
    const { log, undisturbed, servers, kadun } = this;
    const postgresUrl = servers.postgres.url;
    const vaultKeyFile = this.keyFile("KADUN_VAULT_KEY_FILE");
    const expected = await undisturbed.make({ log, platform: PLATFORM, postgresUrl, vaultKeyFile });
    return { expected, made: await readMadeAlerts(postgresUrl, kadun.cluster.outbox) };
  }
}
