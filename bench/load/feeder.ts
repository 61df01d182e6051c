/**
 * Sends raw lines to a running Kadun as a settlement network does: in order per person, again until acknowledged.
 *
 * Owns: lanes (a person always has the same), what is waiting in them, sending again.
 * Does not own: where lines come from, connections (`HttpClient`), where the server is (`MovingServer`).
 *
 * 1. A lane has one request under way; a person's next line is sent after the one before was acknowledged.
 * 2. A request that failed or was refused for now is sent again, unchanged, until the deadline: Kadun knows repeats.
 * 3. A line that is refused for good is counted, never sent again. A key that is refused ends the feeding.
 */

import type { HttpRequest, HttpResponse } from "../../platform/http-client/http-client.js";
import { accepted } from "../../schemas/http/accepted.js";
import { problem, type RefusedLine } from "../../schemas/http/problem.js";
import { LoadError } from "./load-error.js";

export interface FeedLine {
  readonly personId: string;
  readonly type: "swipe" | "card-status" | "person-fact";
  /** Asks for the decision in the same call. */
  readonly wantsAnswer: boolean;
  readonly json: string;
}

/** Rejects where the connection failed: whether the server took the request is unknown. */
export interface Sender {
  send(request: HttpRequest): Promise<HttpResponse>;
}

export interface FeederOptions {
  readonly client: Sender;
  readonly lanes: number;
  /** Lines in one request. */
  readonly linesMax: number;
  /** After so long without an acknowledgement the feeder gives up. */
  readonly patienceMs: number;
  /** Milliseconds from request to answer, and the answer, of lines that want one. */
  readonly onAnswer?: (latencyMs: number, body: Buffer) => void;
  /** A line of a message was refused for good. */
  readonly onRefused?: (refused: Refusal) => void;
}

/** What the server said of one line; `code` alone where the whole message was refused. */
export type Refusal = Pick<RefusedLine, "code" | "field" | "reason">;

interface Lane {
  waiting: FeedLine[];
  running: Promise<void> | null;
  /** Wakes whoever waits for room. */
  room: (() => void) | null;
}

const ROUTES = {
  swipe: "/v1/swipes",
  "card-status": "/v1/card-status",
  "person-fact": "/v1/person-facts",
} as const;

/** Enough for full requests although persons and types are mixed; 2,000 lines are about 1.5 MB. */
const LANE_LINES_MAX = 2000;
/** How far a request looks for lines that may go with its first one. */
const SEARCH_LINES_MAX = 1000;
const PAUSE_MS = 50;
/** A server may ask for more patience than a load run has. */
const PAUSE_MS_MAX = 1000;
/** Sending again does not help against these. */
const HOPELESS = new Set([401, 403, 404, 405]);

export class Feeder {
  /** Lines taken by the server. */
  acknowledged = 0;
  refused = 0;
  /** Lines that were not acknowledged the first time, however often they were sent. */
  resent = 0;
  private readonly lanes: readonly Lane[];
  private failure: unknown = null;

  constructor(private readonly options: FeederOptions) {
    this.lanes = Array.from({ length: options.lanes }, () => ({ waiting: [], running: null, room: null }));
  }

  /** Takes one line; resolves at once while its lane has room. @throws what ended a lane. */
  async push(line: FeedLine): Promise<void> {
    if (this.failure !== null) throw this.failure;
    const lane = this.lanes[laneOf(line.personId, this.lanes.length)]!;
    lane.waiting.push(line);
    lane.running ??= this.run(lane).catch((error: unknown) => {
      this.failure ??= error;
      lane.waiting = [];
      lane.room?.();
    });
    if (lane.waiting.length < LANE_LINES_MAX) return;
    await new Promise<void>((resolve) => {
      lane.room = resolve;
    });
    if (this.failure !== null) throw this.failure;
  }

  /** Resolves when everything taken was acknowledged or refused for good. */
  async drain(): Promise<void> {
    await Promise.all(this.lanes.map(({ running }) => running));
    if (this.failure !== null) throw this.failure;
  }

  /** Ends all lanes: what waits is not sent any more, `push` and `drain` throw the reason. */
  abort(reason: Error): void {
    this.failure ??= reason;
  }

