/**
 * Tencent's answers to SendSms, by code: of the request, or of the one number in SendStatusSet. Source: "短信 API 3.0
 * 发送错误码" (document 382/59177) and the common codes (382/38780). A code that is not listed is read by its first word.
 */

import type { CodeMeaning } from "../provider-answer.js";

const MEANINGS: Readonly<Record<string, CodeMeaning>> = {
  // Money, account, signature: nothing goes.
  "FailedOperation.InsufficientBalanceInSmsPackage": "outage",
  "FailedOperation.SignatureIncorrectOrUnapproved": "outage",
  "FailedOperation.MissingSignature": "outage",
  "FailedOperation.NotEnterpriseCertification": "outage",
  "InvalidParameter.AppidAndBizId": "outage",
  "InvalidParameterValue.SdkAppIdNotExist": "outage",
  "InternalError.RequestTimeException": "outage",
  "InternalError.SigFieldMissing": "outage",
  "InternalError.SigVerificationFail": "outage",
  "InternalError.RestApiInterfaceNotExist": "outage",
  // Of the message, though it does not sound so.
  "InternalError.JsonParseFail": "refused",
  "LimitExceeded.PhoneNumberCountLimit": "refused",
  // "Other": nobody says what happened.
  "FailedOperation.OtherError": "unsure",
  "FailedOperation.ParametersOtherError": "unsure",
};

const MEANINGS_BY_FIRST_WORD: Readonly<Record<string, CodeMeaning>> = {
  AuthFailure: "outage",
  UnauthorizedOperation: "outage",
  IpInBlacklist: "outage",
  IpNotInWhitelist: "outage",
  LimitExceeded: "later",
  RequestLimitExceeded: "later",
  FailedOperation: "refused",
  InvalidParameter: "refused",
  InvalidParameterValue: "refused",
  MissingParameter: "refused",
  UnsupportedOperation: "refused",
};

export function meaningOfCode(code: unknown): CodeMeaning {
  if (typeof code !== "string") return "unsure";
  return MEANINGS[code] ?? MEANINGS_BY_FIRST_WORD[code.split(".")[0]!] ?? "unsure";
}
