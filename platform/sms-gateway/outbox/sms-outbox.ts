/**
 * SMS gateway without an operator: every message becomes a line of a file, to be looked at or carried on.
 *
 * Owns: which smsIds the file holds, one message at a time.
 * Does not own: the file's bytes (outbox-file.ts).
 *
 * 1. The file is the memory: what is in it after a restart is `known` and not written again.
 * 2. The phone number is masked before anything is written.
 * 3. One process per file (the database's owner file sees to that in embedded use).
 */

import type { Clock } from "../../clock/clock.js";
import { type SmsGateway, SmsGatewayError, type SmsMessage, type SmsReceipt } from "../sms-gateway.js";
import { maskedPhone } from "./masked-phone.js";
import { OutboxFile } from "./outbox-file.js";

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

class SmsOutbox implements SmsGateway {
  private last: Promise<unknown> = Promise.resolve();
  private closing: Promise<void> | null = null;

  constructor(
    private readonly file: OutboxFile,
    private readonly known: Set<string>,
    private readonly clock: Clock,
  ) {}

  async send(message: SmsMessage): Promise<SmsReceipt> {
    if (this.closing !== null) throw new SmsGatewayError("CLOSED", "the SMS outbox was closed");
    const sent = this.last.then(() => this.write(message));
    this.last = sent.catch(() => {}); // the caller's error; the next message is tried all the same
    return sent;
  }

  close(): Promise<void> {
    this.closing ??= this.last.then(() => this.file.close());
    return this.closing;
  }

  private async write({ smsId, phone, template, text }: SmsMessage): Promise<SmsReceipt> {
    if (this.known.has(smsId)) return "known";
    const at = new Date(this.clock.now()).toISOString();
    try {
      await this.file.append(JSON.stringify({ smsId, phone: maskedPhone(phone), template, text, at }));
    } catch (cause) {
      throw new SmsGatewayError("UNAVAILABLE", "the SMS outbox cannot be written: is the disk full?", {
        retryable: true,
        cause,
      });
    }
    this.known.add(smsId);
    return "accepted";
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
