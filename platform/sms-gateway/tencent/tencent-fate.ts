/**
 * What became of a message, from Tencent's records of the number: DescribeSendRecordList (document 382/137245: what was
 * sent, 72 hours) and PullSmsSendStatusByPhoneNumber (receipts; it may give our SessionContext back).
 *
 * 1. With its SerialNo a message is found by that and by nothing else.
 * 2. Without it only SessionContext is a match. Records do not hold it: a record of the time that might be ours leaves the
 *    fate unknown, it is never guessed from time or text.
 * 3. "Not found" is said only where the whole list of the time has no record that was submitted at all.
 */

import { z } from "zod";
import { answerError, callError, readableCode } from "../provider-answer.js";
import { mainlandNumber } from "../provider-options.js";
import type { SmsFate, SmsQuestion } from "../sms-gateway.js";
import { type TencentAction, type TencentClient, TencentFailure } from "./tencent-client.js";
import { meaningOfCode } from "./tencent-codes.js";

/** Tencent's own limits. */
const RECORDS_PAGE = 50;
const RECORDS_MAX = 1_000;
const RECEIPTS_MAX = 100;
const KEPT_MS = 72 * 3_600_000;
/** Our clock and Tencent's differ (ten minutes are refused), and a request may have been on its way for long. */
const CLOCK_MARGIN_MS = 600_000;
const PROVIDER = "Tencent";

const Status = { NOT_SUBMITTED: 1, DELIVERED: 2, UNDER_WAY: 3, NOT_DELIVERED: 4 } as const;

const record = z.object({
  SerialNo: z.string().optional(),
  SendStatus: z.union([
    z.literal(Status.NOT_SUBMITTED),
    z.literal(Status.DELIVERED),
    z.literal(Status.UNDER_WAY),
    z.literal(Status.NOT_DELIVERED),
  ]),
  RequestCode: z.string().optional(),
  StatusCode: z.string().optional(),
  UserReceiveTime: z.number().optional(),
});
type SendRecord = z.infer<typeof record>;

const recordsAnswer = z.object({
  SendRecordSet: z.array(record).nullish(),
  TotalCount: z.number().int().min(0),
});

const receipt = z.object({
  SerialNo: z.string().optional(),
  SessionContext: z.string().optional(),
  ReportStatus: z.enum(["SUCCESS", "FAIL"]),
  UserReceiveTime: z.number().optional(),
});
const receiptsAnswer = z.object({ PullSmsSendStatusSet: z.array(receipt).nullish() });

interface Asking {
  readonly client: TencentClient;
  readonly sdkAppId: string;
  readonly nowMs: number;
}

/** @throws SmsGatewayError UNAVAILABLE. */
export async function fateOf(question: SmsQuestion, asking: Asking): Promise<SmsFate> {
  const { providerId, sentAtMs } = question;
  const number = mainlandNumber(question.phone);
  if (number === null) return { state: "not-found" };
  const beginMs = sentAtMs - CLOCK_MARGIN_MS;
  if (asking.nowMs - beginMs > KEPT_MS) return { state: "unknown" };
  const time = {
    SmsSdkAppId: asking.sdkAppId,
    PhoneNumber: `+86${number}`,
    BeginTime: seconds(beginMs),
    EndTime: seconds(Math.min(sentAtMs + CLOCK_MARGIN_MS, asking.nowMs)),
  };
  const { records, isWhole } = await recordsOf(time, question, asking);
  if (providerId !== null) return fateOfKnown(providerId, records);
  const submitted = records.filter(({ SendStatus }) => SendStatus !== Status.NOT_SUBMITTED);
  if (submitted.length === 0) return { state: isWhole ? "not-found" : "unknown" };
  return fateOfReceipt({ ...time, EndTime: seconds(asking.nowMs) }, question, asking);
}

function fateOfKnown(providerId: string, records: readonly SendRecord[]): SmsFate {
  const found = records.find(({ SerialNo }) => SerialNo === providerId);
  switch (found?.SendStatus) {
    // It has acknowledged it: that its list does not show it does not undo that.
    case undefined:
    case Status.UNDER_WAY:
      return { state: "sent", providerId };
    case Status.DELIVERED:
      return { state: "delivered", atMs: millis(found?.UserReceiveTime) };
    case Status.NOT_SUBMITTED:
      return { state: "failed", code: readableCode(found?.RequestCode) ?? "no code" };
    case Status.NOT_DELIVERED:
      return { state: "failed", code: readableCode(found?.StatusCode) ?? "no code" };
  }
}

async function recordsOf(time: object, { smsId }: SmsQuestion, { client }: Asking) {
  const records: SendRecord[] = [];
  while (records.length < RECORDS_MAX) {
    const page = { ...time, Limit: RECORDS_PAGE, Offset: records.length };
    const answer = recordsAnswer.safeParse(await answerTo("DescribeSendRecordList", page, smsId, client));
    if (!answer.success) throw unreadable(smsId);
    const { SendRecordSet, TotalCount } = answer.data;
    records.push(...(SendRecordSet ?? []));
    if (records.length >= TotalCount) return { records, isWhole: TotalCount < RECORDS_MAX };
    if ((SendRecordSet ?? []).length === 0) break; // it counts more than it shows
  }
  return { records, isWhole: false };
}

async function fateOfReceipt(time: object, { smsId }: SmsQuestion, { client }: Asking): Promise<SmsFate> {
  const request = { ...time, Limit: RECEIPTS_MAX, Offset: 0 };
  const answer = receiptsAnswer.safeParse(
    await answerTo("PullSmsSendStatusByPhoneNumber", request, smsId, client),
  );
  if (!answer.success) throw unreadable(smsId);
  const found = answer.data.PullSmsSendStatusSet?.find(({ SessionContext }) => SessionContext === smsId);
  if (found === undefined) return { state: "unknown" };
  return found.ReportStatus === "SUCCESS"
    ? { state: "delivered", atMs: millis(found.UserReceiveTime) }
    : { state: "failed", code: found.ReportStatus };
}

async function answerTo(action: TencentAction, request: object, smsId: string, client: TencentClient) {
  try {
    return await client.call(action, request);
  } catch (error) {
    if (!(error instanceof TencentFailure)) throw error;
    const { failure } = error;
    if (failure.kind !== "answered")
      throw callError({ provider: PROVIDER, smsId }, "UNAVAILABLE", "its records could not be asked for");
    const meaning = meaningOfCode(failure.code) === "later" ? "later" : "outage";
    throw answerError({ provider: PROVIDER, smsId, ...failure }, meaning);
  }
}

function unreadable(smsId: string) {
  return callError({ provider: PROVIDER, smsId }, "UNAVAILABLE", "its records cannot be read");
}

function seconds(atMs: number): number {
  return Math.floor(atMs / 1_000);
}

function millis(atSeconds: number | undefined): number | null {
  return atSeconds === undefined || atSeconds === 0 ? null : atSeconds * 1_000;
}
