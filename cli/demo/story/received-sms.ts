/** What came to the holder's telephone: the outbox's file, read as it grows. */

import { existsSync, readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import * as z from "zod";
import { OperatingError } from "../../exit-status.js";

const line = z.object({ smsId: z.string(), template: z.string(), text: z.string() });
export type ReceivedSms = z.infer<typeof line>;

const LOOK_EVERY_MS = 100;
/** An SMS is sent within half a second; a busy machine takes longer. */
const WAIT_MS_MAX = 60_000;

export class ReceivedSmsBox {
  private seen = 0;

  constructor(private readonly path: string) {}

  /** Those that came since the last look, the first first. */
  news(): readonly ReceivedSms[] {
    const all = this.all();
    const news = all.slice(this.seen);
    this.seen = all.length;
    return news;
  }

  /** Waits for a new one of this template. @throws OperatingError where none comes. */
  async next(template: string): Promise<ReceivedSms> {
    return this.nextOr<never>(template, async () => null);
  }

  /** The same, or what is asked for meanwhile is there. @param other asked after each look. */
  async nextOr<Other>(template: string, other: () => Promise<Other | null>): Promise<ReceivedSms | Other> {
    for (let waitedMs = 0; waitedMs < WAIT_MS_MAX; waitedMs += LOOK_EVERY_MS) {
      const found = this.news().find((sms) => sms.template === template) ?? (await other());
      if (found !== null) return found;
      await wait(LOOK_EVERY_MS);
    }
    throw new OperatingError(`no SMS '${template}' came to the holder within ${WAIT_MS_MAX / 1000} s`);
  }

  private all(): readonly ReceivedSms[] {
    if (!existsSync(this.path)) return [];
    return readFileSync(this.path, "utf8")
      .split("\n")
      .slice(0, -1)
      .map((text) => line.parse(JSON.parse(text)));
  }
}

/** K7M2-Q9XW of an SMS. @throws OperatingError where it names none. */
export function caseCodeIn({ text }: ReceivedSms): string {
  const code = /编号([0-9A-Z]{4}-[0-9A-Z]{4})/.exec(text)?.[1];
  if (code === undefined) throw new OperatingError(`this SMS names no case: ${text}`);
  return code;
}

export function oneTimeCodeIn({ text }: ReceivedSms): string {
  const code = /验证码(\d{6})/.exec(text)?.[1];
  if (code === undefined) throw new OperatingError(`this SMS has no one-time code: ${text}`);
  return code;
}
