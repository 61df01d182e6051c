/** Calls of an adapter that close() waits for. */

import { SmsGatewayError } from "./sms-gateway.js";

export class CallsUnderWay {
  private readonly calls = new Set<Promise<unknown>>();
  private isClosed = false;

  constructor(private readonly provider: string) {}

  /** @throws SmsGatewayError CLOSED after close(). */
  async run<Result>(call: () => Promise<Result>): Promise<Result> {
    if (this.isClosed) throw new SmsGatewayError("CLOSED", `${this.provider}: the SMS gateway was closed`);
    const running = call();
    this.calls.add(running);
    try {
      return await running;
    } finally {
      this.calls.delete(running);
    }
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.allSettled(this.calls);
  }
}
