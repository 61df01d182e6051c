/**
 * Watches Kafka's protocol in a proxied connection and cuts it at the answer to a chosen request: the server has done
 * what the client never hears of.
 */

import type { ConnectionWatch, Direction } from "./tcp-proxy.js";

export const PRODUCE = 0;

/** Asked for each request; true: its answer is lost and the connection with it. */
export type LosesAnswer = (apiKey: number, frame: Buffer) => boolean;

export function losingAnswers(losesAnswer: LosesAnswer): () => ConnectionWatch {
  return () => new FrameWatch(losesAnswer);
}

class FrameWatch implements ConnectionWatch {
  private readonly rest: Record<Direction, Buffer> = { toServer: Buffer.alloc(0), toClient: Buffer.alloc(0) };
  /** Correlation ids of the requests whose answers are to be lost. */
  private readonly doomed = new Set<number>();

  constructor(private readonly losesAnswer: LosesAnswer) {}

  see(direction: Direction, bytes: Buffer): "pass" | "cut" {
    for (const frame of this.frames(direction, bytes)) {
      if (direction === "toServer") this.seeRequest(frame);
      else if (this.doomed.has(frame.readInt32BE(0))) return "cut";
    }
    return "pass";
  }

  private seeRequest(frame: Buffer): void {
    if (this.losesAnswer(frame.readInt16BE(0), frame)) this.doomed.add(frame.readInt32BE(4));
  }

  /** Whole frames without their length. */
  private frames(direction: Direction, bytes: Buffer): readonly Buffer[] {
    const frames: Buffer[] = [];
    let rest = this.rest[direction].length === 0 ? bytes : Buffer.concat([this.rest[direction], bytes]);
    while (rest.length >= 4 && rest.length >= rest.readInt32BE(0) + 4) {
      const end = rest.readInt32BE(0) + 4;
      frames.push(rest.subarray(4, end));
      rest = rest.subarray(end);
    }
    this.rest[direction] = Buffer.from(rest);
    return frames;
  }
}
