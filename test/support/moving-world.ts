/** Partitions (two unless told), their detectors and the carrier between them, on logs and stores in memory: what survives a crash is kept here. */

import { setImmediate as turn } from "node:timers/promises";
import { systemClock } from "../../platform/clock/system-clock.js";
import { consumeOnce } from "../../platform/event-log/consume-once.js";
import type { LogProducer } from "../../platform/event-log/event-log.js";
import { MemoryEventLog } from "../../platform/event-log/memory/memory-event-log.js";
import { MemoryLogWorld } from "../../platform/event-log/memory/memory-log-world.js";
import { MemoryKeyValue } from "../../platform/key-value/memory/memory-key-value.js";
import { silentLogger } from "../../platform/logger/logger.js";
import { noMetrics } from "../../platform/metrics/metrics.js";
import { MemoryStateStore } from "../../platform/state-store/memory/memory-state-store.js";
import { MemoryStateWorld } from "../../platform/state-store/memory/memory-state-world.js";
import type { CanonicalActivation, JournalRecord } from "../../schemas/journal.js";
import { decodeJournalBody, decodeOutcomeBody } from "../../schemas/log-body.js";
import type { LoggedOutcome } from "../../schemas/outcomes.js";
import {
  DECISIONS_IN_ORDER,
  decodePosition,
  isAbove,
  type OutcomePosition,
  partitionOf,
  Topic,
} from "../../schemas/topics.js";
import type { DetectorBundle } from "../../services/detector/bundle.js";
import { openLivePartition } from "../../services/detector/detector.js";
import type { Answer } from "../../services/detector/detector-options.js";
import { acceptRecord, isRefusal } from "../../services/ingest/accept.js";
import { CarrierSink, type CarrierSinkOptions } from "../../services/ingest/carrier-sink.js";
import { JournalWriter } from "../../services/ingest/journal-writer.js";
import { MovedPersons } from "../../services/ingest/moved-persons.js";
import { ALL_ZERO_KEY, Tokeniser } from "../../services/ingest/tokens.js";
import { defaultBundle } from "./judge.js";
import { firstActivation } from "./live-partition.js";

const PARTITIONS = 2;
/** Ten persons in a ring are done in less than 40. */
const ROUNDS_MAX = 200;
const CONTEXT = { tokens: new Tokeniser(ALL_ZERO_KEY), drugs: defaultBundle.drugs };

/** An effect of the carrier on what others see; a crash comes right before or right after one. */
export type Step = (effect: string, does: () => Promise<unknown>) => Promise<void>;

export type CarrierParts = Partial<Pick<CarrierSinkOptions, "vault" | "logger" | "metrics">>;

export const noCrash: Step = async (_effect, does) => void (await does());

export class Crash extends Error {}

/** A person number whose records lie in that partition. */
export function numberIn(partition: number, name: string): string {
  for (let attempt = 0; ; attempt++) {
    const number = `${name}-${attempt}`;
    if (partitionOf(CONTEXT.tokens.token(number), PARTITIONS) === partition) return number;
  }
}

export function keyOf(number: string): string {
  return CONTEXT.tokens.token(number);
}

export class MovingWorld {
  readonly logs: MemoryLogWorld;
  readonly states = new MemoryStateWorld();
  readonly store = new MemoryKeyValue();
  readonly answers: Answer[] = [];
  readonly contactsMoved: string[] = [];
  private readonly log: MemoryEventLog;
  private readonly judgedTo = new Map<number, number>();
  private readonly carriedTo = new Map<number, number>();
  private owners = 0;

  private constructor(
    private readonly partitionCount: number,
    private readonly bundle: DetectorBundle,
  ) {
    this.logs = new MemoryLogWorld({ [Topic.JOURNAL]: partitionCount, [Topic.DECISIONS]: partitionCount });
    this.log = new MemoryEventLog(this.logs);
  }

  static async begin(partitionCount = PARTITIONS, { bundle } = defaultBundle): Promise<MovingWorld> {
    const world = new MovingWorld(partitionCount, bundle);
    const { writer } = await world.ingest();
    await writer.appendToAll({ ...firstActivation, bundleHash: bundle.hash } as CanonicalActivation);
    return world;
  }

  /** A gateway that starts now: it knows of moves what the store does. */
  async ingest() {
    const moved = await MovedPersons.open(this.store, { logger: silentLogger, metrics: noMetrics });
    const producer = await new MemoryEventLog(this.logs).producer(Topic.JOURNAL);
    const { partitionCount } = this;
    const writer = new JournalWriter({ producer, partitionCount, placed: moved.placed });
    const unaware = new JournalWriter({ producer, partitionCount });
    return { moved, writer, unaware };
  }

  /** Sends raw records through a gateway of now. */
  async send(records: readonly object[], header?: Uint8Array): Promise<void> {
    const { writer } = await this.ingest();
    await this.sendBy(writer, records, header);
  }

  /** Through a gateway that has not heard of any move. */
  async sendUnaware(records: readonly object[]): Promise<void> {
    const { unaware } = await this.ingest();
    await this.sendBy(unaware, records);
  }

