/** Receipts as Aliyun pushes them over HTTP (SmsReport, help.aliyun.com document 101867). */

import { z } from "zod";
import { chinaStampMs } from "../china-time.js";
import { readableCode } from "../provider-answer.js";
import { readReceipts, type SmsReceipt } from "../sms-receipt.js";

const report = z.object({
  success: z.boolean(),
  report_time: z.string().optional(),
  err_code: z.string().optional(),
  biz_id: z.string().min(1),
  out_id: z.string().optional(),
});

/** What a push is answered with; anything but 200 and a number is pushed again after 1, 5 and 10 minutes. */
export const ALIYUN_RECEIVED = { code: 0, msg: "OK" } as const;

/** @throws SmsReceiptsError. */
export function aliyunReceipts(body: unknown): readonly SmsReceipt[] {
  return readReceipts("Aliyun", body, report).map(({ success, report_time, err_code, biz_id, out_id }) => ({
    smsId: out_id === undefined || out_id === "" ? null : out_id,
    providerId: biz_id,
    state: success ? "delivered" : "failed",
    atMs: chinaStampMs(report_time),
    code: readableCode(err_code),
  }));
}
