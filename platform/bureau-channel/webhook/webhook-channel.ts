/**
 * A report of loss as a signed POST to the bureau's own system.
 *
 * Owns: the request, what each status means.
 * Does not own: handing over again (whoever called), knowing repeats (the other side, by the idempotency key).
 *
 * 1. The same report has the same key and body whenever it is sent; only time stamp and signature are new.
 * 2. What the other side says of the report itself (400, 409, 422) is for good. Everything else (a wrong address, a wrong
 *    secret, a server that is down) is for an operator to mend, and is sent again.
 * 3. No redirect is followed: what was signed for one address is nobody else's.
 */

import * as z from "zod";
import type { Clock } from "../../clock/clock.js";
import {
  type BureauAnswer,
  type BureauChannel,
  BureauChannelError,
  type LossNotice,
} from "../bureau-channel.js";
import { SECRET_BYTES_MIN, SIGNATURE_HEADER, signatureOf, TIMESTAMP_HEADER } from "./signature.js";

export interface WebhookOptions {
  /** `https://…`; `http://` only to this machine. */
  readonly url: string;
  readonly secret: Uint8Array;
  readonly clock: Clock;
  /** For tests. */
  readonly timeLimitMs?: number;
}

/** A counter's system answers in a second or two; after ten it is asked again later. */
const TIME_LIMIT_MS = 10_000;
/** Some three fields. */
const RESPONSE_BYTES_MAX = 16_384;
/** A text of another system goes into a table and onto a page. */
const TEXT_LENGTH_MAX = 200;
const LOCAL_HOSTS = ["127.0.0.1", "localhost", "[::1]"];

const text = z.string().max(TEXT_LENGTH_MAX).nullish();
const moment = z.iso.datetime({ offset: true }).nullish();
const acceptedBody = z.object({ receiptNo: text, acceptedAt: moment, effectiveAt: moment });
const refusedBody = z.object({ code: text, reason: text });

/** @throws RangeError where the address or the secret will not do. */
export function webhookChannel({
  url,
  secret,
  clock,
  timeLimitMs = TIME_LIMIT_MS,
}: WebhookOptions): BureauChannel {
  checkAddress(url);
  if (secret.length < SECRET_BYTES_MIN)
    throw new RangeError(`the web-hook's secret has ${secret.length} bytes, at least ${SECRET_BYTES_MIN}`);
  const underWay = new Set<Promise<unknown>>();
  let isClosed = false;
  return {
    report(notice) {
      if (isClosed)
        return Promise.reject(new BureauChannelError("CLOSED", "the bureau's web-hook was closed"));
      const asked = post(notice, { url, secret, clock, timeLimitMs });
      underWay.add(asked);
      const forget = () => void underWay.delete(asked);
      asked.then(forget, forget);
      return asked;
    },
    async close() {
      isClosed = true;
      await Promise.allSettled(underWay);
    },
  };
}

function checkAddress(url: string): void {
  const { protocol, hostname } = new URL(url);
  if (protocol === "https:" || (protocol === "http:" && LOCAL_HOSTS.includes(hostname))) return;
  throw new RangeError(
    "the bureau's web-hook needs an address that begins with https://: reports of loss pass no network in clear",
  );
}

async function post(notice: LossNotice, options: Required<WebhookOptions>): Promise<BureauAnswer> {
  const response = await sent(notice, options);
  const body = await bodyOf(response).catch((cause: unknown) => {
    throw new BureauChannelError("UNANSWERED", `bureau: status ${response.status}, its body was cut off`, {
      cause,
    });
  });
  return answerOf(response.status, body);
}

async function sent(notice: LossNotice, { url, secret, clock, timeLimitMs }: Required<WebhookOptions>) {
  const body = JSON.stringify(notice);
  const timestamp = String(Math.floor(clock.now() / 1000));
  try {
    return await fetch(url, {
      method: "POST",
      redirect: "manual",
      headers: {
        "content-type": "application/json",
        "idempotency-key": notice.requestId,
        [TIMESTAMP_HEADER]: timestamp,
        [SIGNATURE_HEADER]: signatureOf(secret, timestamp, body),
      },
      body,
      signal: AbortSignal.timeout(timeLimitMs),
    });
  } catch (cause) {
    const isRefused = codeOf(cause) === "ECONNREFUSED" || codeOf(cause) === "ENOTFOUND";
    throw new BureauChannelError(
      isRefused ? "UNAVAILABLE" : "UNANSWERED",
      `bureau: no answer (${codeOf(cause)}); the report is sent again under the same key`,
      { cause },
    );
  }
}

/** Of the connection; else what ended the wait. */
function codeOf(error: unknown): string {
  const { cause, name } = error as Error;
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  return code ?? name;
}

function answerOf(status: number, body: string): BureauAnswer {
  switch (status) {
    case 200:
    case 201:
      return acceptanceOf(status, body);
    case 202:
      return { kind: "taken" };
    case 400:
    case 409:
    case 422:
      return refusalOf(status, body);
    default:
      throw new BureauChannelError(
        "UNAVAILABLE",
        `bureau: status ${status}; expected 200, 201, 202, or 400, 409, 422 for a report that is refused: correct KADUN_BUREAU_URL, the secret, or the receiving system`,
      );
  }
}

function acceptanceOf(status: number, body: string): BureauAnswer {
  const parsed = acceptedBody.safeParse(jsonOf(body));
  if (!parsed.success)
    throw new BureauChannelError(
      "UNANSWERED",
      `bureau: status ${status} with a body that is none: ${parsed.error.issues[0]?.path.join(".") ?? ""} expected receiptNo, acceptedAt, effectiveAt (ISO 8601 with offset)`,
    );
  const { receiptNo = null, acceptedAt = null, effectiveAt = null } = parsed.data;
  return { kind: "accepted", receiptNo, acceptedAt, effectiveAt };
}

function refusalOf(status: number, body: string): BureauAnswer {
  const parsed = refusedBody.safeParse(jsonOf(body));
  const { code, reason } = parsed.success ? parsed.data : {};
  return { kind: "refused", code: code ?? `HTTP_${status}`, reason: reason ?? "" };
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

async function bodyOf(response: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of response.body ?? []) {
    bytes += piece.length;
    if (bytes > RESPONSE_BYTES_MAX) throw new Error(`more than ${RESPONSE_BYTES_MAX} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}
