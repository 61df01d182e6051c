/** A live partition on logs and a store in memory, for tests of the loop: what survives a crash is kept here. */

import { readFileSync } from "node:fs";
import { setImmediate as turn } from "node:timers/promises";
import { systemClock } from "../../platform/clock/system-clock.js";
import type { LogProducer } from "../../platform/event-log/event-log.js";
import { MemoryEventLog } from "../../platform/event-log/memory/memory-event-log.js";
import { MemoryLogWorld } from "../../platform/event-log/memory/memory-log-world.js";
import { silentLogger } from "../../platform/logger/logger.js";
import { noMetrics } from "../../platform/metrics/metrics.js";
import { MemoryStateStore } from "../../platform/state-store/memory/memory-state-store.js";
import { MemoryStateWorld } from "../../platform/state-store/memory/memory-state-world.js";
import type { StateStore } from "../../platform/state-store/state-store.js";
import type { JournalRecord } from "../../schemas/journal.js";
import { decodeJournalBody, decodeOutcomeBody, encodeBody } from "../../schemas/log-body.js";
import type { LoggedOutcome } from "../../schemas/outcomes.js";
import { decodePosition, type OutcomePosition, Topic } from "../../schemas/topics.js";
import { type LivePartition, openLivePartition } from "../../services/detector/detector.js";
import type { DetectorOptions } from "../../services/detector/detector-options.js";
import { ENGINE_VERSION } from "../../services/detector/outcome.js";
import { acceptBytes, isRefusal } from "../../services/ingest/accept.js";
import { ALL_ZERO_KEY, Tokeniser } from "../../services/ingest/tokens.js";
import { defaultBundle } from "./judge.js";

export const firstActivation: JournalRecord = {
  type: "activation",
  sequence: 0,
  bundleHash: defaultBundle.bundle.hash,
  engineVersion: ENGINE_VERSION,
  publishedBy: [],
};

/** The golden journal's acceptable records about persons and feeds, behind a first activation. */
export function goldenRecords(): JournalRecord[] {
  const context = { tokens: new Tokeniser(ALL_ZERO_KEY), drugs: defaultBundle.drugs };
  const lines = readFileSync(new URL("../golden/journal.ndjson", import.meta.url), "utf8").split("\n");
  const accepted = lines.map((line) => acceptBytes(Buffer.from(line), context));
  const records = accepted.filter((each): each is JournalRecord => !isRefusal(each));
  return [firstActivation, ...records.filter(({ type }) => type !== "activation")];
}

export class LiveWorld {
  readonly logs = new MemoryLogWorld({ [Topic.JOURNAL]: 1, [Topic.DECISIONS]: 1 });
  readonly states = new MemoryStateWorld();
  readonly log = new MemoryEventLog(this.logs);
  readonly store: StateStore = new MemoryStateStore(this.states);
  private owners = 0;

  append(records: readonly JournalRecord[], header = new Uint8Array(0)): void {
    this.logs.append(
      Topic.JOURNAL,
      0,
      records.map((record) => ({
        key: "personKey" in record ? record.personKey : "",
        value: encodeBody(record),
        header,
      })),
    );
  }

  producer(): Promise<LogProducer> {
    return this.log.producer(Topic.DECISIONS);
  }

  async open(options: Partial<DetectorOptions> = {}): Promise<LivePartition> {
    return openLivePartition(
      {
        log: this.log,
        producer: await this.producer(),
        store: this.store,
        clock: systemClock,
        logger: silentLogger,
        metrics: noMetrics,
        bundles: {
          load: (hash) => Promise.resolve(hash === defaultBundle.bundle.hash ? defaultBundle.bundle : null),
        },
        ownerId: `owner-${this.owners++}`,
        ...options,
      },
      0,
    );
  }

  /** Runs a partition until it judged the whole journal, then stops it. */
  async runToEnd(options: Partial<DetectorOptions> = {}): Promise<LivePartition> {
    const live = await this.open(options);
    const stop = new AbortController();
    const running = live.run(stop.signal);
    const ended = running.catch(() => "ended" as const);
    const end = this.logs.bounds(Topic.JOURNAL, 0).end;
    for (let isOver = false; !isOver && live.status.judgedOffset + 1 < end; ) {
      isOver = (await Promise.race([ended, turn("going on" as const)])) === "ended";
    }
    stop.abort();
    await running;
    return live;
  }

  journal(): { offset: number; appendedAtMs: number; record: JournalRecord }[] {
    const { end } = this.logs.bounds(Topic.JOURNAL, 0);
    return this.logs
      .read(Topic.JOURNAL, 0, 0, { recordsMax: end + 1, bytesMax: Number.MAX_SAFE_INTEGER, waitMs: 0 })
      .map(({ offset, appendedAtMs, value }) => ({ offset, appendedAtMs, record: decodeJournalBody(value) }));
  }

  decisions(): { position: OutcomePosition; outcome: LoggedOutcome }[] {
    const { end } = this.logs.bounds(Topic.DECISIONS, 0);
    return this.logs
      .read(Topic.DECISIONS, 0, 0, { recordsMax: end + 1, bytesMax: Number.MAX_SAFE_INTEGER, waitMs: 0 })
      .map(({ header, value }) => ({ position: decodePosition(header), outcome: decodeOutcomeBody(value) }));
  }
}
