/**
 * Sends raw lines to a running Kadun as a settlement network does: in order per person, again until acknowledged.
 *
 * Owns: lanes (a person always has the same), what is waiting in them, sending again.
 * Does not own: where lines come from, connections (`HttpClient`).
 *
 * 1. A lane has one request under way; a person's next line is sent after the one before was acknowledged.
 * 2. A request that failed or was refused for now is sent again, unchanged, until the deadline: Kadun knows repeats.
 * 3. A line that is refused for good is counted, never sent again.
 */

import type { HttpClient, HttpResponse } from "../../platform/http-client/http-client.js";

export interface FeedLine {
  readonly personId: string;
  readonly type: "swipe" | "card-status" | "person-fact";
  /** Asks for the decision in the same call. */
  readonly wantsAnswer: boolean;
  readonly json: string;
}

export interface FeederOptions {
  readonly client: HttpClient;
  readonly lanes: number;
  /** Lines in one request. */
  readonly linesMax: number;
  /** After so long without an acknowledgement the feeder gives up. */
  readonly patienceMs: number;
  /** Milliseconds from request to answer, and the answer, of lines that want one. */
  readonly onAnswer?: (latencyMs: number, body: Buffer) => void;
  readonly onRefused?: (response: HttpResponse) => void;
}

interface Lane {
  readonly waiting: FeedLine[];
  running: Promise<void> | null;
}

const ROUTES = {
  swipe: "/v1/swipes",
  "card-status": "/v1/card-status",
  "person-fact": "/v1/person-facts",
} as const;

const LANE_LINES_MAX = 2000;
const PAUSE_MS = 50;

export class Feeder {
  acknowledged = 0;
  refused = 0;
  resent = 0;
  private readonly lanes: readonly Lane[];
  private failure: unknown = null;

  constructor(private readonly options: FeederOptions) {
    this.lanes = Array.from({ length: options.lanes }, () => ({ waiting: [], running: null }));
  }

  /** Takes one line; resolves at once while its lane has room. @throws what ended a lane. */
  async push(line: FeedLine): Promise<void> {
    if (this.failure !== null) throw this.failure;
    const lane = this.lanes[laneOf(line.personId, this.lanes.length)]!;
    lane.waiting.push(line);
    lane.running ??= this.run(lane).catch((error: unknown) => {
      this.failure ??= error;
      lane.waiting.length = 0;
    });
    if (lane.waiting.length >= LANE_LINES_MAX) await lane.running;
  }

  /** Resolves when everything taken was acknowledged or refused for good. */
  async drain(): Promise<void> {
    await Promise.all(this.lanes.map(({ running }) => running));
    if (this.failure !== null) throw this.failure;
  }

  private async run(lane: Lane): Promise<void> {
    await Promise.resolve();
    while (lane.waiting.length > 0) await this.sendUntilTaken(takeRun(lane.waiting, this.options.linesMax));
    lane.running = null;
  }

  private async sendUntilTaken(run: readonly FeedLine[]): Promise<void> {
    const startedMs = performance.now();
    while (!(await this.send(run))) {
      if (performance.now() - startedMs > this.options.patienceMs)
        throw new Error(`no acknowledgement of ${run.length} lines within ${this.options.patienceMs} ms`);
      this.resent += run.length;
      await pause(PAUSE_MS);
    }
  }

  /** Was the run taken, or refused for good? */
  private async send(run: readonly FeedLine[]): Promise<boolean> {
    const first = run[0]!;
    const startedMs = performance.now();
    let response: HttpResponse;
    try {
      response = await this.options.client.send(
        first.wantsAnswer
          ? { method: "POST", path: "/v1/authorizations", body: first.json }
          : {
              method: "POST",
              path: ROUTES[first.type],
              body: run.map(({ json }) => json).join("\n"),
              contentType: "application/x-ndjson",
            },
      );
    } catch {
      return false;
    }
    if (response.status === 429 || response.status >= 500) return false;
    if (response.status >= 300) {
      this.refused += run.length;
      this.options.onRefused?.(response);
      return true;
    }
    this.acknowledged += run.length;
    if (first.wantsAnswer) this.options.onAnswer?.(performance.now() - startedMs, response.body);
    return true;
  }
}

/** Lines that can go in one request: one type, each person once. */
function takeRun(waiting: FeedLine[], linesMax: number): readonly FeedLine[] {
  const first = waiting[0]!;
  if (first.wantsAnswer) return waiting.splice(0, 1);
  const persons = new Set<string>();
  let count = 0;
  for (; count < waiting.length && count < linesMax; count++) {
    const { type, wantsAnswer, personId } = waiting[count]!;
    if (type !== first.type || wantsAnswer || persons.has(personId)) break;
    persons.add(personId);
  }
  return waiting.splice(0, count);
}

function laneOf(personId: string, lanes: number): number {
  let hash = 0;
  for (let i = 0; i < personId.length; i++) hash = (Math.imul(hash, 31) + personId.charCodeAt(i)) | 0;
  return (hash >>> 0) % lanes;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
