import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { SmsGateway } from "../../../platform/sms-gateway/sms-gateway.js";
import { failureOf, message, PHONE } from "../../contract/sms-gateway.contract.js";
import { AliyunStandIn } from "../../support/sms-providers/aliyun-stand-in.js";
import { openAliyunBefore } from "../../support/sms-providers/provider-rooms.js";
import type { Accident } from "../../support/sms-providers/stand-in.js";

const SHORT_MS = 2_000;
const BEYOND = [{ values: [{ name: "place", value: "" }] }, { text: "长".repeat(501) }];
let aliyun: AliyunStandIn;
let gateway: SmsGateway;
beforeEach(async () => {
  aliyun = await new AliyunStandIn().listen();
  gateway = await openAliyunBefore(aliyun);
});
afterEach(async () => {
  await gateway.close();
  await aliyun.close();
});

const question = (smsId: string, sentAtMs: number, providerId: string | null = null) => ({
  smsId,
  phone: PHONE,
  sentAtMs,
  providerId,
});

describe("SMS through Aliyun", () => {
  it("sends signature, code of the template, values by name and our id, to the number without country code", async () => {
    expect(await gateway.send(message("a", { phone: `+86${PHONE}` }))).toEqual({
      receipt: "accepted",
      providerId: "900000^0",
    });
    expect(aliyun.taken).toMatchObject([
      {
        smsId: "a",
        phone: PHONE,
        template: "1110",
        signature: "医保卡盾",
        values: { place: "杭州", code: "824613" },
      },
    ]);
  });

  it("carries every character of a value through signature and address", async () => {
    const value = "a b+c&d=e%20*'()~!/?\"\\杭州🙂";
    await gateway.send(message("a", { values: [{ name: "place", value }] }));
    expect(aliyun.of("a").values).toEqual({ place: value });
  });

  it.each<Accident>([
    "taken-cut",
    "lost-cut",
    "taken-garbled",
    "taken-502",
    "throttled",
    { code: "isp.SYSTEM_ERROR" },
  ])("asks once: the SDK repeats nothing after %j", async (accident) => {
    aliyun.accidents.push(accident);
    const { code } = await failureOf(gateway.send(message("a")));
    expect(code).toBe(accident === "throttled" ? "UNAVAILABLE" : "UNANSWERED");
    expect(aliyun.actions).toEqual(["SendSms"]);
  });

  it("takes silence for UNANSWERED, though the SDK calls it a time-out of connecting", async () => {
    const hasty = await openAliyunBefore(aliyun, { timeLimitMs: SHORT_MS });
    aliyun.accidents.push("taken-silent");
    expect(await failureOf(hasty.send(message("a")))).toMatchObject({ code: "UNANSWERED", retryable: false });
    expect(aliyun.actions).toEqual(["SendSms"]);
    await hasty.close();
  });

  it.each([
    ["isv.BUSINESS_LIMIT_CONTROL", "UNAVAILABLE"],
    ["isv.DAY_LIMIT_CONTROL", "UNAVAILABLE"],
    ["isv.AMOUNT_NOT_ENOUGH", "UNAVAILABLE"],
    ["isv.OUT_OF_SERVICE", "UNAVAILABLE"],
    ["isv.SMS_SIGNATURE_ILLEGAL", "UNAVAILABLE"],
    ["isp.RAM_PERMISSION_DENY", "UNAVAILABLE"],
    ["isv.MOBILE_NUMBER_ILLEGAL", "REFUSED"],
    ["isv.SMS_TEMPLATE_ILLEGAL", "REFUSED"],
    ["isv.PARAM_LENGTH_LIMIT", "REFUSED"],
    ["isv.BLACK_KEY_CONTROL_LIMIT", "REFUSED"],
    ["isv.A_CODE_OF_TOMORROW", "REFUSED"],
    ["isp.SYSTEM_ERROR", "UNANSWERED"],
    ["isp.A_CODE_OF_TOMORROW", "UNANSWERED"],
  ])("answers %s with %s and gives the code on", async (providerCode, code) => {
    aliyun.accidents.push({ code: providerCode });
    expect(await failureOf(gateway.send(message("a")))).toMatchObject({
      code,
      providerCode,
      retryable: code === "UNAVAILABLE",
    });
  });

  it("is out of order where key or secret are wrong, and loses nothing by it", async () => {
    for (const key of [
      { id: "LTAI-stand-in", secret: "another" },
      { id: "LTAI-another", secret: "another" },
    ]) {
      const stranger = await openAliyunBefore(aliyun, { key });
      expect(await failureOf(stranger.send(message("a")))).toMatchObject({
        code: "UNAVAILABLE",
        retryable: true,
        providerCode: expect.stringMatching(/^(SignatureDoesNotMatch|InvalidAccessKeyId\.NotFound)$/),
      });
      await stranger.close();
    }
    expect(aliyun.taken).toEqual([]);
  });

  it("refuses without asking: a template that has no code, a number that is none of the mainland, an empty value, a book", async () => {
    for (const wrong of [{ template: "unheard-of" }, { phone: "+852 6123 4567" }, { phone: "" }, ...BEYOND])
      expect(await failureOf(gateway.send(message("a", wrong)))).toMatchObject({ code: "REFUSED" });
    expect(aliyun.actions).toEqual([]);
  });

  it("finds our id among all messages of the day, page after page", async () => {
    const smsIds = Array.from({ length: 120 }, (_, i) => `sms-${i}`);
    for (const smsId of smsIds) await gateway.send(message(smsId));
    aliyun.of("sms-119").fate = { failed: "MOBILE_SEND_LIMIT" };
    expect(await gateway.query!(question("sms-119", aliyun.nowMs))).toEqual({
      state: "failed",
      code: "MOBILE_SEND_LIMIT",
    });
    expect(await gateway.query!(question("another", aliyun.nowMs))).toEqual({ state: "not-found" });
    expect(aliyun.actions.filter((action) => action === "QuerySendDetails")).toHaveLength(6);
  });

  it("does not say 'not found' where there are more records than are shown", async () => {
    await gateway.send(message("another"));
    aliyun.recordsHidden = 1;
    expect(await gateway.query!(question("a", aliyun.nowMs))).toEqual({ state: "unknown" });
  });

  it("looks on both sides of midnight in Beijing", async () => {
    const midnightMs = Date.UTC(2026, 2, 2, 16);
    aliyun.nowMs = midnightMs + 1_000;
    await gateway.send(message("a"));
    aliyun.nowMs += 600_000;
    expect(await gateway.query!(question("a", midnightMs - 1_000))).toEqual({
      state: "sent",
      providerId: null,
    });
  });

  it("knows nothing of what is older than Aliyun's records", async () => {
    expect(await gateway.query!(question("a", aliyun.nowMs - 30 * 86_400_000))).toEqual({ state: "unknown" });
    expect(aliyun.actions).toEqual([]);
  });

  it("reads when the phone had it as Beijing's time", async () => {
    const { providerId } = await gateway.send(message("a"));
    const sentAtMs = aliyun.nowMs;
    aliyun.nowMs += 7_000;
    aliyun.of("a").fate = "delivered";
    expect(await gateway.query!(question("a", sentAtMs, providerId))).toEqual({
      state: "delivered",
      atMs: sentAtMs + 7_000,
    });
  });
});
