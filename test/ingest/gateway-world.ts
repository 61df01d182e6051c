/** The gateway on logs and stores in memory, with a live detector behind it where a test wants answers. */

import { randomBytes } from "node:crypto";
import { Agent, request as httpRequest, type IncomingHttpHeaders } from "node:http";
import type { FastifyInstance } from "fastify";
import type { Clock } from "../../platform/clock/clock.js";
import { systemClock } from "../../platform/clock/system-clock.js";
import type { LogPace, LogStep } from "../../platform/event-log/memory/log-pace.js";
import { MemoryEventLog } from "../../platform/event-log/memory/memory-event-log.js";
import { MemoryLogWorld } from "../../platform/event-log/memory/memory-log-world.js";
import { MemoryKeyValue } from "../../platform/key-value/memory/memory-key-value.js";
import { type LogFields, type Logger, silentLogger } from "../../platform/logger/logger.js";
import { noMetrics } from "../../platform/metrics/metrics.js";
import { SealedBox } from "../../platform/sealed-box/sealed-box.js";
import { MemoryStateStore } from "../../platform/state-store/memory/memory-state-store.js";
import { MemoryStateWorld } from "../../platform/state-store/memory/memory-state-world.js";
import type { Readiness } from "../../schemas/http/readiness.js";
import type { CanonicalBootstrap, JournalRecord } from "../../schemas/journal.js";
import { decodeJournalBody, encodeBody } from "../../schemas/log-body.js";
import { Topic } from "../../schemas/topics.js";
import { openLivePartition } from "../../services/detector/detector.js";
import { Answers } from "../../services/ingest/answers.js";
import { ContactVault } from "../../services/ingest/contact-vault.js";
import { DeadLetters } from "../../services/ingest/dead-letters.js";
import { createGateway } from "../../services/ingest/gateway.js";
import type { GatewayOptions } from "../../services/ingest/gateway-options.js";
import { InstitutionRegister } from "../../services/ingest/institution-register.js";
import { Intake } from "../../services/ingest/intake.js";
import { JournalWriter } from "../../services/ingest/journal-writer.js";
import type { MovedKeys } from "../../services/ingest/moved-keys.js";
import { Networks, PERMISSIONS } from "../../services/ingest/networks.js";
import { ALL_ZERO_KEY, Tokeniser } from "../../services/ingest/tokens.js";
import { defaultBundle } from "../support/judge.js";
import { firstActivation } from "../support/live-partition.js";
import { START_MS } from "../support/records.js";

export const PARTITIONS = 2;
export const NDJSON = "application/x-ndjson";

/** A clock that stands still until it is moved; sleepers wake when their time has come. */
export class StandingClock implements Clock {
  private sleepers: { untilMs: number; wake: () => void }[] = [];
  constructor(private nowMs = START_MS) {}

  now(): number {
    return this.nowMs;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((wake) => {
      if (signal?.aborted === true) return wake();
      signal?.addEventListener("abort", () => wake(), { once: true });
      this.sleepers.push({ untilMs: this.nowMs + ms, wake });
    });
  }

  advance(ms: number): void {
    this.nowMs += ms;
    const due = this.sleepers.filter(({ untilMs }) => untilMs <= this.nowMs);
    this.sleepers = this.sleepers.filter(({ untilMs }) => untilMs > this.nowMs);
    for (const { wake } of due) wake();
  }
}

/** A store whose writes can be made to fail. */
export class BreakableKeyValue extends MemoryKeyValue {
  failure: Error | null = null;

  override put(key: string, value: Uint8Array): Promise<void> {
    return this.failure === null ? super.put(key, value) : Promise.reject(this.failure);
  }
}

/** Holds appends, once told to, until it is told to let them go. */
export class HeldPace implements LogPace {
  private held: (() => void)[] | null = null;
  private arrived: (() => void) | null = null;

  /** From now on appends wait. @returns when the first one does. */
  hold(): Promise<void> {
    this.held = [];
    return new Promise((resolve) => {
      this.arrived = resolve;
    });
  }

  release(): void {
    const held = this.held ?? [];
    this.held = null;
    for (const goOn of held) goOn();
  }

  point(step: LogStep): Promise<void> {
    const { held } = this;
    if (held === null || step !== "log.append") return Promise.resolve();
    this.arrived?.();
    return new Promise((resolve) => held.push(resolve));
  }

