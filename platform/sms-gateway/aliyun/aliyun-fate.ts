/**
 * What became of a message, from Aliyun's records of the number (QuerySendDetails, document 419277).
 *
 * 1. A message is ours where OutId is its smsId: nothing else is a match.
 * 2. "Not found" is said only after every record of its days was read.
 * 3. What Aliyun has acknowledged (its BizId is known) is never "not found".
 */

import { z } from "zod";
import { chinaDay, chinaStampMs } from "../china-time.js";
import { answerError, callError, readableCode } from "../provider-answer.js";
import { mainlandNumber } from "../provider-options.js";
import type { SmsFate, SmsQuestion } from "../sms-gateway.js";
import { type AliyunClient, failureOf } from "./aliyun-client.js";
import { meaningOfCode } from "./aliyun-codes.js";

/** Aliyun's own limit. */
const PAGE_SIZE = 50;
/** 90 messages a day to one number is more than Aliyun lets through; ten pages are five times that. */
const PAGES_MAX = 10;
/** Our clock and Aliyun's differ: around midnight both days are read. */
const CLOCK_MARGIN_MS = 600_000;
/** Aliyun keeps 30 days; one less, for the margin. */
const KEPT_MS = 29 * 86_400_000;
const PROVIDER = "Aliyun";

const Status = { WAITING: 1, FAILED: 2, DELIVERED: 3 } as const;

const record = z.object({
  outId: z.string().optional(),
  sendStatus: z.union([z.literal(Status.WAITING), z.literal(Status.FAILED), z.literal(Status.DELIVERED)]),
  errCode: z.string().optional(),
  receiveDate: z.string().optional(),
});
type SendRecord = z.infer<typeof record>;

const detailsAnswer = z.object({
  code: z.string(),
  requestId: z.string().optional(),
  totalCount: z.coerce.number().int().min(0).optional(),
  smsSendDetailDTOs: z.object({ smsSendDetailDTO: z.array(record).default([]) }).optional(),
});

/** @throws SmsGatewayError UNAVAILABLE. */
export async function fateOf(question: SmsQuestion, client: AliyunClient, nowMs: number): Promise<SmsFate> {
  const { smsId, providerId, sentAtMs } = question;
  const none: SmsFate = providerId === null ? { state: "not-found" } : { state: "sent", providerId };
  const phoneNumber = mainlandNumber(question.phone);
  if (phoneNumber === null) return none;
  if (nowMs - sentAtMs > KEPT_MS) return { state: "unknown" };
  const bizId = providerId === null ? {} : { bizId: providerId };
  let isWhole = true;
  for (const sendDate of daysAround(sentAtMs)) {
    const { found, isLast } = await findIn({ ...bizId, phoneNumber, sendDate }, smsId, client);
    if (found !== null) return fateOfRecord(found, providerId);
    isWhole &&= isLast;
  }
  return isWhole ? none : { state: "unknown" };
}

function daysAround(atMs: number): ReadonlySet<string> {
  return new Set([atMs, atMs - CLOCK_MARGIN_MS, atMs + CLOCK_MARGIN_MS].map(chinaDay));
}

interface Found {
  readonly found: SendRecord | null;
  /** Every record was looked at. */
  readonly isLast: boolean;
}

async function findIn(
  of: Readonly<Record<string, string>>,
  smsId: string,
  client: AliyunClient,
): Promise<Found> {
  let seen = 0;
  for (let currentPage = 1; currentPage <= PAGES_MAX; currentPage++) {
    const { records, total } = await pageOf({ ...of, pageSize: PAGE_SIZE, currentPage }, smsId, client);
    const found = records.find(({ outId }) => outId === smsId);
    if (found !== undefined) return { found, isLast: true };
    seen += records.length;
    if (seen >= total) return { found: null, isLast: true };
    if (records.length === 0) break; // it counts more than it shows
  }
  return { found: null, isLast: false };
}

async function pageOf(
  request: Readonly<Record<string, string | number>>,
  smsId: string,
  client: AliyunClient,
) {
  const answer = detailsAnswer.safeParse(await answerTo(request, smsId, client));
  if (!answer.success)
    throw callError({ provider: PROVIDER, smsId }, "UNAVAILABLE", "its records cannot be read");
  const { code, requestId, totalCount, smsSendDetailDTOs } = answer.data;
  if (code !== "OK") throw notTold({ code, requestId, smsId });
  const records = smsSendDetailDTOs?.smsSendDetailDTO ?? [];
  return { records, total: totalCount ?? Number.POSITIVE_INFINITY };
}

async function answerTo(
  request: Readonly<Record<string, string | number>>,
  smsId: string,
  client: AliyunClient,
): Promise<unknown> {
  try {
    return await client.details(request);
  } catch (error) {
    const failure = failureOf(error);
    if (failure.kind === "answered") throw notTold({ ...failure, smsId });
    throw callError({ provider: PROVIDER, smsId }, "UNAVAILABLE", "its records could not be asked for");
  }
}

/** Whatever the code says of sending: asking failed, and can be tried again. */
function notTold({ code, ...answer }: { smsId: string; code: string; requestId: unknown | undefined }) {
  const meaning = meaningOfCode(code) === "later" ? "later" : "outage";
  return answerError({ provider: PROVIDER, code, ...answer }, meaning);
}

function fateOfRecord({ sendStatus, errCode, receiveDate }: SendRecord, providerId: string | null): SmsFate {
  switch (sendStatus) {
    case Status.WAITING:
      return { state: "sent", providerId };
    case Status.FAILED:
      return { state: "failed", code: readableCode(errCode) ?? "no code" };
    case Status.DELIVERED:
      return { state: "delivered", atMs: chinaStampMs(receiveDate) };
  }
}
