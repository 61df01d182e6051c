/** Pages of rules on a real service of bundles: two partitions answer each activation; three people with keys. */

import { join } from "node:path";
import { packageRoot } from "../../../cli/package-root.js";
import { readBundle, rulesRequests } from "../../../cli/process/bundles-process.js";
import { MemoryEventLog } from "../../../platform/event-log/memory/memory-event-log.js";
import { MemoryLogWorld } from "../../../platform/event-log/memory/memory-log-world.js";
import { silentLogger } from "../../../platform/logger/logger.js";
import { noMetrics } from "../../../platform/metrics/metrics.js";
import { encodeBody } from "../../../schemas/log-body.js";
import { encodePosition, Topic } from "../../../schemas/topics.js";
import type { ActivationOrder, RunningActivation } from "../../../services/bundles/activation-sender.js";
import { type BundlesService, startBundles } from "../../../services/bundles/bundles-service.js";
import { consolePageHeaders } from "../../../services/console/server/page-headers.js";
import { openWebFiles } from "../../../services/console/server/web-files.js";
import { RulesConsoleWorld, shipped } from "../../console/rules/rules-console-world.js";

const PARTITIONS = 2;

export class RulesOffice {
  readonly keys = new Map<string, string>();

  private constructor(
    readonly world: RulesConsoleWorld,
    private readonly log: MemoryEventLog,
    readonly service: BundlesService,
  ) {}

  static async open(people: readonly string[]): Promise<RulesOffice> {
    const world = await RulesConsoleWorld.open();
    const logs = new MemoryLogWorld({ [Topic.JOURNAL]: PARTITIONS, [Topic.DECISIONS]: PARTITIONS });
    const log = new MemoryEventLog(logs);
    await world.begin();
    const service = await startBundles({
      log,
      database: world.database,
      migrationsFolder: join(packageRoot, "schemas", "postgres"),
      sender: journalOf(logs),
      contentOf: async () => shipped.content,
      readBundle,
      guard: world.room.guard,
      lowerRules: null,
      clock: world.clock,
      logger: silentLogger,
      metrics: noMetrics,
    });
    const office = new RulesOffice(world, log, service);
    world.before = rulesRequests({ service, admit: world.admit, logger: silentLogger });
    const web = openWebFiles({ folder: join(packageRoot, "dist", "web"), headersOf: consolePageHeaders });
    world.after = async (request, response) => web(request, response);
    for (const name of people) {
      const key = await service.people.add(name);
      office.keys.set(name, key);
      world.add(name, "rule-manager", [""], key);
    }
    return office;
  }

  async close(): Promise<void> {
    await this.world.stop();
    await this.service.close();
    await this.log.close();
    await this.world.close();
  }
}

/** A journal whose detectors take every activation at once. */
function journalOf(logs: MemoryLogWorld) {
  let journalOffset = 0;
  let running: RunningActivation = {
    sequence: 0,
    bundleHash: shipped.bundle.hash,
    shadowBundleHash: null,
    engineVersion: "1",
    publishedBy: [],
  };
  const hashOf = (content: unknown) => {
    const read = readBundle(content);
    if ("mistakes" in read) throw new Error("the office sent a bundle with mistakes");
    return read.bundleHash;
  };
  return {
    running: async () => running,
    send: async ({ sequence, content, shadow, publishedBy }: ActivationOrder) => {
      const shadowBundleHash = shadow === null ? null : hashOf(shadow);
      const activation = { sequence, bundleHash: hashOf(content), shadowBundleHash, engineVersion: "1" };
      running = { ...activation, publishedBy };
      for (let partition = 0; partition < PARTITIONS; partition++) {
        const header = encodePosition({ journalOffset: journalOffset++, sequence: 0 });
        const value = encodeBody({ type: "activated", ...activation });
        logs.append(Topic.DECISIONS, partition, [{ key: "", value, header }]);
      }
      return { engineVersion: "1" };
    },
  };
}
