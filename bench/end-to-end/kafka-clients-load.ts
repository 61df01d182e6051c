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
import type { LoadDriver, LoadDrivers, LoadTopics } from "./load-driver.js";
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

/** One process for all engines' runs: its compiler works while the broker is warmed up, and little after that. */
export class KafkaClientsLoads implements LoadDrivers {
  private readonly child: ChildProcess;
  private readonly lines: AsyncIterator<string>;

  /** @param folder temporary, of the comparison. */
  constructor(
    brokers: string,
    private readonly folder: string,
  ) {
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

  async start({ input, output, persons, seed }: LoadTopics): Promise<LoadDriver> {
    await this.ask(`open ${input} ${output}`, "opened");
    return new KafkaClientsLoad(this, new SwipeStream(persons, seed), join(this.folder, input));
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

/** A new process for each load: its compiler is at work while the load runs. */
export function newKafkaClientsLoads(brokers: string, folder: string): LoadDrivers {
  return {
    async start({ input, output, persons, seed }) {
      let current: KafkaClientsLoads | null = null;
      const renewed: LoadProcess = {
        ask: async (order, expected) => current?.ask(order, expected),
        async renew() {
          await current?.close();
          current = new KafkaClientsLoads(brokers, folder);
          await current.ask(`open ${input} ${output}`, "opened");
        },
      };
      const load = new KafkaClientsLoad(renewed, new SwipeStream(persons, seed), join(folder, input));
      return {
        prepare: (each) => load.prepare(each),
        run: (startMs) => load.run(startMs),
        close: async () => current?.close(),
      };
    },
    close: async () => {},
  };
}

interface LoadProcess extends Pick<KafkaClientsLoads, "ask"> {
  /** Told before each load. */
  renew?(): Promise<void>;
}

class KafkaClientsLoad implements LoadDriver {
  /** Swipes of the loads before. */
  private made = 0;
  private prepared: Prepared | null = null;

  /** @param path of its files, to which their kinds are added. */
  constructor(
    private readonly process: LoadProcess,
    private readonly stream: SwipeStream,
    private readonly path: string,
  ) {}

  async prepare(load: Load): Promise<void> {
    await this.process.renew?.();
    const dueMs = dueTimes(load);
    const messages = Array.from(dueMs, () => this.stream.next());
    this.prepared = { load, first: this.made, dueMs };
    const file = `${this.path}.load`;
    await writeFile(file, loadFile(this.made, messages, dueMs));
    this.made += dueMs.length;
    await this.process.ask(`prepare ${file}`, "prepared");
    await rm(file);
  }

  async run(startMs: number): Promise<{ readonly sent: Sent; readonly observed: Observed }> {
    if (this.prepared === null) throw new Error("no load was prepared");
    const { load, dueMs } = this.prepared;
    const file = `${this.path}.times`;
    await this.process.ask(`go ${startMs} ${load.patienceMs} ${file}`, "done");
    const times = messageTimes(await readFile(file), dueMs.length);
    await rm(file);
    return { sent: sentOf(dueMs, times, startMs), observed: observedOf(this.prepared, times, startMs) };
  }

  /** The process waits for the next engine. */
  async close(): Promise<void> {
    await this.process.ask("rest", "resting");
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