  private async sendBy(
    writer: JournalWriter,
    records: readonly object[],
    header?: Uint8Array,
  ): Promise<void> {
    for (const raw of records) {
      const accepted = acceptRecord(raw, CONTEXT);
      if (isRefusal(accepted)) throw new TypeError(`${accepted.code} ${accepted.field}`);
      if (!("personKey" in accepted)) throw new TypeError("records of persons only");
      await writer.append(accepted, header);
    }
  }

  /** Judges a partition to its end. */
  async judge(partition: number): Promise<void> {
    const { end } = this.logs.bounds(Topic.JOURNAL, partition);
    const producer: LogProducer = await new MemoryEventLog(this.logs).producer(Topic.DECISIONS);
    const live = await openLivePartition(
      {
        log: this.log,
        producer,
        store: new MemoryStateStore(this.states),
        clock: systemClock,
        logger: silentLogger,
        metrics: noMetrics,
        bundles: {
          load: async (hash) => (hash === this.bundle.hash ? this.bundle : null),
        },
        ownerId: `owner-${this.owners++}`,
        onAnswer: (answer) => this.answers.push(answer),
      },
      partition,
    );
    const stop = new AbortController();
    const running = live.run(stop.signal);
    while (live.status.judgedOffset + 1 < end) await turn();
    stop.abort();
    await running;
    this.judgedTo.set(partition, end);
  }

  /** A carrier that starts now carries a partition to its end. @throws Crash. */
  async carry(partition: number, step: Step = noCrash, parts: CarrierParts = {}): Promise<void> {
    const { moved, writer } = await this.ingest();
    const sink = new CarrierSink({
      log: this.log,
      writer: {
        append: async (record, header) => {
          await step("append", () => writer.append(record, header));
          return { partition: -1, offset: -1 };
        },
      },
      moved: { put: (former, to) => step("moved", () => moved.put(former, to)) },
      vault: {
        bring: () => step("contact", async () => {}),
        move: async (former, to) => {
          await step("contact", async () => this.contactsMoved.push(`${former}>${to}`));
          return null;
        },
      },
      store: {
        get: (key) => this.store.get(key),
        put: (key, value) => step("progress", () => this.store.put(key, value)),
        delete: (key) => this.store.delete(key),
        entries: (prefix) => this.store.entries(prefix),
      },
      clock: systemClock,
      logger: silentLogger,
      metrics: noMetrics,
      ...parts,
    });
    const { end } = this.logs.bounds(Topic.DECISIONS, partition);
    if (((await sink.progress(partition))?.nextOffset ?? 0) >= end) return;
    const stop = new AbortController();
    await consumeOnce({
      log: this.log,
      ...DECISIONS_IN_ORDER,
      partition,
      limits: { recordsMax: 3, bytesMax: 1 << 20, waitMs: 10 },
      sink,
      signal: stop.signal,
      onBatch: (_applied, _dropped, { nextOffset }) => nextOffset >= end && stop.abort(),
    });
    this.carriedTo.set(partition, end);
  }

  /** Judges and carries until nothing is under way any more. @throws RangeError where that never comes. */
  async settle(step: Step = noCrash, parts: CarrierParts = {}): Promise<void> {
    for (let before = -1, round = 0; before !== this.size(); round++) {
      if (round === ROUNDS_MAX) throw new RangeError(`records are still under way after ${round} rounds`);
      before = this.size();
      for (const partition of this.partitions()) {
        if (this.judgedTo.get(partition) !== this.logs.bounds(Topic.JOURNAL, partition).end)
          await this.judge(partition);
        if (this.carriedTo.get(partition) !== this.logs.bounds(Topic.DECISIONS, partition).end)
          await this.carry(partition, step, parts);
      }
    }
  }

  /** What a consumer makes of the decisions log: repeats dropped. */
  outcomes(partition: number): LoggedOutcome[] {
    let highest: OutcomePosition | null = null;
    return this.all(Topic.DECISIONS, partition).flatMap(({ header, value }) => {
      const position = decodePosition(header);
      if (!isAbove(position, highest)) return [];
      highest = position;
      return [decodeOutcomeBody(value)];
    });
  }

  journal(partition: number): JournalRecord[] {
    return this.all(Topic.JOURNAL, partition).map(({ value }) => decodeJournalBody(value));
  }

  decisions() {
    return this.partitions().flatMap((partition) =>
      this.outcomes(partition).filter(
        (outcome): outcome is Extract<LoggedOutcome, { type: "decision" }> => outcome.type === "decision",
      ),
    );
  }

  /** The stored record of a person, as the last checkpoint left it. */
  person(personKey: string): Uint8Array | null {
    return this.states.value(partitionOf(personKey, this.partitionCount), personKey);
  }

  partitions(): number[] {
    return Array.from({ length: this.partitionCount }, (_, partition) => partition);
  }

  private size(): number {
    return this.partitions().reduce(
      (sum, partition) => sum + this.logs.bounds(Topic.JOURNAL, partition).end,
      0,
    );
  }

  private all(topic: string, partition: number) {
    const { end } = this.logs.bounds(topic, partition);
    return this.logs.read(topic, partition, 0, {
      recordsMax: end + 1,
      bytesMax: Number.MAX_SAFE_INTEGER,
      waitMs: 0,
    });
  }
}
