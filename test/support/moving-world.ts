/** Two partitions, their detectors and the carrier between them, on logs and stores in memory: what survives a crash is kept here. */

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
import type { JournalRecord } from "../../schemas/journal.js";
import { decodeJournalBody, decodeOutcomeBody } from "../../schemas/log-body.js";
import type { LoggedOutcome } from "../../schemas/outcomes.js";
import { decodePosition, isAbove, type OutcomePosition, partitionOf, Topic } from "../../schemas/topics.js";
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
  readonly logs = new MemoryLogWorld({ [Topic.JOURNAL]: PARTITIONS, [Topic.DECISIONS]: PARTITIONS });
  readonly states = new MemoryStateWorld();
  readonly store = new MemoryKeyValue();
  readonly answers: Answer[] = [];
  readonly contactsMoved: string[] = [];
  private readonly log = new MemoryEventLog(this.logs);
  private owners = 0;

  static async begin(): Promise<MovingWorld> {
    const world = new MovingWorld();
    const { writer } = await world.ingest();
    await writer.appendToAll(firstActivation as Extract<JournalRecord, { type: "activation" }>);
    return world;
  }

  /** A gateway that starts now: it knows of moves what the store does. */
  async ingest() {
    const moved = await MovedPersons.open(this.store, { logger: silentLogger, metrics: noMetrics });
    const producer = await new MemoryEventLog(this.logs).producer(Topic.JOURNAL);
    const writer = new JournalWriter({ producer, partitionCount: PARTITIONS, placed: moved.placed });
    return { moved, writer };
  }

  /** Sends raw records through a gateway of now. */
  async send(records: readonly object[], header?: Uint8Array): Promise<void> {
    const { writer } = await this.ingest();
    for (const raw of records) {
      const accepted = acceptRecord(raw, CONTEXT);
      if (isRefusal(accepted)) throw new TypeError(`${accepted.code} ${accepted.field}`);
      if (!("personKey" in accepted)) throw new TypeError("records of persons only");
      await writer.append(accepted, header);
    }
  }

  /** Judges a partition to its end. @param isKilled ends without a checkpoint: the next owner judges again. */
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
          load: async (hash) => (hash === defaultBundle.bundle.hash ? defaultBundle.bundle : null),
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
      topic: Topic.DECISIONS,
      partition,
      limits: { recordsMax: 3, bytesMax: 1 << 20, waitMs: 10 },
      markOf: ({ header }) => decodePosition(header),
      isAbove,
      sink,
      signal: stop.signal,
      onBatch: (_applied, _dropped, { nextOffset }) => nextOffset >= end && stop.abort(),
    });
  }

  /** Judges and carries until nothing is under way any more. @throws RangeError where that never comes. */
  async settle(step: Step = noCrash, parts: CarrierParts = {}): Promise<void> {
    for (let before = -1, round = 0; before !== this.size(); round++) {
      if (round === ROUNDS_MAX) throw new RangeError(`records are still under way after ${round} rounds`);
      before = this.size();
      for (let partition = 0; partition < PARTITIONS; partition++) {
        await this.judge(partition);
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
    return [0, 1].flatMap((partition) =>
      this.outcomes(partition).filter(
        (outcome): outcome is Extract<LoggedOutcome, { type: "decision" }> => outcome.type === "decision",
      ),
    );
  }

  private size(): number {
    return [0, 1].reduce((sum, partition) => sum + this.logs.bounds(Topic.JOURNAL, partition).end, 0);
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
