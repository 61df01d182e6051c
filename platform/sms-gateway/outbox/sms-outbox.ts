/**
 * SMS gateway without an operator: every message becomes a line of a file, to be looked at or carried on.
 *
 * Owns: which smsIds the file holds, the order of the messages; those that wait are written together.
 * Does not own: the file's bytes (outbox-file.ts).
 *
 * 1. The file is the memory: what is in it after a restart is `known` and not written again.
 * 2. The phone number is masked before anything is written.
 * 3. One process per file (the database's owner file sees to that in embedded use).
 */

import type { Clock } from "../../clock/clock.js";
import { OutboxFile } from "../../outbox-file/outbox-file.js";
import { type SmsGateway, SmsGatewayError, type SmsMessage, type SmsSent } from "../sms-gateway.js";
import { maskedPhone } from "./masked-phone.js";

/** A line is some 300 bytes. */
const TOGETHER_MAX = 100;

export interface SmsOutboxOptions {
  /** The file; made where it is missing. */
  readonly path: string;
  readonly clock: Clock;
}

/** @throws SmsGatewayError CORRUPT where a line of the file is none of ours. */
export async function openSmsOutbox({ path, clock }: SmsOutboxOptions): Promise<SmsGateway> {
  const known = new Set<string>();
  const file = await OutboxFile.open(path, (line, number) => known.add(smsIdOf(line, path, number)));
  return new SmsOutbox(file, known, clock);
}

interface Waiting {
  readonly message: SmsMessage;
  readonly taken: (receipt: SmsSent) => void;
  readonly failed: (error: unknown) => void;
}

class SmsOutbox implements SmsGateway {
  readonly remembers = true;
  private waiting: Waiting[] = [];
  private writing: Promise<void> | null = null;
  private isClosed = false;
  private closing: Promise<void> | null = null;

  constructor(
    private readonly file: OutboxFile,
    private readonly known: Set<string>,
    private readonly clock: Clock,
  ) {}

  async send(message: SmsMessage): Promise<SmsSent> {
    if (this.isClosed) throw new SmsGatewayError("CLOSED", "the SMS outbox was closed");
    const receipt = new Promise<SmsSent>((taken, failed) => {
      this.waiting.push({ message, taken, failed });
    });
    this.writing ??= this.writeWaiting();
    return receipt;
  }

  close(): Promise<void> {
    this.isClosed = true;
    this.closing ??= (this.writing ?? Promise.resolve()).then(() => this.file.close());
    return this.closing;
  }

  /** Never rejects: who waits is told. */
  private async writeWaiting(): Promise<void> {
    await Promise.resolve(); // who asks in the same turn is written together
    while (this.waiting.length > 0) {
      const together = this.waiting.splice(0, TOGETHER_MAX);
      try {
        const news = await this.write(together.map(({ message }) => message));
        for (const each of together)
          each.taken({ receipt: news.has(each.message) ? "accepted" : "known", providerId: null });
      } catch (error) {
        for (const { failed } of together) failed(error);
      }
    }
    this.writing = null;
  }

  /** @returns those that the file did not hold. */
  private async write(messages: readonly SmsMessage[]): Promise<ReadonlySet<SmsMessage>> {
    const firsts = new Map<string, SmsMessage>();
    for (const message of messages)
      if (!this.known.has(message.smsId) && !firsts.has(message.smsId)) firsts.set(message.smsId, message);
    if (firsts.size > 0) await this.append([...firsts.values()]);
    for (const smsId of firsts.keys()) this.known.add(smsId);
    return new Set(firsts.values());
  }

  private async append(messages: readonly SmsMessage[]): Promise<void> {
    const at = new Date(this.clock.now()).toISOString();
    const lines = messages.map(({ smsId, phone, template, text }) =>
      JSON.stringify({ smsId, phone: maskedPhone(phone), template, text, at }),
    );
    try {
      await this.file.append(lines);
    } catch (cause) {
      throw new SmsGatewayError("UNAVAILABLE", "the SMS outbox cannot be written: is the disk full?", {
        retryable: true,
        cause,
      });
    }
  }
}

function smsIdOf(line: string, path: string, number: number): string {
  const smsId = parsedId(line);
  if (typeof smsId === "string") return smsId;
  throw new SmsGatewayError(
    "CORRUPT",
    `${path} line ${number}: not a line of the SMS outbox; correct or remove it, lest an SMS is sent twice`,
  );
}

function parsedId(line: string): unknown {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && "smsId" in value ? value.smsId : undefined;
  } catch {
    return undefined; // said by the caller, with the place
  }
}
