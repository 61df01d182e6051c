import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { SmsGateway } from "../../../platform/sms-gateway/sms-gateway.js";
import { failureOf, message, PHONE } from "../../contract/sms-gateway.contract.js";
import { openTencentBefore } from "../../support/sms-providers/provider-rooms.js";
import type { Accident } from "../../support/sms-providers/stand-in.js";
import { TencentStandIn } from "../../support/sms-providers/tencent-stand-in.js";

const SHORT_MS = 2_000;
const BEYOND = [{ values: [{ name: "place", value: "" }] }, { text: "长".repeat(501) }];
let tencent: TencentStandIn;
let gateway: SmsGateway;
beforeEach(async () => {
  tencent = await new TencentStandIn().listen();
  gateway = await openTencentBefore(tencent);
});
afterEach(async () => {
  await gateway.close();
  await tencent.close();
});

/** Asked a quarter of an hour after it was handed over. */
async function fateOf(smsId: string, providerId: string | null = null) {
  const sentAtMs = tencent.nowMs;
  tencent.nowMs += 900_000;
  return gateway.query!({ smsId, phone: PHONE, sentAtMs, providerId });
}

async function sendUnanswered(smsId: string) {
  tencent.accidents.push("taken-cut");
  expect(await failureOf(gateway.send(message(smsId)))).toMatchObject({ code: "UNANSWERED" });
}

describe("SMS through Tencent", () => {
  it("sends signature, id of the template, values in their order and our id, to the number with country code", async () => {
    expect(await gateway.send(message("a"))).toEqual({ receipt: "accepted", providerId: "5000:700000" });
    expect(tencent.taken).toMatchObject([
      {
        smsId: "a",
        phone: `+86${PHONE}`,
        template: "1110",
        signature: "医保卡盾",
        values: ["杭州", "824613"],
      },
    ]);
  });

  it.each<Accident>([
    "taken-cut",
    "lost-cut",
    "taken-garbled",
    "taken-502",
    "throttled",
    { code: "InternalError.Timeout" },
  ])("asks once: the SDK repeats nothing after %j", async (accident) => {
    tencent.accidents.push(accident);
    const { code } = await failureOf(gateway.send(message("a")));
    expect(code).toBe(accident === "throttled" ? "UNAVAILABLE" : "UNANSWERED");
    expect(tencent.actions).toEqual(["SendSms"]);
  });

  it("takes silence for UNANSWERED", async () => {
    const hasty = await openTencentBefore(tencent, { timeLimitMs: SHORT_MS });
    tencent.accidents.push("taken-silent");
    expect(await failureOf(hasty.send(message("a")))).toMatchObject({ code: "UNANSWERED", retryable: false });
    expect(tencent.actions).toEqual(["SendSms"]);
    await hasty.close();
  });

  it("goes past a proxy that the environment names", async () => {
    const before = process.env.http_proxy;
    process.env.http_proxy = "http://127.0.0.1:1";
    try {
      expect(await gateway.send(message("a"))).toMatchObject({ receipt: "accepted" });
    } finally {
      if (before === undefined) delete process.env.http_proxy;
      else process.env.http_proxy = before;
    }
  });

  it.each([
    ["LimitExceeded.PhoneNumberDailyLimit", "UNAVAILABLE"],
    ["request:RequestLimitExceeded", "UNAVAILABLE"],
    ["FailedOperation.InsufficientBalanceInSmsPackage", "UNAVAILABLE"],
    ["FailedOperation.SignatureIncorrectOrUnapproved", "UNAVAILABLE"],
    ["request:UnauthorizedOperation.SerivceSuspendDueToArrears", "UNAVAILABLE"],
    ["FailedOperation.PhoneNumberInBlacklist", "REFUSED"],
    ["FailedOperation.TemplateIncorrectOrUnapproved", "REFUSED"],
    ["InvalidParameterValue.IncorrectPhoneNumber", "REFUSED"],
    ["request:InvalidParameterValue.TemplateParameterLengthLimit", "REFUSED"],
    ["FailedOperation.OtherError", "UNANSWERED"],
    ["request:InternalError.SendAndRecvFail", "UNANSWERED"],
    ["ACodeOfTomorrow", "UNANSWERED"],
  ])("answers %s with %s and gives the code on", async (said, code) => {
    tencent.accidents.push({ code: said });
    expect(await failureOf(gateway.send(message("a")))).toMatchObject({
      code,
      providerCode: said.replace("request:", ""),
      retryable: code === "UNAVAILABLE",
    });
  });

  it("is out of order where key or secret are wrong, and loses nothing by it", async () => {
    for (const key of [
      { id: "AKID-stand-in", secret: "another" },
      { id: "AKID-another", secret: "another" },
    ]) {
      const stranger = await openTencentBefore(tencent, { key });
      expect(await failureOf(stranger.send(message("a")))).toMatchObject({
        code: "UNAVAILABLE",
        retryable: true,
        providerCode: expect.stringMatching(/^AuthFailure\./),
      });
      await stranger.close();
    }
    expect(tencent.taken).toEqual([]);
  });

  it("refuses without asking: a template that has no id, a number that is none of the mainland, an empty value, a book", async () => {
    for (const wrong of [{ template: "unheard-of" }, { phone: "+852 6123 4567" }, { phone: "" }, ...BEYOND])
      expect(await failureOf(gateway.send(message("a", wrong)))).toMatchObject({ code: "REFUSED" });
    expect(tencent.actions).toEqual([]);
  });
});

describe("what Tencent tells of a message whose answer was lost", () => {
  it("is found by our id where Tencent gives it back with the receipt", async () => {
    tencent.givesSessionBack = true;
    await sendUnanswered("a");
    tencent.of("a").fate = "delivered";
    expect(await fateOf("a")).toEqual({ state: "delivered", atMs: tencent.nowMs });
  });

  it("stays unknown without that: it is never guessed from the time", async () => {
    await sendUnanswered("a");
    tencent.of("a").fate = "delivered";
    expect(await fateOf("a")).toEqual({ state: "unknown" });
  });

  it("stays unknown where only another message went to the number then", async () => {
    tencent.givesSessionBack = true;
    await gateway.send(message("another"));
    tencent.of("another").fate = "delivered";
    tencent.accidents.push("lost-cut");
    await failureOf(gateway.send(message("a")));
    expect(await fateOf("a")).toEqual({ state: "unknown" });
  });

  it("is not found where nothing went to the number then, or nothing was let through", async () => {
    tencent.notSubmitted.push({ code: "LimitExceeded.PhoneNumberDailyLimit", atMs: tencent.nowMs });
    expect(await fateOf("a")).toEqual({ state: "not-found" });
  });

  it("stays unknown where there are more records than are shown, or they are no longer kept", async () => {
    tencent.recordsHidden = 1;
    expect(await fateOf("a")).toEqual({ state: "unknown" });
    const sentAtMs = tencent.nowMs - 72 * 3_600_000;
    expect(await gateway.query!({ smsId: "a", phone: PHONE, sentAtMs, providerId: null })).toEqual({
      state: "unknown",
    });
  });

  it("tells the operator's code of one that failed, found by its serial number alone", async () => {
    for (const smsId of ["before", "a", "after"]) await gateway.send(message(smsId));
    tencent.of("before").fate = "delivered";
    tencent.of("a").fate = { failed: "MK.0010" };
    expect(await fateOf("a", tencent.of("a").providerId)).toEqual({ state: "failed", code: "MK.0010" });
  });
});
