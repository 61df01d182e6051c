/**
 * SMS through Aliyun (SendSms, QuerySendDetails; API 2017-05-25).
 *
 * Owns: what is sent for a message, and what Aliyun's answers mean for it.
 * Does not own: signing and transport (the SDK, aliyun-client.ts), the codes (aliyun-codes.ts).
 *
 * 1. One call of `send` is at most one request.
 * 2. Our smsId goes with it as OutId: by it a message is found again whose answer was lost.
 * 3. No error holds a phone number, a value or a text of Aliyun.
 */

import { z } from "zod";
import { CallsUnderWay } from "../calls-under-way.js";
import { answerError, callError } from "../provider-answer.js";
import { isBeyond, PROVIDER_LIMITS } from "../provider-limits.js";
import { mainlandNumber, type ProviderOptions } from "../provider-options.js";
import type { SmsFate, SmsGateway, SmsMessage, SmsQuestion, SmsSent } from "../sms-gateway.js";
import { type AliyunClient, failureOf, openAliyunClient } from "./aliyun-client.js";
import { meaningOfCode, meaningOfStatus } from "./aliyun-codes.js";
import { fateOf } from "./aliyun-fate.js";

const PROVIDER = "Aliyun";

const sendAnswer = z.object({
  code: z.string(),
  bizId: z.string().min(1).optional(),
  requestId: z.string().optional(),
});

export async function openAliyunGateway(options: ProviderOptions): Promise<SmsGateway> {
  return new AliyunGateway(options, await openAliyunClient(options));
}

class AliyunGateway implements SmsGateway {
  private readonly calls = new CallsUnderWay(PROVIDER);

  constructor(
    private readonly options: ProviderOptions,
    private readonly client: AliyunClient,
  ) {}

  send(message: SmsMessage): Promise<SmsSent> {
    return this.calls.run(() => this.sendOne(message));
  }

  query(question: SmsQuestion): Promise<SmsFate> {
    return this.calls.run(() => fateOf(question, this.client, this.options.clock.now()));
  }

  close(): Promise<void> {
    return this.calls.close();
  }

  private async sendOne(message: SmsMessage): Promise<SmsSent> {
    const { smsId } = message;
    const answer = sendAnswer.safeParse(await this.answerTo(smsId, this.requestOf(message)));
    if (!answer.success)
      throw callError({ provider: PROVIDER, smsId }, "UNANSWERED", "its answer cannot be read");
    const { code, bizId, requestId } = answer.data;
    if (code !== "OK") throw answerError({ provider: PROVIDER, smsId, code, requestId }, meaningOfCode(code));
    return { receipt: "accepted", providerId: bizId ?? null };
  }

  private requestOf(message: SmsMessage): Readonly<Record<string, string>> {
    const { smsId, phone, template, values } = message;
    const refused = (code: string) =>
      answerError({ provider: "the adapter of Aliyun", smsId, code }, "refused");
    const phoneNumbers = mainlandNumber(phone);
    if (phoneNumbers === null) throw refused("isv.MOBILE_NUMBER_ILLEGAL");
    const templateCode = this.options.templates[template];
    if (templateCode === undefined) throw refused("isv.SMS_TEMPLATE_ILLEGAL");
    if (isBeyond(PROVIDER_LIMITS.aliyun, message)) throw refused("isv.PARAM_LENGTH_LIMIT");
    return {
      phoneNumbers,
      templateCode,
      signName: this.options.signature,
      templateParam: JSON.stringify(Object.fromEntries(values.map(({ name, value }) => [name, value]))),
      outId: smsId,
    };
  }

  private async answerTo(smsId: string, request: Readonly<Record<string, string>>): Promise<unknown> {
    try {
      return await this.client.send(request);
    } catch (error) {
      const failure = failureOf(error);
      switch (failure.kind) {
        case "answered": {
          const { code, requestId, statusCode } = failure;
          throw answerError(
            { provider: PROVIDER, smsId, code, requestId },
            meaningOfStatus(statusCode, code),
          );
        }
        case "not-connected":
          throw callError({ provider: PROVIDER, smsId }, "UNAVAILABLE", `no connection (${failure.code})`);
        case "unanswered":
          throw callError({ provider: PROVIDER, smsId }, "UNANSWERED", "no answer");
      }
    }
  }
}
