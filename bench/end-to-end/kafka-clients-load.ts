/**
 * A load by Kafka's own producer and consumer (bench/peers/kafka-clients), in a Java process, as settlement networks and
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
import type { LoadDriver, LoadDrivers, LoadTopics } from "./load-driver.js";
import { loadFile, type MessageTimes, messageTimes } from "./load-file.js";
import { LoadWatch } from "./load-watch.js";
import { SwipeStream } from "./swipe-stream.js";

export const KAFKA_CLIENTS: JavaPeer = {
  folder: "kafka-clients",
  mainClass: "kadun.peers.clients.LoadProcess",
  heapMb: 512,
};

/** A process that runs loads: each line that it is told is answered by one. */
class LoadProcess {
  private readonly child: ChildProcess;
  private readonly lines: AsyncIterator<string>;

  /** @param folder temporary, of the comparison. */
  constructor(brokers: string, folder: string) {
    const java = javaArguments(KAFKA_CLIENTS, { folder, gcLog: join(folder, "load-gc.log") });
    const [command, args] = dyingWithParent("java", [...java, brokers]);
    this.child = spawn(command, args, {
      cwd: folder,
      stdio: ["pipe", "pipe", "inherit"],
      detached: true,
    });
    // Told by the end of its output, to who asks.
    this.child.on("error", () => {});
    this.child.stdin!.on("error", () => {});
    this.lines = createInterface({ input: this.child.stdout! })[Symbol.asyncIterator]();
  }

  /** @throws Error where it says anything else, or has ended. */
  async ask(order: string, expected: string): Promise<void> {
    this.child.stdin!.write(`${order}\n`);
    const { done, value } = await this.lines.next();
    if (done === true) throw new Error("generator and observer by Kafka's clients ended: see above");
    if (value !== expected)
      throw new Error(`generator and observer by Kafka's clients say '${value}', expected '${expected}'`);
  }

  async close(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = once(this.child, "exit");
    this.child.stdin!.end();
    await exited;
  }
}

/** One process for all engines' runs: its compiler works while the broker is warmed up, and little after that. */
export function kafkaClientsLoads(brokers: string, folder: string): LoadDrivers {
  const process = new LoadProcess(brokers, folder);
  return {
    async start(topics) {
      await openTopics(process, topics);
      return new KafkaClientsLoad(topics, folder, {
        next: async () => process,
        end: () => process.ask("rest", "resting"),
      });
    },
    close: () => process.close(),
  };
}

/** A new process for each load: its compiler is at work while the load runs. */
export function newKafkaClientsLoads(brokers: string, folder: string): LoadDrivers {
  return {
    async start(topics) {
      let current: LoadProcess | null = null;
      return new KafkaClientsLoad(topics, folder, {
        async next() {
          await current?.close();
          current = new LoadProcess(brokers, folder);
          await openTopics(current, topics);
          return current;
        },
        end: async () => current?.close(),
      });
    },
    close: async () => {},
  };
}

function openTopics(process: LoadProcess, { input, output }: LoadTopics): Promise<void> {
  return process.ask(`open ${input} ${output}`, "opened");
}

/** Which process runs the loads of one engine. */
interface LoadProcesses {
  /** For one load: its topics are open. */
  next(): Promise<LoadProcess>;
  /** No more loads of this engine. */
  end(): Promise<void>;
}

interface Prepared {
  readonly load: Load;
  readonly first: number;
  readonly dueMs: Float64Array;
  readonly process: LoadProcess;
}

class KafkaClientsLoad implements LoadDriver {
  private readonly stream: SwipeStream;
  /** Of its files, to which their kinds are added. */
  private readonly path: string;
  /** Swipes of the loads before. */
  private made = 0;
  private prepared: Prepared | null = null;

  constructor(
    { persons, seed, input }: LoadTopics,
    folder: string,
    private readonly processes: LoadProcesses,
  ) {
    this.stream = new SwipeStream(persons, seed);
    this.path = join(folder, input);
  }

  async prepare(load: Load): Promise<void> {
    const process = await this.processes.next();
    const dueMs = dueTimes(load);
    const messages = Array.from(dueMs, () => this.stream.next());
    this.prepared = { load, first: this.made, dueMs, process };
    const file = `${this.path}.load`;
    await writeFile(file, loadFile(this.made, messages, dueMs));
    this.made += dueMs.length;
    await process.ask(`prepare ${file}`, "prepared");
    await rm(file);
  }

  async run(startMs: number): Promise<{ readonly sent: Sent; readonly observed: Observed }> {
    if (this.prepared === null) throw new Error("no load was prepared");
    const { load, dueMs, process } = this.prepared;
    const file = `${this.path}.times`;
    await process.ask(`go ${startMs} ${load.patienceMs} ${file}`, "done");
    const times = messageTimes(await readFile(file), dueMs.length);
    await rm(file);
    return { sent: sentOf(dueMs, times, startMs), observed: observedOf(this.prepared, times, startMs) };
  }

  async close(): Promise<void> {
    await this.processes.end();
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
