/**
 * SMS through Tencent (SendSms and what tells of it; API 2021-01-11).
 *
 * Owns: what is sent for a message, and what Tencent's answers mean for it.
 * Does not own: signing and transport (the SDK, tencent-client.ts), the codes (tencent-codes.ts).
 *
 * 1. One call of `send` is at most one request, of one number.
 * 2. No error holds a phone number, a value or a text of Tencent.
 */

import { z } from "zod";
import { CallsUnderWay } from "../calls-under-way.js";
import { answerError, callError } from "../provider-answer.js";
import { isBeyond, PROVIDER_LIMITS } from "../provider-limits.js";
import { mainlandNumber } from "../provider-options.js";
import type { SmsFate, SmsGateway, SmsMessage, SmsQuestion, SmsSent } from "../sms-gateway.js";
import {
  openTencentClient,
  type TencentClient,
  type TencentClientOptions,
  TencentFailure,
} from "./tencent-client.js";
import { meaningOfCode } from "./tencent-codes.js";
import { fateOf } from "./tencent-fate.js";

const PROVIDER = "Tencent";

export interface TencentOptions extends TencentClientOptions {
  readonly sdkAppId: string;
}

const sendAnswer = z.object({
  SendStatusSet: z.tuple([z.object({ Code: z.string(), SerialNo: z.string().optional() })]),
  RequestId: z.string().optional(),
});

export async function openTencentGateway(options: TencentOptions): Promise<SmsGateway> {
  return new TencentGateway(options, await openTencentClient(options));
}

class TencentGateway implements SmsGateway {
  private readonly calls = new CallsUnderWay(PROVIDER);

  constructor(
    private readonly options: TencentOptions,
    private readonly client: TencentClient,
  ) {}

  send(message: SmsMessage): Promise<SmsSent> {
    return this.calls.run(() => this.sendOne(message));
  }

  query(question: SmsQuestion): Promise<SmsFate> {
    const { sdkAppId, clock } = this.options;
    return this.calls.run(() => fateOf(question, { client: this.client, sdkAppId, nowMs: clock.now() }));
  }

  close(): Promise<void> {
    return this.calls.close();
  }

  private async sendOne(message: SmsMessage): Promise<SmsSent> {
    const { smsId } = message;
    const answer = sendAnswer.safeParse(await this.answerTo(smsId, this.requestOf(message)));
    if (!answer.success)
      throw callError({ provider: PROVIDER, smsId }, "UNANSWERED", "its answer cannot be read");
    const { Code: code, SerialNo } = answer.data.SendStatusSet[0];
    const requestId = answer.data.RequestId;
    if (code !== "Ok") throw answerError({ provider: PROVIDER, smsId, code, requestId }, meaningOfCode(code));
    return { receipt: "accepted", providerId: SerialNo || null };
  }

  private requestOf(message: SmsMessage): object {
    const { smsId, phone, template, values } = message;
    const refused = (code: string) =>
      answerError({ provider: "the adapter of Tencent", smsId, code }, "refused");
    const number = mainlandNumber(phone);
    if (number === null) throw refused("InvalidParameterValue.IncorrectPhoneNumber");
    const templateId = this.options.templates[template];
    if (templateId === undefined) throw refused("FailedOperation.TemplateIncorrectOrUnapproved");
    if (isBeyond(PROVIDER_LIMITS.tencent, message))
      throw refused("InvalidParameterValue.TemplateParameterLengthLimit");
    return {
      PhoneNumberSet: [`+86${number}`],
      SmsSdkAppId: this.options.sdkAppId,
      SignName: this.options.signature,
      TemplateId: templateId,
      TemplateParamSet: values.map(({ value }) => value),
      SessionContext: smsId,
    };
  }

  private async answerTo(smsId: string, request: object): Promise<unknown> {
    try {
      return await this.client.call("SendSms", request);
    } catch (error) {
      if (!(error instanceof TencentFailure)) throw error;
      throw sendError(error, smsId);
    }
  }
}

function sendError({ failure }: TencentFailure, smsId: string) {
  const of = { provider: PROVIDER, smsId };
  switch (failure.kind) {
    case "answered":
      return answerError({ ...of, ...failure }, meaningOfCode(failure.code));
    case "status": {
      const code = failure.status >= 500 ? "UNANSWERED" : "UNAVAILABLE";
      return callError(of, code, `status ${failure.status}`);
    }
    case "not-connected":
      return callError(of, "UNAVAILABLE", "no connection");
    case "unanswered":
      return callError(of, "UNANSWERED", "no answer");
  }
}