  landing(count: number): number {
    return count;
  }
}

/** Keeps what is logged. */
export class KeptLog implements Logger {
  readonly lines: { event: string; fields: LogFields | undefined }[] = [];
  private readonly keep = (event: string, fields?: LogFields) => void this.lines.push({ event, fields });
  readonly debug = this.keep;
  readonly info = this.keep;
  readonly warn = this.keep;
  readonly error = this.keep;
  with(): Logger {
    return this;
  }
}

export interface Response {
  readonly statusCode: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read any shape and say what they expect of it.
  json(): any;
}

export interface Call {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly payload?: string | Buffer;
}

export interface WorldOptions {
  readonly gateway?: Partial<GatewayOptions>;
  readonly pace?: LogPace;
  readonly queueRecordsMax?: number;
  readonly waitingMax?: number;
  readonly bytesMax?: number;
  /** Where records of persons who moved go. */
  readonly moved?: MovedKeys;
}

const bootstrap: CanonicalBootstrap = {
  type: "bootstrap",
  source: "cold-start",
  occurredAt: "2025-01-01T00:00:00.000+08:00",
  snapshot: null,
  records: 0,
};

export class GatewayWorld {
  readonly logs: MemoryLogWorld;
  readonly store = new BreakableKeyValue();
  readonly vaultKey = randomBytes(32);
  readonly logger = new KeptLog();
  readonly clock = new StandingClock();
  readiness: Readiness = { ready: true, reasons: [] };
  /** Does the journal that `judge` begins say that the state of all cards is known? */
  isBootstrapped = true;
  app!: FastifyInstance;
  writer!: JournalWriter;
  answers!: Answers;
  deadLetters!: DeadLetters;
  networks!: Networks;
  intake!: Intake;
  key!: string;
  port!: number;
  /** Resolves when the gateway begins to close. */
  stopping!: Promise<void>;
  private readonly agent = new Agent({ keepAlive: true });
  private readonly log: MemoryEventLog;
  private readonly ends: (() => Promise<unknown>)[] = [];

  private constructor(options: WorldOptions) {
    this.logs = new MemoryLogWorld(
      { [Topic.JOURNAL]: PARTITIONS, [Topic.DECISIONS]: PARTITIONS, [Topic.DEAD_LETTERS]: 1 },
      { clock: this.clock, bytesMax: options.bytesMax ?? Number.POSITIVE_INFINITY },
    );
    this.log = new MemoryEventLog(this.logs, options.pace === undefined ? {} : { pace: options.pace });
  }

  static async open(options: WorldOptions = {}): Promise<GatewayWorld> {
    const world = new GatewayWorld(options);
    await world.compose(options);
    return world;
  }

  /** Everything again on the same logs and stores, as after a restart. */
  async compose({ gateway, queueRecordsMax, waitingMax, moved }: WorldOptions = {}): Promise<void> {
    const { log, store, clock, logger } = this;
    const context = { tokens: new Tokeniser(ALL_ZERO_KEY), drugs: defaultBundle.drugs };
    const box = new SealedBox({ id: "vault-1", key: this.vaultKey });
    this.writer = new JournalWriter({
      producer: await log.producer(Topic.JOURNAL),
      partitionCount: PARTITIONS,
      ...(queueRecordsMax === undefined ? {} : { queueRecordsMax }),
      ...(moved === undefined ? {} : { placed: (record) => moved.placed(record) }),
    });
    this.answers = new Answers({ clock, ...(waitingMax === undefined ? {} : { waitingMax }) });
    this.deadLetters = new DeadLetters({ log, store, box, producer: await log.producer(Topic.DEAD_LETTERS) });
    this.networks = await Networks.open(store, clock);
    this.key = await this.networks.add("hangzhou", {
      permissions: PERMISSIONS,
      limit: { recordsPerSecond: 100_000, burst: 100_000 },
    });
    const institutions = await InstitutionRegister.open(store, { logger, metrics: noMetrics });
    this.intake = new Intake({ ...context, writer: this.writer, institutions });
    this.app = createGateway({
      ...context,
      writer: this.writer,
      answers: this.answers,
      deadLetters: this.deadLetters,
      vault: new ContactVault(store, box),
      institutions,
      networks: this.networks,
      clock,
      logger,
      metrics: noMetrics,
      readiness: () => this.readiness,
      words: () => defaultBundle.content,
      ...gateway,
    });
    this.stopping = new Promise((resolve) => this.app.addHook("preClose", async () => resolve()));
    await this.app.listen({ host: "127.0.0.1", port: 0 });
    const address = this.app.server.address();
    if (address === null || typeof address === "string") throw new Error("expected a port");
    this.port = address.port;
  }

