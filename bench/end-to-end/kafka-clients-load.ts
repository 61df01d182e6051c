/**
 * A load by Kafka's own producer and consumer (bench/peers/kafka-clients), in one Java process, as settlement networks and
 * consoles that Kadun does not come from would make it: a batch for each partition at once, which costs the broker, and who
 * shares its processors, much more than Kadun's own requests.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { dyingWithParent } from "../../platform/lifecycle/dying-with-parent.js";
import { LatencyHistogram } from "../pipeline/latency-histogram.js";
import { type JavaPeer, javaArguments } from "./engines/java-peer.js";
import { dueTimes, type Load, type Observed, type Sent } from "./load.js";
import type { LoadDriver, LoadTopics } from "./load-driver.js";
import { loadFile, type MessageTimes, messageTimes } from "./load-file.js";
import { LoadWatch } from "./load-watch.js";
import { SwipeStream } from "./swipe-stream.js";

export const KAFKA_CLIENTS: JavaPeer = {
  folder: "kafka-clients",
  mainClass: "kadun.peers.clients.LoadProcess",
  heapMb: 512,
};

interface Prepared {
  readonly load: Load;
  readonly first: number;
  readonly dueMs: Float64Array;
}

export class KafkaClientsLoad implements LoadDriver {
  private readonly stream: SwipeStream;
  private readonly lines: AsyncIterator<string>;
  /** Swipes of the loads before. */
  private made = 0;
  private prepared: Prepared | null = null;

  private constructor(
    private readonly child: ChildProcess,
    private readonly topics: LoadTopics,
  ) {
    this.stream = new SwipeStream(topics.persons, topics.seed);
    this.lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  }

  /** @throws Error where it ends before it is ready. */
  static async start(topics: LoadTopics): Promise<KafkaClientsLoad> {
    const { brokers, input, output, folder } = topics;
    const [command, args] = dyingWithParent("java", [
      ...javaArguments(KAFKA_CLIENTS, { folder, gcLog: join(folder, "load-gc.log") }),
      ...[brokers, input, output],
    ]);
    const child = spawn(command, args, { cwd: folder, stdio: ["pipe", "pipe", "inherit"], detached: true });
    const started = new KafkaClientsLoad(child, topics);
    try {
      await started.reply("ready");
      return started;
    } catch (error) {
      child.kill("SIGKILL");
      throw error;
    }
  }

  async prepare(load: Load): Promise<void> {
    const dueMs = dueTimes(load);
    const messages = Array.from(dueMs, () => this.stream.next());
    this.prepared = { load, first: this.made, dueMs };
    await writeFile(this.file("load"), loadFile(this.made, messages, dueMs));
    this.made += dueMs.length;
    await this.ask(`prepare ${this.file("load")}`, "ready");
    await rm(this.file("load"));
  }

  async run(startMs: number): Promise<{ readonly sent: Sent; readonly observed: Observed }> {
    if (this.prepared === null) throw new Error("no load was prepared");
    const { load, dueMs } = this.prepared;
    await this.ask(`go ${startMs} ${load.patienceMs} ${this.file("times")}`, "done");
    const times = messageTimes(await readFile(this.file("times")), dueMs.length);
    await rm(this.file("times"));
    return { sent: sentOf(dueMs, times, startMs), observed: observedOf(this.prepared, times, startMs) };
  }

  async close(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = once(this.child, "exit");
    this.child.stdin!.end();
    await exited;
  }

  private file(name: string): string {
    return join(this.topics.folder, `${this.topics.input}.${name}`);
  }

  private async ask(order: string, expected: string): Promise<void> {
    this.child.stdin!.write(`${order}\n`);
    await this.reply(expected);
  }

  private async reply(expected: string): Promise<void> {
    const { done, value } = await this.lines.next();
    if (done === true) throw new Error("generator and observer by Kafka's clients ended: see above");
    if (value !== expected)
      throw new Error(`generator and observer by Kafka's clients say '${value}', expected '${expected}'`);
  }
}

function sentOf(dueMs: Float64Array, { sentMs }: MessageTimes, startMs: number): Sent {
  const delay = new LatencyHistogram();
  for (const [index, due] of dueMs.entries()) delay.record(sentMs[index]! - startMs - due);
  return { count: dueMs.length, delay: delay.quantiles() };
}

function observedOf(
  { load, first, dueMs }: Prepared,
  { receivedMs }: MessageTimes,
  startMs: number,
): Observed {
  const watch = new LoadWatch(load, first, dueMs);
  watch.start(startMs);
  for (const [index, ms] of receivedMs.entries()) if (!Number.isNaN(ms)) watch.take(first + index, ms);
  return watch.end(startMs + (dueMs.at(-1) ?? 0) + load.patienceMs);
}
