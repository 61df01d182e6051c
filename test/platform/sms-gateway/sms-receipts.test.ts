import { describe, expect, it } from "@jest/globals";
import { aliyunReceipts } from "../../../platform/sms-gateway/aliyun/aliyun-receipts.js";
import { SmsReceiptsError } from "../../../platform/sms-gateway/sms-receipt.js";
import { tencentReceipts } from "../../../platform/sms-gateway/tencent/tencent-receipts.js";

const ofAliyun = {
  phone_number: "13812341234",
  send_time: "2026-03-02 12:00:00",
  report_time: "2026-03-02 12:00:07",
  success: true,
  err_code: "DELIVERED",
  err_msg: "用户接收成功",
  sms_size: "1",
  biz_id: "900000^0",
  out_id: "sms-1",
};
const ofTencent = {
  user_receive_time: "2026-03-02 12:00:07",
  nationcode: "86",
  mobile: "13812341234",
  report_status: "SUCCESS",
  errmsg: "DELIVRD",
  description: "用户短信送达成功",
  sid: "5000:700000",
};
const AT_MS = Date.UTC(2026, 2, 2, 4, 0, 7);

describe("receipts that operators push", () => {
  it("of Aliyun hold our id and its own, at Beijing's time", () => {
    expect(
      aliyunReceipts([ofAliyun, { ...ofAliyun, success: false, err_code: "MOBILE_NOT_ON_SERVICE" }]),
    ).toEqual([
      { smsId: "sms-1", providerId: "900000^0", state: "delivered", atMs: AT_MS, code: "DELIVERED" },
      { smsId: "sms-1", providerId: "900000^0", state: "failed", atMs: AT_MS, code: "MOBILE_NOT_ON_SERVICE" },
    ]);
  });

  it("of Tencent hold its serial number only", () => {
    expect(
      tencentReceipts([ofTencent, { ...ofTencent, report_status: "FAIL", errmsg: "MK:0010" }]),
    ).toMatchObject([
      { smsId: null, providerId: "5000:700000", state: "delivered", atMs: AT_MS, code: "DELIVRD" },
      { smsId: null, providerId: "5000:700000", state: "failed", atMs: AT_MS, code: "MK:0010" },
    ]);
  });

  it("may lack what is not needed, and hold what nobody knows yet", () => {
    expect(
      aliyunReceipts([{ success: true, biz_id: "1^0", out_id: "", report_time: "soon", tomorrow: 1 }]),
    ).toEqual([{ smsId: null, providerId: "1^0", state: "delivered", atMs: null, code: null }]);
    expect(tencentReceipts([{ report_status: "SUCCESS", sid: "1", tomorrow: {} }])).toEqual([
      { smsId: null, providerId: "1", state: "delivered", atMs: null, code: null },
    ]);
  });

  it("give no code on that may be a phone number", () => {
    expect(aliyunReceipts([{ ...ofAliyun, err_code: "no:13812341234" }])).toMatchObject([{ code: null }]);
  });

  it.each([
    ["no array", { ...ofAliyun }, "the top"],
    ["no state", [ofAliyun, { ...ofAliyun, success: "yes 13812341234" }], "1.success"],
    ["no id", [{ ...ofAliyun, biz_id: "" }], "0.biz_id"],
    ["too many", Array.from({ length: 1_001 }, () => ofAliyun), "the top"],
  ])("are refused with the place and without their contents: %s", (_, body, place) => {
    const read = () => aliyunReceipts(body);
    expect(read).toThrow(SmsReceiptsError);
    expect(read).toThrow(`receipts of Aliyun: at ${place}: `);
    expect(read).not.toThrow(/13812341234/);
  });

  it.each([null, "[]", [{ ...ofTencent, report_status: "LATER" }], [{ ...ofTencent, sid: undefined }]])(
    "of Tencent are refused where they are none: %j",
    (body) => expect(() => tencentReceipts(body)).toThrow("receipts of Tencent: at "),
  );
});