  /** One request as it is given. */
  call({ method, url, headers, payload }: Call): Promise<Response> {
    return new Promise((resolve, reject) => {
      const { port, agent } = this;
      const options = { host: "127.0.0.1", port, agent, method, path: url, headers: { ...headers } };
      const request = httpRequest(options, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const body = Buffer.concat(chunks).toString("utf8");
          const { statusCode, headers } = response;
          resolve({ statusCode: statusCode!, headers, body, json: () => JSON.parse(body) });
        });
      });
      request.on("error", reject);
      request.end(payload);
    });
  }

  /** Sends a body with the network's key. */
  send(
    method: "POST" | "PUT" | "GET",
    url: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Response> {
    const payload = typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    return this.call({
      method,
      url,
      headers: { authorization: `Bearer ${this.key}`, "content-type": "application/json", ...headers },
      ...(payload === undefined ? {} : { payload }),
    });
  }

  lines(url: string, lines: readonly unknown[]): Promise<Response> {
    const text = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n");
    return this.send("POST", url, text, { "content-type": NDJSON });
  }

  /** What the journal holds, partition by partition, without what `judge` begins it with. */
  journal(): JournalRecord[] {
    const records: JournalRecord[] = [];
    for (let partition = 0; partition < PARTITIONS; partition++)
      for (const { value } of this.records(Topic.JOURNAL, partition)) records.push(decodeJournalBody(value));
    return records.filter(({ type }) => type !== "activation" && type !== "bootstrap");
  }

  records(topic: Topic, partition: number) {
    const { end } = this.logs.bounds(topic, partition);
    return this.logs.read(topic, partition, 0, { recordsMax: end + 1, bytesMax: 2 ** 40, waitMs: 0 });
  }

  /** Every byte the world keeps, as one text. */
  async everything(): Promise<string> {
    const held = [Topic.JOURNAL, Topic.DECISIONS, Topic.DEAD_LETTERS].flatMap((topic) =>
      Array.from({ length: topic === Topic.DEAD_LETTERS ? 1 : PARTITIONS }, (_, partition) =>
        this.records(topic, partition).map(
          ({ key, value }) => `${key} ${Buffer.from(value).toString("utf8")}`,
        ),
      ).flat(),
    );
    const kept: string[] = [];
    for await (const { key, value } of this.store.entries(""))
      kept.push(`${key} ${Buffer.from(value).toString("utf8")}`);
    return [...held, ...kept, JSON.stringify(this.logger.lines)].join("\n");
  }

  /** Runs a detector on every partition until `close`. */
  async judge(deliver = (answer: Parameters<Answers["deliver"]>[0]) => this.answers.deliver(answer)) {
    const stop = new AbortController();
    const store = new MemoryStateStore(new MemoryStateWorld());
    const producer = await this.log.producer(Topic.DECISIONS);
    const first = this.isBootstrapped ? [firstActivation, bootstrap] : [firstActivation];
    const journal = first.map((record) => ({
      key: "",
      value: encodeBody(record),
      header: new Uint8Array(0),
    }));
    const running: Promise<void>[] = [];
    for (let partition = 0; partition < PARTITIONS; partition++) {
      if (this.logs.bounds(Topic.JOURNAL, partition).end === 0)
        this.logs.append(Topic.JOURNAL, partition, journal);
      const live = await openLivePartition(
        {
          log: this.log,
          producer,
          store,
          clock: systemClock,
          logger: silentLogger,
          metrics: noMetrics,
          bundles: { load: async () => defaultBundle.bundle },
          ownerId: "test",
          onAnswer: deliver,
        },
        partition,
      );
      running.push(live.run(stop.signal));
    }
    this.ends.push(() => {
      stop.abort();
      return Promise.all(running);
    });
  }

  async close(): Promise<void> {
    this.answers.close();
    this.agent.destroy();
    await this.app.close();
    for (const end of this.ends) await end();
    await this.writer.close();
    await this.deadLetters.close();
    await this.log.close();
  }
}
