/**
 * Sends requests when they are due, whatever became of those before: load as a country's terminals make it.
 *
 * Owns: connections, requests that are due and have none, what is counted.
 * Does not own: when requests are due (arrival-schedule.ts), their bytes (`frames`).
 *
 * 1. Latency counts from the moment a request was due, not from when it was sent: a server (or generator) that falls
 *    behind shows in every later latency (no coordinated omission).
 * 2. What has no answer when the patience is over is counted as unanswered, with the time it waited as its latency.
 * 3. Nothing is sent twice.
 */

import { HttpConnection } from "./http-connection.js";
import { LatencyHistogram, type Quantiles } from "./latency-histogram.js";

export interface OpenLoopOptions {
  readonly host: string;
  readonly port: number;
  /** Milliseconds from the start, ascending. */
  readonly dueMs: Float64Array;
  /** Whole HTTP requests, one for each. */
  readonly frames: readonly Uint8Array[];
  /** Open before the first request; more are opened while all are busy. */
  readonly connectionsMin: number;
  readonly connectionsMax: number;
  /** How long to wait for answers after the last request was due. */
  readonly patienceMs: number;
  /** Called with each answer of status 200. */
  readonly onBody?: (body: Buffer) => void;
  /** The same: number of the request, milliseconds from due to answer. */
  readonly onLatency?: (request: number, latencyMs: number) => void;
  /** The clock of `dueMs` begins now. */
  readonly onStart?: () => void;
}

export interface OpenLoopResult {
  readonly sent: number;
  /** With any status. */
  readonly answered: number;
  readonly statuses: Readonly<Record<string, number>>;
  /** Connections that broke with a request under way. */
  readonly broken: number;
  /** No answer within the patience. */
  readonly unanswered: number;
  /** Requests due and not answered when the last one was due. */
  readonly outstandingAtEnd: number;
  /** From the first due request to the last answer. */
  readonly seconds: number;
  readonly connections: number;
  /** From due to answer, status 200 and unanswered ones. */
  readonly latency: Quantiles;
  /** From sent to answer: what a closed-loop tool would have reported. */
  readonly latencyFromSend: Quantiles;
  /** From due to sent: the generator's own share. */
  readonly sendDelay: Quantiles;
}

const TICK_MS = 1;

export async function runOpenLoop(options: OpenLoopOptions): Promise<OpenLoopResult> {
  const loop = new OpenLoop(options);
  try {
    await loop.connect();
    return await loop.run();
  } finally {
    loop.close();
  }
}

class OpenLoop {
  private readonly connections = new Set<HttpConnection>();
  private readonly idle: HttpConnection[] = [];
  /** Due requests that wait for a connection; read from `queueHead`. */
  private readonly queue: number[] = [];
  private queueHead = 0;
  private readonly sentMs: Float64Array;
  private readonly isSettled: Uint8Array;
  private readonly statuses = new Map<number, number>();
  private readonly latency = new LatencyHistogram();
  private readonly latencyFromSend = new LatencyHistogram();
  private readonly sendDelay = new LatencyHistogram();
  private startMs = 0;
  private next = 0;
  private answered = 0;
  private broken = 0;
  private outstandingAtEnd = 0;
  private lastAnswerMs = 0;
  private opened: (() => void) | null = null;
  private allSettled: (() => void) | null = null;
  private failure: Error | null = null;

  constructor(private readonly options: OpenLoopOptions) {
    this.sentMs = new Float64Array(options.dueMs.length);
    this.isSettled = new Uint8Array(options.dueMs.length);
  }

  /** Opens the first connections. @throws the error of the first that could not be opened. */
  async connect(): Promise<void> {
    const open = new Promise<void>((resolve) => {
      this.opened = () => {
        if (this.failure !== null || this.idle.length >= this.options.connectionsMin) resolve();
      };
    });
    for (let i = 0; i < this.options.connectionsMin; i++) this.openConnection();
    await open;
    this.opened = null;
    if (this.failure !== null) throw this.failure;
  }

