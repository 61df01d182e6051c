/** Feeds a written city over HTTP: contacts first, then the lines in their order. */

import { feedLineOf } from "../../bench/load/feed-line.js";
import { Feeder, type Refusal, type Sender } from "../../bench/load/feeder.js";
import { Latencies, type LatencySummary } from "../../bench/load/latencies.js";
import type { ContactRequest } from "../../schemas/http/contact-request.js";
import { OperatingError } from "../exit-status.js";
import { linesOf } from "./city-people.js";
import { contactRequestOf } from "./contacts.js";

/** Requests under way: enough to fill the journal's group commits, few enough that answers do not queue long. */
export const LANES = 24;
/** Lines of a bulk request; longer ones would hold up the answers behind them. */
const LINES_MAX = 100;
const PATIENCE_MS = 60_000;

export interface FeedOptions {
  readonly rawPath: string;
  readonly client: Sender;
  /** Feeds for so long at most; null for all. */
  readonly secondsMax: number | null;
  readonly signal: AbortSignal;
  readonly onRefused: (refused: Refusal) => void;
}

export interface Fed {
  readonly lines: number;
  readonly seconds: number;
  readonly resent: number;
  readonly answers: LatencySummary;
}

export async function feedCity(options: FeedOptions): Promise<Fed> {
  const latencies = new Latencies();
  const feeder = new Feeder({
    client: options.client,
    lanes: LANES,
    linesMax: LINES_MAX,
    patienceMs: PATIENCE_MS,
    onAnswer: (latencyMs, body) => latencies.add(latencyMs, body),
    onRefused: options.onRefused,
  });
  const abort = () => feeder.abort(options.signal.reason);
  options.signal.addEventListener("abort", abort, { once: true });
  const startedMs = performance.now();
  const secondsSpent = () => (performance.now() - startedMs) / 1000;
  let lines = 0;
  try {
    for await (const json of linesOf(options.rawPath)) {
      await feeder.push(feedLineOf(json));
      lines++;
      if (options.secondsMax !== null && secondsSpent() >= options.secondsMax) break;
    }
    await feeder.drain();
  } finally {
    options.signal.removeEventListener("abort", abort);
  }
  return { lines, seconds: secondsSpent(), resent: feeder.resent, answers: latencies.summary() };
}

/** @throws OperatingError where one is refused. */
export async function putContacts(client: Sender, contacts: readonly ContactRequest[]): Promise<void> {
  const rest = contacts[Symbol.iterator]();
  const putRest = async () => {
    for (const contact of rest) {
      const { status, body } = await client.send(contactRequestOf(contact));
      if (status >= 300) throw new OperatingError(`a contact was refused: ${status} ${body.toString()}`);
    }
  };
  await Promise.all(Array.from({ length: LANES }, putRest));
}