  private async run(lane: Lane): Promise<void> {
    await Promise.resolve();
    while (lane.waiting.length > 0) {
      const { run, rest } = takeRun(lane.waiting, this.options.linesMax);
      lane.waiting = rest;
      if (rest.length < LANE_LINES_MAX / 2) {
        lane.room?.();
        lane.room = null;
      }
      await this.sendUntilTaken(run);
    }
    lane.running = null;
  }

  private async sendUntilTaken(run: readonly FeedLine[]): Promise<void> {
    const startedMs = performance.now();
    for (let isFirst = true; ; isFirst = false) {
      if (this.failure !== null) throw this.failure;
      const pauseMs = await this.send(run);
      if (pauseMs === null) return;
      if (isFirst) this.resent += run.length;
      if (performance.now() - startedMs > this.options.patienceMs)
        throw new LoadError(
          `no acknowledgement of ${run.length} lines within ${this.options.patienceMs} ms: is the server running?`,
        );
      await pause(pauseMs);
    }
  }

  /** null where the run was taken or refused for good, else how long to wait before it is sent again. */
  private async send(run: readonly FeedLine[]): Promise<number | null> {
    const startedMs = performance.now();
    let response: HttpResponse;
    try {
      response = await this.options.client.send(requestOf(run));
    } catch {
      return PAUSE_MS;
    }
    const { status, body, retryAfterSeconds } = response;
    if (status === 408 || status === 429 || status >= 500)
      return Math.min(PAUSE_MS_MAX, Math.max(PAUSE_MS, (retryAfterSeconds ?? 0) * 1000));
    if (HOPELESS.has(status))
      throw new LoadError(`the server refuses to be fed: ${status} ${body.toString()}`);
    if (status >= 300) this.refuseAll(run, response);
    else if (run[0]!.wantsAnswer) {
      this.acknowledged += 1;
      this.options.onAnswer?.(performance.now() - startedMs, body);
    } else this.acknowledge(run, body);
    return null;
  }

  private acknowledge(run: readonly FeedLine[], body: Buffer): void {
    const taken = accepted.parse(JSON.parse(body.toString()));
    for (const refused of taken.refused) this.options.onRefused?.(refused);
    this.refused += taken.refused.length;
    this.acknowledged += run.length - taken.refused.length;
  }

  private refuseAll(run: readonly FeedLine[], { body }: HttpResponse): void {
    this.refused += run.length;
    const { code, title, refused } = problem.parse(JSON.parse(body.toString()));
    const lines = refused ?? run.map(() => ({ code, field: "", reason: title }));
    for (const line of lines) this.options.onRefused?.(line);
  }
}

function requestOf(run: readonly FeedLine[]): HttpRequest {
  const first = run[0]!;
  if (first.wantsAnswer) return { method: "POST", path: "/v1/authorizations", body: first.json };
  const body = run.map(({ json }) => json).join("\n");
  return { method: "POST", path: ROUTES[first.type], body, contentType: "application/x-ndjson" };
}

/**
 * Lines that can go in one request: one type, each person once. A line may overtake those of other persons, never one
 * of its own.
 */
function takeRun(
  waiting: readonly FeedLine[],
  linesMax: number,
): { readonly run: readonly FeedLine[]; readonly rest: FeedLine[] } {
  const first = waiting[0]!;
  if (first.wantsAnswer) return { run: [first], rest: waiting.slice(1) };
  const seen = new Set<string>();
  const run: FeedLine[] = [];
  const rest: FeedLine[] = [];
  let at = 0;
  for (; at < waiting.length && at < SEARCH_LINES_MAX && run.length < linesMax; at++) {
    const line = waiting[at]!;
    const fits = line.type === first.type && !line.wantsAnswer && !seen.has(line.personId);
    (fits ? run : rest).push(line);
    seen.add(line.personId);
  }
  for (; at < waiting.length; at++) rest.push(waiting[at]!);
  return { run, rest };
}

function laneOf(personId: string, lanes: number): number {
  let hash = 0;
  for (let i = 0; i < personId.length; i++) hash = (Math.imul(hash, 31) + personId.charCodeAt(i)) | 0;
  return (hash >>> 0) % lanes;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
