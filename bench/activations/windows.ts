/**
 * Activations at awaited moments of a load, each with a window of the same length before it: what a swipe waits and how long
 * the event loops stand still, with and without one, in one run.
 */

import { setTimeout as pause } from "node:timers/promises";
import { HttpClient } from "../../platform/http-client/http-client.js";
import { activationsRunning } from "../../schemas/http/activations.js";
import { eventLoopFigures } from "../pipeline/load-on-kadun.js";
import type { PlannedActivation } from "./bundles.js";
import type { Target } from "./target.js";

/** What an activation does to anybody it does in its first second. */
export const WINDOW_MS = 2_000;
const LOOK_EVERY_MS = 200;
/** Where more is offered than a machine can take, everybody waits. */
const REQUEST_MS_MAX = 120_000;
const TAKEN_MS_MAX = 60_000;

/** Longest stand of each process's event loop, in milliseconds: a timer of 10 ms was so much too late. */
export type LongestStands = Readonly<Record<string, number>>;

export interface WindowPair {
  readonly name: string;
  readonly sequence: number;
  /** Epoch milliseconds at which the windows begin: before the activation, and with it. */
  readonly beforeAtMs: number;
  readonly sentAtMs: number;
  /** Until the gateway had stored and appended it. */
  readonly answeredAfterMs: number;
  readonly standsBefore: LongestStands;
  readonly standsWith: LongestStands;
}

export class Activator {
  private readonly client: HttpClient;

  constructor(private readonly target: Target) {
    const { url, apiKey } = target;
    this.client = new HttpClient({ url, apiKey, connectionsMax: 1, timeoutMs: REQUEST_MS_MAX });
  }

  close(): void {
    this.client.close();
  }

  /** Resolves when every partition goes by it, or is said to. @throws Error where it is refused or not taken. */
  async activate({ name, bundle, shadow }: PlannedActivation, sequence: number): Promise<WindowPair> {
    await this.stands();
    const beforeAtMs = Date.now();
    await pause(WINDOW_MS);
    const standsBefore = await this.stands();
    const sentAtMs = Date.now();
    const answered = this.publish(
      JSON.stringify({
        sequence,
        content: bundle.content,
        ...(shadow === null ? {} : { shadow: shadow.content }),
        publishedBy: ["bench", "another bench"],
      }),
    ).then(() => Date.now() - sentAtMs);
    const [answeredAfterMs] = await Promise.all([answered, pause(WINDOW_MS)]);
    const standsWith = await this.stands();
    await this.taken(sequence);
    return { name, sequence, beforeAtMs, sentAtMs, answeredAfterMs, standsBefore, standsWith };
  }

  private async publish(body: string): Promise<void> {
    const { status, body: said } = await this.client.send({
      method: "POST",
      path: "/local/activations",
      body,
    });
    if (status !== 200) throw new Error(`POST /local/activations: ${status} ${said.toString()}`);
  }

  private async taken(sequence: number): Promise<void> {
    for (const endMs = performance.now() + TAKEN_MS_MAX; ; ) {
      const { body } = await this.client.send({ method: "GET", path: "/local/activations" });
      const { partitions } = activationsRunning.parse(JSON.parse(body.toString()));
      const silent = partitions.filter(({ running }) => running?.sequence !== sequence);
      if (silent.length === 0) return;
      if (performance.now() > endMs)
        throw new Error(
          `activation ${sequence}: ${silent.length} partitions have not taken it in ${TAKEN_MS_MAX} ms`,
        );
      await pause(LOOK_EVERY_MS);
    }
  }

  /** Since the last time this was asked. */
  private async stands(): Promise<LongestStands> {
    const each = Object.entries(this.target.processes).map(async ([name, { url }]) => {
      const client = new HttpClient({ url, connectionsMax: 1, timeoutMs: REQUEST_MS_MAX });
      try {
        const { body } = await client.send({ method: "GET", path: "/metrics" });
        return [name, standMs(body.toString())] as const;
      } finally {
        client.close();
      }
    });
    return Object.fromEntries(await Promise.all(each));
  }
}

const LONGEST = "nodejs_eventloop_lag_max_seconds";
/** Node measures how late a timer of this length is by its whole length. */
const TIMER_MS = 10;

function standMs(metrics: string): number {
  const seconds = eventLoopFigures(metrics)[LONGEST];
  if (seconds === undefined) throw new Error(`a process does not tell ${LONGEST}`);
  return Math.round(Math.max(0, seconds * 1000 - TIMER_MS));
}
