/**
 * Aliyun's API of short messages: ACS3-HMAC-SHA256 (help.aliyun.com "V3版本请求体&签名机制"), SendSms, QuerySendDetails.
 * The signature is computed here from the document, not by the SDK.
 */

import { createHash, createHmac, randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { type Answer, type Call, StandIn, type TakenSms } from "./stand-in.js";

export const ALIYUN_KEY = { id: "LTAI-stand-in", secret: "aliyun-secret-of-the-stand-in" } as const;
const BEIJING_MS = 8 * 3_600_000;
const STATUS = { waiting: 1, failed: 2, delivered: 3 } as const;

export class AliyunStandIn extends StandIn {
  /** Aliyun's records say how many there are; they may not have caught up. */
  recordsHidden = 0;

  protected readCall(request: IncomingMessage, body: string): Call {
    const url = new URL(request.url ?? "/", "http://stand-in");
    const parameters = Object.fromEntries(url.searchParams);
    return { action: String(request.headers["x-acs-action"]), request, url, body, parameters };
  }

  protected signatureFault(call: Call): Answer | null {
    const { authorization = "" } = call.request.headers;
    const [, credential, signedHeaders = "", signature] =
      /^ACS3-HMAC-SHA256 Credential=([^,]+),SignedHeaders=([^,]+),Signature=(\w+)$/.exec(authorization) ?? [];
    if (credential !== ALIYUN_KEY.id) return fault(404, "InvalidAccessKeyId.NotFound", authorization);
    const isRight =
      signature === signatureOf(call, signedHeaders) &&
      call.request.headers["x-acs-content-sha256"] === sha256(call.body) &&
      call.request.headers["x-acs-version"] === "2017-05-25";
    return isRight ? null : fault(400, "SignatureDoesNotMatch", call.url.search);
  }

  protected isSend(call: Call): boolean {
    return call.action === "SendSms";
  }

  protected take({ parameters }: Call): TakenSms {
    return {
      smsId: String(parameters.OutId),
      phone: String(parameters.PhoneNumbers),
      template: String(parameters.TemplateCode),
      signature: String(parameters.SignName),
      values: JSON.parse(String(parameters.TemplateParam)) as unknown,
      providerId: `${900_000 + this.taken.length}^0`,
      atMs: this.nowMs,
      fate: "waiting",
    };
  }

  protected accepted({ providerId }: TakenSms): Answer {
    return ok({ Code: "OK", Message: "OK", BizId: providerId });
  }

  protected refusal(code: string, { parameters }: Call): Answer {
    return ok({
      Code: code,
      Message: `${String(parameters.PhoneNumbers)}: ${String(parameters.TemplateParam)}`,
    });
  }

  protected throttled(): Answer {
    return fault(400, "Throttling.User", "Request was denied due to user flow control.");
  }

  protected records({ parameters }: Call): Answer {
    const { PhoneNumber, BizId, SendDate } = parameters;
    const [size, page] = [Number(parameters.PageSize), Number(parameters.CurrentPage)];
    const all = this.taken.filter(
      ({ phone, providerId, atMs }) =>
        phone === PhoneNumber && dayOf(atMs) === SendDate && (BizId === undefined || BizId === providerId),
    );
    const shown = all.slice((page - 1) * size, page * size).map((sms) => this.recordOf(sms));
    return ok({
      Code: "OK",
      Message: "OK",
      TotalCount: String(all.length + this.recordsHidden),
      SmsSendDetailDTOs: { SmsSendDetailDTO: shown },
    });
  }

  private recordOf({ smsId, phone, template, fate, atMs }: TakenSms) {
    const name = typeof fate === "object" ? "failed" : fate;
    return {
      OutId: smsId,
      PhoneNum: phone,
      TemplateCode: template,
      SendStatus: STATUS[name],
      SendDate: stampOf(atMs),
      ...(name === "waiting" ? {} : { ErrCode: typeof fate === "object" ? fate.failed : "DELIVERED" }),
      ...(name === "delivered" ? { ReceiveDate: stampOf(this.nowMs) } : {}),
    };
  }
}

function signatureOf({ request, url, body }: Call, signedHeaders: string): string {
  const query = [...url.searchParams]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${percent(name)}=${percent(value)}`);
  const headers = signedHeaders.split(";").map((name) => `${name}:${String(request.headers[name]).trim()}\n`);
  const canonical = [
    request.method,
    url.pathname,
    query.join("&"),
    headers.join(""),
    signedHeaders,
    sha256(body),
  ];
  const toSign = `ACS3-HMAC-SHA256\n${sha256(canonical.join("\n"))}`;
  return createHmac("sha256", ALIYUN_KEY.secret).update(toSign).digest("hex");
}

/** RFC 3986, as the document asks for. */
function percent(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function ok(body: object): Answer {
  return { status: 200, body: { RequestId: randomUUID().toUpperCase(), ...body } };
}

function fault(status: number, code: string, message: string): Answer {
  return { status, body: { RequestId: randomUUID().toUpperCase(), Code: code, Message: message } };
}

function stampOf(atMs: number): string {
  return new Date(atMs + BEIJING_MS).toISOString().slice(0, 19).replace("T", " ");
}

function dayOf(atMs: number): string {
  return stampOf(atMs).slice(0, 10).replaceAll("-", "");
}
