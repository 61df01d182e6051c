/**
 * Swipes that nobody waits for, as NDJSON at an even rate, each again until it was taken.
 *
 * Owns: lines due and not sent, requests under way. Does not own: the lines, the client.
 *
 * 1. A rate that the server cannot take shows as lines owed, never as fewer lines due.
 */

import { setTimeout as pause } from "node:timers/promises";
import type { HttpClient } from "../../platform/http-client/http-client.js";
import type { BulkCounts } from "./load-messages.js";

const TICK_MS = 10;
/** About a millisecond of the gateway's time: calls that wait are held up no longer. */
const LINES_MAX = 100;
export const BULK_REQUESTS_MAX = 8;
const AGAIN_AFTER_MS = 50;

export interface BulkOptions {
  readonly client: Pick<HttpClient, "send">;
  readonly perSecond: number;
  readonly seconds: number;
  readonly nextLine: () => string;
  readonly onAccepted: (lines: readonly string[]) => void;
}

export class BulkSender {
  private readonly underWay = new Set<Promise<void>>();
  private readonly owed: string[] = [];
  private accepted = 0;
  private refused = 0;
  private resent = 0;
  private owedMax = 0;

  constructor(private readonly options: BulkOptions) {}

  /** Resolves when all of it was taken. */
  async run(): Promise<BulkCounts> {
    const { perSecond, seconds, nextLine } = this.options;
    const [startedMs, total] = [performance.now(), perSecond * seconds];
    for (let made = 0; made < total; ) {
      const due = Math.min(total, ((performance.now() - startedMs) / 1000) * perSecond);
      for (; made < due; made++) this.owed.push(nextLine());
      this.owedMax = Math.max(this.owedMax, this.owed.length);
      this.sendOwed();
      await pause(TICK_MS);
    }
    while (this.owed.length > 0 || this.underWay.size > 0) {
      this.sendOwed();
      await Promise.race(this.underWay);
    }
    const { accepted, refused, resent, owedMax } = this;
    return { accepted, refused, resent, owedMax };
  }

  private sendOwed(): void {
    while (this.owed.length > 0 && this.underWay.size < BULK_REQUESTS_MAX) {
      const sending: Promise<void> = this.send(this.owed.splice(0, LINES_MAX)).finally(() =>
        this.underWay.delete(sending),
      );
      this.underWay.add(sending);
    }
  }

  private async send(lines: readonly string[]): Promise<void> {
    const body = lines.join("\n");
    let refused = await this.refusedOf(body);
    while (refused === null) {
      this.resent++;
      await pause(AGAIN_AFTER_MS);
      refused = await this.refusedOf(body);
    }
    this.refused += refused;
    this.accepted += lines.length - refused;
    if (refused === 0) this.options.onAccepted(lines);
  }

  /** null where nothing says that it was taken. */
  private async refusedOf(body: string): Promise<number | null> {
    try {
      const contentType = "application/x-ndjson";
      const answer = await this.options.client.send({
        method: "POST",
        path: "/v1/swipes",
        body,
        contentType,
      });
      if (answer.status !== 202) return null;
      return (JSON.parse(answer.body.toString()) as { refused: unknown[] }).refused.length;
    } catch {
      return null;
    }
  }
}
