/** Raw sources on logs in memory; each process has logs of its own, whose steps can be held or made to fail. */

import { randomBytes } from "node:crypto";
import { setImmediate as turn } from "node:timers/promises";
import type { Clock } from "../../platform/clock/clock.js";
import { systemClock } from "../../platform/clock/system-clock.js";
import type { LogPace, LogStep } from "../../platform/event-log/memory/log-pace.js";
import { MemoryEventLog } from "../../platform/event-log/memory/memory-event-log.js";
import { MemoryLogWorld } from "../../platform/event-log/memory/memory-log-world.js";
import { MemoryKeyValue } from "../../platform/key-value/memory/memory-key-value.js";
import { type Metrics, noMetrics } from "../../platform/metrics/metrics.js";
import { SealedBox } from "../../platform/sealed-box/sealed-box.js";
import type { CanonicalSwipe, JournalRecord } from "../../schemas/journal.js";
import { decodeJournalBody } from "../../schemas/log-body.js";
import { Topic } from "../../schemas/topics.js";
import { DeadLetters, type ListedLetter } from "../../services/ingest/dead-letters.js";
import { InstitutionRegister } from "../../services/ingest/institution-register.js";
import { Intake } from "../../services/ingest/intake.js";
import { JournalWriter } from "../../services/ingest/journal-writer.js";
import { RawSource } from "../../services/ingest/raw-source.js";
import type { RawSourceLimits } from "../../services/ingest/raw-source-options.js";
import { ALL_ZERO_KEY, Tokeniser } from "../../services/ingest/tokens.js";
import { defaultBundle } from "../support/judge.js";
import { KeptLog } from "./gateway-world.js";
import { MemoryGroups } from "./memory-groups.js";

export const SWIPES = "kadun.swipes.raw";
export const STATUSES = "kadun.card-status.raw";
export const FACTS = "kadun.person-facts.raw";
export const JOURNAL_PARTITIONS = 2;
const RAW_PARTITIONS = 2;

/** Steps of a log that fail or wait as the test says. */
export class BrokenPace implements LogPace {
  /** Thrown by the next steps of this kind, one each. */
  readonly failures: { readonly step: LogStep; readonly error: Error }[] = [];
  private held: { readonly step: LogStep; goOn: (() => void)[]; readonly arrived: () => void } | null = null;

  /** From now on steps of this kind wait. @returns when the first one does. */
  hold(step: LogStep): Promise<void> {
    return new Promise((arrived) => {
      this.held = { step, goOn: [], arrived };
    });
  }

  release(): void {
    const { held } = this;
    this.held = null;
    for (const goOn of held?.goOn ?? []) goOn();
  }

  point(step: LogStep): Promise<void> {
    const index = this.failures.findIndex((failure) => failure.step === step);
    if (index >= 0) return Promise.reject(this.failures.splice(index, 1)[0]!.error);
    const { held } = this;
    if (held?.step !== step) return Promise.resolve();
    return new Promise((goOn) => {
      held.goOn.push(goOn);
      held.arrived();
    });
  }

  landing(count: number): number {
    return count;
  }
}

export interface ProcessOptions {
  readonly limits?: Partial<RawSourceLimits>;
  readonly assigned?: readonly number[];
  readonly clock?: Clock;
  readonly metrics?: Metrics;
  readonly queueRecordsMax?: number;
}

/** What one process has: its source and what that stands on. */
export interface RawProcess {
  readonly source: RawSource;
  readonly failures: unknown[];
  readonly logger: KeptLog;
  readonly journalPace: BrokenPace;
  readonly lettersPace: BrokenPace;
  readonly rawPace: BrokenPace;
  readonly intake: Intake;
  readonly writer: JournalWriter;
  readonly deadLetters: DeadLetters;
}

export class RawWorld {
  readonly logs = new MemoryLogWorld({
    [SWIPES]: RAW_PARTITIONS,
    [STATUSES]: RAW_PARTITIONS,
    [FACTS]: RAW_PARTITIONS,
    [Topic.JOURNAL]: JOURNAL_PARTITIONS,
    [Topic.DECISIONS]: JOURNAL_PARTITIONS,
    [Topic.DEAD_LETTERS]: 1,
  });
  readonly groups = new MemoryGroups();
  readonly store = new MemoryKeyValue();
  private readonly box = new SealedBox({ id: "vault-1", key: randomBytes(32) });
  private readonly processes: RawProcess[] = [];