  async run(): Promise<OpenLoopResult> {
    const { dueMs } = this.options;
    this.startMs = performance.now();
    this.options.onStart?.();
    const settled = new Promise<void>((resolve) => {
      this.allSettled = resolve;
    });
    await this.sendAllWhenDue();
    const total = dueMs.length;
    this.outstandingAtEnd = total - this.answered - this.broken;
    if (this.outstandingAtEnd > 0) await this.withPatience(settled);
    const unanswered = this.countUnanswered();
    return {
      sent: total - (this.queue.length - this.queueHead),
      answered: this.answered,
      statuses: Object.fromEntries([...this.statuses].map(([status, count]) => [String(status), count])),
      broken: this.broken,
      unanswered,
      outstandingAtEnd: this.outstandingAtEnd,
      seconds: (this.lastAnswerMs - (dueMs[0] ?? 0)) / 1000,
      connections: this.connections.size,
      latency: this.latency.quantiles(),
      latencyFromSend: this.latencyFromSend.quantiles(),
      sendDelay: this.sendDelay.quantiles(),
    };
  }

  close(): void {
    for (const connection of this.connections) connection.close();
  }

  private sendAllWhenDue(): Promise<void> {
    const { dueMs } = this.options;
    return new Promise((resolve) => {
      const tick = () => {
        const nowMs = this.nowMs();
        while (this.next < dueMs.length && dueMs[this.next]! <= nowMs) this.dispatch(this.next++);
        if (this.next >= dueMs.length) resolve();
        else setTimeout(tick, TICK_MS);
      };
      tick();
    });
  }

  private async withPatience(settled: Promise<void>): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const over = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, this.options.patienceMs);
    });
    await Promise.race([settled, over]);
    clearTimeout(timer);
  }

  private nowMs(): number {
    return performance.now() - this.startMs;
  }

  private dispatch(request: number): void {
    const connection = this.idle.pop();
    if (connection !== undefined) {
      this.sendOn(connection, request);
      return;
    }
    this.queue.push(request);
    if (this.connections.size < this.options.connectionsMax) this.openConnection();
  }

  private sendOn(connection: HttpConnection, request: number): void {
    const nowMs = this.nowMs();
    this.sentMs[request] = nowMs;
    this.sendDelay.record(nowMs - this.options.dueMs[request]!);
    connection.send(request, this.options.frames[request]!);
  }

  private openConnection(): void {
    const { host, port } = this.options;
    this.connections.add(
      new HttpConnection({
        host,
        port,
        onOpen: (connection) => {
          this.release(connection);
          this.opened?.();
        },
        onAnswer: (connection, status, body) => this.take(connection, status, body),
        onBroken: (connection, error) => this.lose(connection, error),
      }),
    );
  }

  private release(connection: HttpConnection): void {
    connection.request = -1;
    if (this.queueHead < this.queue.length) this.sendOn(connection, this.queue[this.queueHead++]!);
    else this.idle.push(connection);
  }

  private take(connection: HttpConnection, status: number, body: Buffer): void {
    const { request } = connection;
    const nowMs = this.nowMs();
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
    if (status === 200) {
      this.latency.record(nowMs - this.options.dueMs[request]!);
      this.latencyFromSend.record(nowMs - this.sentMs[request]!);
      this.options.onBody?.(body);
      this.options.onLatency?.(request, nowMs - this.options.dueMs[request]!);
    }
    this.answered += 1;
    this.lastAnswerMs = nowMs;
    this.settle(request);
    this.release(connection);
  }

  private lose(connection: HttpConnection, error: Error): void {
    this.failure ??= error;
    this.connections.delete(connection);
    const at = this.idle.indexOf(connection);
    if (at !== -1) this.idle.splice(at, 1);
    const hadRequest = connection.request !== -1;
    if (hadRequest) {
      this.broken += 1;
      this.settle(connection.request);
    }
    this.opened?.();
    // A server that takes no connections is not asked again and again: the next due request tries once more.
    if (hadRequest && this.queueHead < this.queue.length) this.openConnection();
  }

  private settle(request: number): void {
    this.isSettled[request] = 1;
    if (this.answered + this.broken === this.options.dueMs.length) this.allSettled?.();
  }

  private countUnanswered(): number {
    const nowMs = this.nowMs();
    let unanswered = 0;
    for (const [request, dueMs] of this.options.dueMs.entries()) {
      if (this.isSettled[request] === 1) continue;
      unanswered += 1;
      this.latency.record(nowMs - dueMs);
    }
    return unanswered;
  }
}
