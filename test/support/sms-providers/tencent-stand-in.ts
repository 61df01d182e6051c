/**
 * Tencent's API of short messages: TC3-HMAC-SHA256 (document 382/52072 "签名方法 v3"), SendSms, DescribeSendRecordList,
 * PullSmsSendStatusByPhoneNumber. The signature is computed here from the document, not by the SDK.
 */

import { createHash, createHmac, randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { type Answer, type Call, StandIn, type TakenSms } from "./stand-in.js";

export const TENCENT_KEY = { id: "AKID-stand-in", secret: "tencent-secret-of-the-stand-in" } as const;
export const TENCENT_APP = "1400006666";
const STATUS = { waiting: 3, failed: 4, delivered: 2 } as const;

export class TencentStandIn extends StandIn {
  /** Tencent gives it back only to who has asked its people for that. */
  givesSessionBack = false;
  recordsHidden = 0;
  /** Sends that Tencent did not submit to anybody, of any number. */
  notSubmitted: { readonly code: string; readonly atMs: number }[] = [];

  protected readCall(request: IncomingMessage, body: string): Call {
    const url = new URL(request.url ?? "/", "http://stand-in");
    const parameters = JSON.parse(body) as Record<string, unknown>;
    return { action: String(request.headers["x-tc-action"]), request, url, body, parameters };
  }

  protected signatureFault(call: Call): Answer | null {
    const { headers } = call.request;
    const [, id, date, service, signed, signature] =
      /^TC3-HMAC-SHA256 Credential=([^/]+)\/([\d-]+)\/(\w+)\/tc3_request, SignedHeaders=([\w;-]+), Signature=(\w+)$/.exec(
        headers.authorization ?? "",
      ) ?? [];
    if (id !== TENCENT_KEY.id) return error("AuthFailure.SecretIdNotFound");
    const scope = { date: date!, service: service!, signed: signed! };
    const isRight = signature === signatureOf(call, scope) && headers["x-tc-version"] === "2021-01-11";
    return isRight ? null : error("AuthFailure.SignatureFailure");
  }

  protected isSend(call: Call): boolean {
    return call.action === "SendSms";
  }

  protected take({ parameters }: Call): TakenSms {
    if (parameters.SmsSdkAppId !== TENCENT_APP) throw new Error("the stand-in knows one application");
    return {
      smsId: String(parameters.SessionContext),
      phone: String((parameters.PhoneNumberSet as string[])[0]),
      template: String(parameters.TemplateId),
      signature: String(parameters.SignName),
      values: parameters.TemplateParamSet,
      providerId: `5000:${700_000 + this.taken.length}`,
      atMs: this.nowMs,
      fate: "waiting",
    };
  }

  protected accepted({ providerId, smsId, phone }: TakenSms): Answer {
    const status = { SerialNo: providerId, PhoneNumber: phone, Fee: 1, SessionContext: smsId };
    return ok({ SendStatusSet: [{ ...status, Code: "Ok", Message: "send success", IsoCode: "CN" }] });
  }

  /** A code with `request:` before it is of the whole request. */
  protected refusal(code: string, { parameters }: Call): Answer {
    if (code.startsWith("request:")) return error(code.slice("request:".length));
    const PhoneNumber = (parameters.PhoneNumberSet as string[])[0];
    const status = { SerialNo: "", PhoneNumber, Fee: 0, SessionContext: parameters.SessionContext };
    return ok({
      SendStatusSet: [{ ...status, Code: code, Message: `no SMS to ${PhoneNumber}`, IsoCode: "CN" }],
    });
  }

  protected throttled(): Answer {
    return error("RequestLimitExceeded");
  }

  protected records({ action, parameters }: Call): Answer {
    const { PhoneNumber, BeginTime, EndTime } = parameters as Record<string, unknown> & {
      readonly BeginTime: number;
      readonly EndTime: number;
    };
    const isWithin = ({ atMs }: { readonly atMs: number }) =>
      atMs / 1_000 >= BeginTime && atMs / 1_000 <= EndTime;
    const mine = this.taken.filter((sms) => sms.phone === PhoneNumber && isWithin(sms));
    if (action === "PullSmsSendStatusByPhoneNumber")
      return ok({ PullSmsSendStatusSet: mine.flatMap((sms) => this.receiptOf(sms)) });
    if (BeginTime * 1_000 < this.nowMs - 72 * 3_600_000)
      return error("InvalidParameterValue.BeginTimeVerifyFail");
    const failed = this.notSubmitted.filter(isWithin).map(({ code, atMs }) => notSubmitted(code, atMs));
    const all = [...mine.map((sms) => this.recordOf(sms)), ...failed];
    const [limit, offset] = [Number(parameters.Limit), Number(parameters.Offset)];
    return ok({
      SendRecordSet: all.slice(offset, offset + limit),
      TotalCount: all.length + this.recordsHidden,
    });
  }

  private recordOf({ providerId, phone, fate, atMs }: TakenSms) {
    const name = typeof fate === "object" ? "failed" : fate;
    return {
      PhoneNumber: phone,
      SerialNo: providerId,
      SendStatus: STATUS[name],
      RequestCode: "Ok",
      StatusCode: typeof fate === "object" ? fate.failed : "",
      SendTime: Math.floor(atMs / 1_000),
      UserReceiveTime: name === "delivered" ? Math.floor(this.nowMs / 1_000) : 0,
    };
  }

  private receiptOf({ providerId, smsId, phone, fate }: TakenSms): object[] {
    if (fate === "waiting") return [];
    return [
      {
        SerialNo: providerId,
        PhoneNumber: phone,
        ReportStatus: fate === "delivered" ? "SUCCESS" : "FAIL",
        Description: typeof fate === "object" ? fate.failed : "DELIVRD",
        UserReceiveTime: Math.floor(this.nowMs / 1_000),
        SessionContext: this.givesSessionBack ? smsId : "",
      },
    ];
  }
}

function notSubmitted(code: string, atMs: number) {
  return {
    SerialNo: "",
    SendStatus: 1,
    RequestCode: code,
    StatusCode: "",
    SendTime: Math.floor(atMs / 1_000),
  };
}

function signatureOf(
  { request, url, body }: Call,
  { date, service, signed }: { readonly date: string; readonly service: string; readonly signed: string },
): string {
  const timestamp = String(request.headers["x-tc-timestamp"]);
  const headers = signed.split(";").map((name) => `${name}:${headerOf(request, name)}\n`);
  const canonical = [request.method, url.pathname, "", headers.join(""), signed, sha256(body)].join("\n");
  const toSign = `TC3-HMAC-SHA256\n${timestamp}\n${date}/${service}/tc3_request\n${sha256(canonical)}`;
  const key = hmac(hmac(hmac(`TC3${TENCENT_KEY.secret}`, date), service), "tc3_request");
  return hmac(key, toSign).toString("hex");
}

/** The SDK signs the host without its port, and sends it with it. */
function headerOf({ headers }: IncomingMessage, name: string): string {
  const value = String(headers[name]);
  return name === "host" ? value.replace(/:\d+$/, "") : value;
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function ok(response: object): Answer {
  return { status: 200, body: { Response: { ...response, RequestId: randomUUID() } } };
}

function error(code: string): Answer {
  return ok({ Error: { Code: code, Message: `no SMS to +8613812341234 (${code})` } });
}
