/**
 * What an operator's answer that is no "yes" means for the port. Operators' texts are not passed on: they may hold the
 * phone number or a value of the message (a one-time code). Their code and the id of the request say all that is needed.
 */

import { SmsGatewayError } from "./sms-gateway.js";

/**
 * - `refused`: this message, for good.
 * - `later`: a limit of this number or of the account; the same message may go later.
 * - `outage`: nothing goes until somebody mends it (money, key, signature).
 * - `unsure`: the operator failed inside; nobody knows whether it has the message.
 */
export type CodeMeaning = "refused" | "later" | "outage" | "unsure";

export interface ProviderAnswer {
  readonly provider: string;
  readonly smsId: string | null;
  /** As the operator gave it. */
  readonly code: unknown;
  readonly requestId?: unknown;
}

/** Carriers' codes have colons (`MK:0010`) or are numbers; a run of seven digits is none of them, it may be a phone's. */
const CODE_PATTERN = /^(?!.*\d{7})[\w.:/+-]{1,100}$/;
const REQUEST_ID_PATTERN = /^[0-9A-Fa-f-]{20,50}$/;

export function answerError(answer: ProviderAnswer, meaning: CodeMeaning): SmsGatewayError {
  const providerCode = readableCode(answer.code);
  const options = { providerCode, retryable: meaning === "later" || meaning === "outage" };
  const { code, what } = MEANINGS[meaning];
  const said = `${answer.provider} answered ${providerCode ?? "without a code"}${requestOf(answer)}`;
  return new SmsGatewayError(code, `${ofMessage(answer.smsId)}${said}: ${what}`, options);
}

/** @param why without anything that was sent. */
export function callError(
  { provider, smsId }: Pick<ProviderAnswer, "provider" | "smsId">,
  code: "UNAVAILABLE" | "UNANSWERED",
  why: string,
): SmsGatewayError {
  const what = MEANINGS[code === "UNAVAILABLE" ? "outage" : "unsure"].what;
  const retryable = code === "UNAVAILABLE";
  return new SmsGatewayError(code, `${ofMessage(smsId)}${provider}: ${why}: ${what}`, { retryable });
}

export function readableCode(code: unknown): string | null {
  return typeof code === "string" && CODE_PATTERN.test(code) ? code : null;
}

const MEANINGS = {
  refused: {
    code: "REFUSED",
    what: "it does not take this message; look the code up in docs/sms-providers.md",
  },
  later: { code: "UNAVAILABLE", what: "a limit is reached; not sent, it is tried again later" },
  outage: { code: "UNAVAILABLE", what: "not sent; it is tried again until this is mended" },
  unsure: {
    code: "UNANSWERED",
    what: "it may have been sent; the operator is asked before it is sent again",
  },
} as const;

function ofMessage(smsId: string | null): string {
  return smsId === null ? "" : `SMS ${smsId}: `;
}

function requestOf({ requestId }: ProviderAnswer): string {
  const isReadable = typeof requestId === "string" && REQUEST_ID_PATTERN.test(requestId);
  return isReadable ? ` (request ${requestId})` : "";
}
