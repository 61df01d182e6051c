/** Receipts as Tencent pushes them over HTTP (下发状态通知, document 382/43547). It gives no SessionContext back here. */

import { z } from "zod";
import { chinaStampMs } from "../china-time.js";
import { readableCode } from "../provider-answer.js";
import { readReceipts, type SmsReceipt } from "../sms-receipt.js";

const report = z.object({
  report_status: z.enum(["SUCCESS", "FAIL"]),
  user_receive_time: z.string().optional(),
  errmsg: z.string().optional(),
  sid: z.string().min(1),
});

/** What a push is answered with. */
export const TENCENT_RECEIVED = { result: 0, errmsg: "OK" } as const;

/** @throws SmsReceiptsError. */
export function tencentReceipts(body: unknown): readonly SmsReceipt[] {
  return readReceipts("Tencent", body, report).map(({ report_status, user_receive_time, errmsg, sid }) => ({
    smsId: null,
    providerId: sid,
    state: report_status === "SUCCESS" ? "delivered" : "failed",
    atMs: chinaStampMs(user_receive_time),
    code: readableCode(errmsg),
  }));
}
