/** What a run has at hand: servers, folders, names that are used once. */

import { mkdirSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import type { Broker } from "./broker.js";
import type { Engine, Job, Purpose } from "./engine.js";

export interface World {
  readonly broker: Broker;
  readonly brokerPid: number;
  readonly redisUrl: string;
  readonly redisPid: number;
  /** Temporary, of this run. */
  readonly folder: string;
  readonly persons: number;
  /** The compacted topic, full. */
  readonly cardStatus: string;
}

export interface JobOptions {
  readonly input: string;
  readonly purpose: Purpose;
  /** Of a Java peer that is paced. */
  readonly peerLingerMs?: number;
}

let jobs = 0;

/**
 * Does something with an engine's job in a folder and an output topic of its own; both are gone afterwards, with what the
 * engine left in Redis and in topics that it made.
 */
export async function withJob<Result>(
  world: World,
  engine: Engine,
  { input, purpose, peerLingerMs = 0 }: JobOptions,
  use: (job: Job) => Promise<Result>,
): Promise<Result> {
  const group = `${engine.name}-${++jobs}`;
  const output = `decisions-${group}`;
  const folder = join(world.folder, group);
  mkdirSync(folder);
  await world.broker.create([output]);
  const { redisUrl, persons, cardStatus } = world;
  const { brokers } = world.broker;
  const names = { input, cardStatus, output, group };
  try {
    return await use({ brokers, ...names, redisUrl, folder, persons, purpose, peerLingerMs });
  } finally {
    await world.broker.delete([output, ...engine.ownTopics(group)]);
    await emptyRedis(redisUrl);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** FLUSHALL, as a line of text: the only thing this comparison itself wants of Redis. */
async function emptyRedis(url: string): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  try {
    const answer = await new Promise<string>((resolve, reject) => {
      socket.once("error", reject);
      socket.once("data", (data) => resolve(data.toString()));
      socket.write("FLUSHALL\r\n");
    });
    if (!answer.startsWith("+OK")) throw new Error(`Redis at ${url} did not forget everything: ${answer}`);
  } finally {
    socket.destroy();
  }
}
