/** Live figures as server-sent events (HTML standard, section 9.2): lines of text that a browser takes up by itself again. */

import { formatInstant } from "../../../schemas/instant.js";
import { assertNever } from "../assert-never.js";
import type { LiveEvent } from "./live-rooms.js";
import { StreamedAnswer } from "./streamed-answer.js";

/** A browser asks again so long after a stream broke off; with all of an office at once that is some requests a second. */
const AGAIN_MS = 3_000;

export function liveAnswer(events: AsyncIterable<LiveEvent>): StreamedAnswer {
  return new StreamedAnswer("text/event-stream; charset=utf-8", linesOf(events), {
    "cache-control": "no-store",
    // Proxies that gather answers would hold the figures back.
    "x-accel-buffering": "no",
  });
}

async function* linesOf(events: AsyncIterable<LiveEvent>): AsyncGenerator<string, void, void> {
  yield `retry: ${AGAIN_MS}\n\n`;
  for await (const event of events) yield linesOfEvent(event);
}

/** JSON has no line ends: each `data` is one line. */
export function linesOfEvent(event: LiveEvent): string {
  switch (event.kind) {
    case "figures":
      return `id: ${event.snapshot.id}\nevent: figures\ndata: ${event.snapshot.json}\n\n`;
    case "beat":
      return `:\nevent: beat\ndata: ${JSON.stringify({
        asOf: event.asOfMs === null ? null : formatInstant(event.asOfMs),
      })}\n\n`;
    case "ended":
      return `event: ended\ndata: ${JSON.stringify({ reason: event.reason })}\n\n`;
    default:
      return assertNever(event);
  }
}
