/** An operator for tests: keeps what it took, can be asked, does not remember ids. Its answers fail as a test says. */

import {
  type SmsFate,
  type SmsGateway,
  SmsGatewayError,
  type SmsMessage,
  type SmsQuestion,
} from "../../../platform/sms-gateway/sms-gateway.js";

export type Accident =
  /** Taken; the answer is lost. */
  | "taken-unanswered"
  /** Not taken; nobody learns it. */
  | "lost-unanswered"
  /** Throttled, down. */
  | "unavailable"
  | "refused";

export class SmsProvider implements SmsGateway {
  readonly remembers?: true;
  readonly query?: (question: SmsQuestion) => Promise<SmsFate>;
  /** smsId → how often a phone got it. */
  readonly delivered = new Map<string, number>();
  readonly asked: SmsQuestion[] = [];
  /** What becomes of the next messages, in order; then all go well. */
  accidents: Accident[] = [];
  fate: (smsId: string) => SmsFate = (smsId) =>
    this.delivered.has(smsId) ? { state: "delivered", atMs: null } : { state: "not-found" };

  constructor({ canBeAsked = true, remembers = false } = {}) {
    if (remembers) this.remembers = true;
    if (canBeAsked)
      this.query = async (question) => {
        this.asked.push(question);
        return this.fate(question.smsId);
      };
  }

  async send({ smsId }: SmsMessage) {
    const accident = this.accidents.shift();
    switch (accident) {
      case "unavailable":
        throw new SmsGatewayError("UNAVAILABLE", "throttled", { retryable: true });
      case "refused":
        throw new SmsGatewayError("REFUSED", "no such number", { providerCode: "isv.MOBILE_NUMBER_ILLEGAL" });
      case "lost-unanswered":
        throw new SmsGatewayError("UNANSWERED", "no answer");
      default:
    }
    const isKnown = this.remembers === true && this.delivered.has(smsId);
    if (!isKnown) this.delivered.set(smsId, (this.delivered.get(smsId) ?? 0) + 1);
    if (accident === "taken-unanswered") throw new SmsGatewayError("UNANSWERED", "no answer");
    return { receipt: isKnown ? ("known" as const) : ("accepted" as const), providerId: `biz-${smsId}` };
  }

  async close(): Promise<void> {}
}
