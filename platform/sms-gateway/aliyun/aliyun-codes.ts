/**
 * Aliyun's answers to SendSms, by code. Source: "国内消息API错误码" (help.aliyun.com, document 101346).
 * A code that is not listed: `isv.` is the caller's fault, so it was not sent; `isp.` is Aliyun's own.
 */

import type { CodeMeaning } from "../provider-answer.js";

const MEANINGS: Readonly<Record<string, CodeMeaning>> = {
  // Limits: per number, signature and template (BUSINESS), per account and day or month.
  "isv.BUSINESS_LIMIT_CONTROL": "later",
  "isv.DAY_LIMIT_CONTROL": "later",
  "isv.MONTH_LIMIT_CONTROL": "later",
  // Money, account, rights: nothing goes.
  "isv.AMOUNT_NOT_ENOUGH": "outage",
  "isv.OUT_OF_SERVICE": "outage",
  "isv.PRODUCT_UN_SUBSCRIPT": "outage",
  "isv.PRODUCT_UNSUBSCRIBE": "outage",
  "isv.ACCOUNT_NOT_EXISTS": "outage",
  "isv.ACCOUNT_ABNORMAL": "outage",
  "isv.DENY_IP_RANGE": "outage",
  "isp.RAM_PERMISSION_DENY": "outage",
  // One signature signs all: it is nothing of this message.
  "isv.SMS_SIGNATURE_ILLEGAL": "outage",
  "isv.SMS_SIGN_ILLEGAL": "outage",
  "isv.SIGN_STATE_ILLEGAL": "outage",
  "isv.SIGN_NAME_ILLEGAL": "outage",
  // This message or its template.
  "isv.MOBILE_NUMBER_ILLEGAL": "refused",
  "isv.MOBILE_COUNT_OVER_LIMIT": "refused",
  "isv.SMS_TEMPLATE_ILLEGAL": "refused",
  "isv.SMS_SIGNATURE_SCENE_ILLEGAL": "refused",
  "isv.TEMPLATE_MISSING_PARAMETERS": "refused",
  "isv.TEMPLATE_PARAMS_ILLEGAL": "refused",
  "isv.INVALID_PARAMETERS": "refused",
  "isv.INVALID_JSON_PARAM": "refused",
  "isv.PARAM_LENGTH_LIMIT": "refused",
  "isv.PARAM_NOT_SUPPORT_URL": "refused",
  "isv.BLACK_KEY_CONTROL_LIMIT": "refused",
  "isv.SMS_CONTENT_ILLEGAL": "refused",
  "isv.DOMESTIC_NUMBER_NOT_SUPPORTED": "refused",
  "isp.SYSTEM_ERROR": "unsure",
};

/** The request came with a status of HTTP that is no success: the API's own gateway answered, before the SMS service. */
export function meaningOfStatus(statusCode: number, code: string): CodeMeaning {
  if (code.startsWith("Throttling")) return "later";
  // The same signed request had come before: a proxy on the way repeated it.
  if (code.startsWith("SignatureNonceUsed")) return "unsure";
  if (code in MEANINGS) return MEANINGS[code]!;
  return statusCode >= 500 ? "unsure" : "outage";
}

export function meaningOfCode(code: unknown): CodeMeaning {
  if (typeof code !== "string") return "unsure";
  if (code.startsWith("Throttling")) return "later";
  return MEANINGS[code] ?? (code.startsWith("isv.") ? "refused" : "unsure");
}