  async process(options: ProcessOptions = {}): Promise<RawProcess> {
    const paces = { journalPace: new BrokenPace(), lettersPace: new BrokenPace(), rawPace: new BrokenPace() };
    const journal = new MemoryEventLog(this.logs, { pace: paces.journalPace });
    const letters = new MemoryEventLog(this.logs, { pace: paces.lettersPace });
    const log = new MemoryEventLog(this.logs, { pace: paces.rawPace });
    const logger = new KeptLog();
    const failures: unknown[] = [];
    const writer = new JournalWriter({
      producer: await journal.producer(Topic.JOURNAL),
      partitionCount: JOURNAL_PARTITIONS,
      ...(options.queueRecordsMax === undefined ? {} : { queueRecordsMax: options.queueRecordsMax }),
    });
    const deadLetters = new DeadLetters({
      log: letters,
      producer: await letters.producer(Topic.DEAD_LETTERS),
      box: this.box,
      store: this.store,
    });
    const intake = new Intake({
      tokens: new Tokeniser(ALL_ZERO_KEY),
      drugs: defaultBundle.drugs,
      writer,
      institutions: await InstitutionRegister.open(this.store, { logger, metrics: noMetrics }),
    });
    const source = await RawSource.open({
      log,
      join: this.groups.join(() => options.assigned ?? [0, 1]),
      intake,
      writer,
      deadLetters,
      clock: options.clock ?? systemClock,
      logger,
      metrics: options.metrics ?? noMetrics,
      onFailure: (error) => failures.push(error),
      limits: {
        readWaitMs: 5,
        heartbeatEveryMs: 1,
        commitEveryMs: 0,
        backoffFirstMs: 1,
        backoffMaxMs: 4,
        ...options.limits,
      },
    });
    const made = { source, failures, logger, ...paces, intake, writer, deadLetters };
    this.processes.push(made);
    return made;
  }

  /** Appends raw messages; texts and bytes as they are. */
  send(topic: string, partition: number, messages: readonly (object | string | Buffer)[]): void {
    const entries = messages.map((message) => {
      const isBytes = typeof message === "string" || Buffer.isBuffer(message);
      const value = Buffer.from(isBytes ? (message as Buffer) : JSON.stringify(message));
      return { key: "the source's", value, header: new Uint8Array(0) };
    });
    this.logs.append(topic, partition, entries);
  }

  /** The journal's records in the order of their partitions, as they were appended. */
  journal(partition?: number): JournalRecord[] {
    const partitions = partition === undefined ? [0, 1] : [partition];
    return partitions.flatMap((each) =>
      this.logs.records(Topic.JOURNAL, each).map(({ value }) => decodeJournalBody(value)),
    );
  }

  eventIds(): string[] {
    return this.journal().flatMap((record) =>
      "eventId" in record ? [(record as CanonicalSwipe).eventId] : [],
    );
  }

  /** A process looks at the dead letters. */
  async letters(): Promise<ListedLetter[]> {
    const found: ListedLetter[] = [];
    for await (const letter of this.processes[0]!.deadLetters.list()) found.push(letter);
    return found;
  }

  async close(): Promise<void> {
    for (const { journalPace, lettersPace, rawPace } of this.processes)
      for (const pace of [journalPace, lettersPace, rawPace]) pace.release();
    await Promise.all(this.processes.map(({ source }) => source.close()));
    await Promise.all(
      this.processes.flatMap(({ writer, deadLetters }) => [writer.close(), deadLetters.close()]),
    );
  }
}

/** Keeps the last value of every counter and gauge, by name and labels. */
export class KeptMetrics implements Metrics {
  readonly values = new Map<string, number>();

  counter({ name }: { readonly name: string }) {
    return {
      add: (amount: number, labels: object = {}) => {
        const key = keyOf(name, labels);
        this.values.set(key, (this.values.get(key) ?? 0) + amount);
      },
    };
  }

  gauge({ name }: { readonly name: string }) {
    return { set: (value: number, labels: object = {}) => void this.values.set(keyOf(name, labels), value) };
  }

  histogram() {
    return { observe: () => {} };
  }

  of(name: string, labels: object): number | undefined {
    return this.values.get(keyOf(name, labels));
  }
}

function keyOf(name: string, labels: object): string {
  return `${name}${JSON.stringify(labels)}`;
}

export async function until(isTrue: () => boolean): Promise<void> {
  const deadlineMs = Date.now() + 10_000;
  while (!isTrue()) {
    if (Date.now() > deadlineMs) throw new Error("it never came true");
    await turn();
  }
}
