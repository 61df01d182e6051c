import { describe, expect, test } from "@jest/globals";
import type { Answer } from "../../../schemas/http/authorization.js";
import { ERR_MSG_LENGTH_MAX, replyEnvelope } from "../../../schemas/national/envelope.js";
import {
  replyNotStored,
  replyOfAnswer,
  replyOfRefusal,
  replyStored,
} from "../../../schemas/national/reply.js";
import { REFUSAL_CODES } from "../../../services/ingest/refusal.js";
import { defaultBundle } from "../../support/judge.js";

const TO = { msgid: "P33010600012202603020915001001", division: "330106" };
const TIMES = {
  receivedMs: Date.UTC(2026, 2, 2, 1, 15, 0, 7),
  respondedMs: Date.UTC(2026, 2, 2, 1, 15, 0, 19),
};
const { meanings } = defaultBundle.content.responseCodes;

function answer(fields: Partial<Answer>): Answer {
  return {
    eventId: TO.msgid,
    decisionId: "0123456789ab-x-0",
    action: "approve",
    responseCode: "00",
    advice: null,
    reasons: [],
    disputed: false,
    degraded: false,
    degradedReason: null,
    duplicate: false,
    standIn: false,
    journaled: true,
    ...fields,
  };
}

describe("the reply to a pre-settlement", () => {
  test.each(["approve", "review"] as const)("goes on after %s, with the decision", (action) => {
    const reply = replyOfAnswer(TO, answer({ action }), meanings, TIMES);
    expect(replyEnvelope.parse(reply)).toEqual(reply);
    expect(reply).toMatchObject({ infcode: 0, err_msg: "", output: { action, response_code: "00" } });
    expect(reply.refmsg_time).toBe("20260302091500007");
    expect(reply.respond_time).toBe("20260302091500019");
    expect(reply.inf_refmsgid).toMatch(/^33010620260302091500\d{10}$/);
  });

  test("stops with the code, what it means and how care can be had", () => {
    const advice = defaultBundle.content.advice.R01!;
    const reply = replyOfAnswer(
      TO,
      answer({ action: "reject", responseCode: "B7", advice }),
      meanings,
      TIMES,
    );
    expect(reply.infcode).toBe(-1);
    expect(reply.err_msg).toBe(`[B7]卡已预挂失。${advice["zh-CN"]}`);
    expect(reply.output).toMatchObject({
      action: "reject",
      response_code: "B7",
      decision_id: "0123456789ab-x-0",
    });
  });

  test("of every action, code and advice of the default bundle is short enough and says how to go on", () => {
    for (const action of ["challenge", "reject"] as const)
      for (const responseCode of [...Object.keys(meanings), "ZZ"])
        for (const advice of [...Object.values(defaultBundle.content.advice), null]) {
          const told = { action, responseCode, advice, journaled: advice !== null };
          const { err_msg } = replyOfAnswer(TO, answer(told), meanings, TIMES);
          expect(err_msg.length).toBeLessThanOrEqual(ERR_MSG_LENGTH_MAX);
          expect(err_msg.startsWith(`[${responseCode}]`)).toBe(true);
          expect(err_msg).not.toContain("…");
          expect(err_msg).toMatch(/自费|报销|核验|证|12393/);
        }
  });

  test.each(["approve", "review"] as const)(
    "that is not stored goes on after %s and asks for the message again",
    (action) => {
      const reply = replyOfAnswer(TO, answer({ action, standIn: true, journaled: false }), meanings, TIMES);
      expect(reply).toMatchObject({ infcode: 0, output: { journaled: false } });
      expect(reply.err_msg).toBe("已临时放行，报文未存储，请以同一报文ID重发");
    },
  );

  test("that is not stored and stops asks for the message again too", () => {
    const { err_msg } = replyOfAnswer(TO, answer({ action: "challenge", journaled: false }), meanings, TIMES);
    expect(err_msg).toContain("请以同一报文ID重发");
  });

  test("of a longer text is cut to whole characters", () => {
    const advice = { "zh-CN": "𠀀".repeat(150), en: "" };
    const { err_msg } = replyOfAnswer(TO, answer({ action: "reject", advice }), meanings, TIMES);
    expect(err_msg.length).toBeLessThanOrEqual(ERR_MSG_LENGTH_MAX);
    expect(err_msg).toMatch(/^[^\ud800-\udfff]*(?:[\ud800-\udbff][\udc00-\udfff])*…$/);
  });
});

describe("the reply to a message that is refused", () => {
  test("names the path in Chinese for the operator and the reason in its output", () => {
    const refused = { code: "FIELD_INVALID", field: "input.druginfo.psn_no", reason: "a field …" };
    const reply = replyOfRefusal(TO, refused, TIMES);
    expect(replyEnvelope.parse(reply)).toEqual(reply);
    expect(reply.infcode).toBe(-1);
    expect(reply.err_msg).toContain("字段缺失或格式不对（input.druginfo.psn_no）");
    expect(reply.output).toMatchObject(refused);
  });

  test("asks for a corrected message only where one would help", () => {
    const words = (code: string) => replyOfRefusal(TO, { code, field: "", reason: "" }, TIMES).err_msg;
    expect(words("FIELD_INVALID")).toContain("请改正后以新报文重发");
    for (const code of ["TRANSACTION_UNKNOWN", "TRANSACTION_FAILED", "RECORD_FAILED"])
      expect(words(code)).not.toContain("请改正");
  });

  test("of any code and an endless path is short enough", () => {
    for (const code of Object.keys(REFUSAL_CODES)) {
      const { err_msg } = replyOfRefusal(TO, { code, field: "f".repeat(500), reason: "" }, TIMES);
      expect(err_msg.length).toBeLessThanOrEqual(ERR_MSG_LENGTH_MAX);
      expect(err_msg).toMatch(/自费/);
    }
  });

  test("whose msgid and place could not be read still has a shape", () => {
    const reply = replyOfRefusal(
      { msgid: null, division: "no" },
      { code: "JSON_INVALID", field: "", reason: "" },
      TIMES,
    );
    expect(replyEnvelope.safeParse(reply).success).toBe(true);
    expect(reply.inf_refmsgid.startsWith("000000")).toBe(true);
  });
});

test("a stored message is done, one that could not be stored is to be sent again", () => {
  expect(replyStored(TO, TIMES)).toMatchObject({ infcode: 0, output: { journaled: true } });
  expect(replyNotStored(TO, TIMES)).toMatchObject({ infcode: -1, output: { journaled: false } });
  expect(replyNotStored(TO, TIMES).err_msg).toContain("以同一报文ID重发");
});
