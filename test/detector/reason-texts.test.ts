/** What a cardholder reads: short enough for a phone, and never without the next step. */

import { describe, expect, test } from "@jest/globals";
import type { Reason } from "../../schemas/outcomes.js";
import { RULES } from "../../services/detector/rules/registry.js";
import { TEXT_CHARACTERS_MAX } from "../../services/detector/rules/rule.js";
import { goldenJournal, goldenOf } from "../../tools/golden-outcomes.js";
import { defaultBundle, judgeRecords } from "../support/judge.js";

const NEXT_STEP = /请|可/;
/** What a challenged cardholder can do at once: be verified, or use or bring something else. */
const GOES_ON = /出示身份证|核验身份后可继续|改用医保电子凭证|外配处方/;
const CHALLENGING = "R00 R02 R03 R08 R09 R10 R12 R13 R14 R15 R16 R17 R19 R21".split(" ");
/** The reason of a judgement that a link carried along: it sends to the decision's own. */
const AS_DECIDED = "AS_DECIDED";
const HAN = /\p{Script=Han}/u;

const { outcomes } = goldenOf(goldenJournal(), defaultBundle);
const reasons: Reason[] = outcomes.flatMap((outcome) => ("reasons" in outcome ? outcome.reasons : []));

function lengthOf(text: string): number {
  return [...text].length;
}

describe("the Chinese text of a reason", () => {
  test("was given for every rule and every floor", () => {
    const spoken = new Set(reasons.map(({ rule, code }) => (rule === "R00" ? code : rule)));
    const floors = ["BACKDATED", "ID_REPORTED_LOST", "FEED_STALE", "LATE_DUPLICATE_RISK"];
    expect([...spoken].sort()).toEqual([...RULES.map(({ id }) => id), ...floors].sort());
  });

  test(`has at most ${TEXT_CHARACTERS_MAX} characters, names the next step and leaves nothing open`, () => {
    const faulty = reasons
      .map(({ text }) => text["zh-CN"])
      .filter(
        (text) =>
          lengthOf(text) > TEXT_CHARACTERS_MAX ||
          !NEXT_STEP.test(text) ||
          !HAN.test(text) ||
          /undefined|null|NaN/.test(text),
      );
    expect([...new Set(faulty)]).toEqual([]);
  });

  test("of a challenge says how to go on", () => {
    const challenges = reasons.filter(({ action, code }) => action === "challenge" && code !== AS_DECIDED);
    const spoken = new Set(challenges.map(({ rule }) => rule));
    expect([...spoken].sort()).toEqual([...CHALLENGING]);
    const silent = challenges.map(({ text }) => text["zh-CN"]).filter((text) => !GOES_ON.test(text));
    expect([...new Set(silent)]).toEqual([]);
  });

  test("counts no minutes below zero", () => {
    expect(reasons.map(({ text }) => text["zh-CN"]).filter((text) => /-\d+分钟/.test(text))).toEqual([]);
  });

  test("stays within the limit with the largest amounts and the longest names", () => {
    expect(longestTexts().filter((text) => lengthOf(text) > TEXT_CHARACTERS_MAX)).toEqual([]);
  });
});

/** Every text of the golden journal, with the largest amounts and the longest names in it. */
function longestTexts(): string[] {
  return reasons.flatMap(({ rule, facts, code }) => {
    const known = RULES.find(({ id }) => id === rule);
    if (known === undefined || code === "CHALLENGE_FAILED") return [];
    const largest = Object.entries(facts).map(([name, value]) => [
      name,
      name.endsWith("Fen") ? 9_999_999_99 : /City|issuedIn/.test(name) ? "博尔塔拉蒙古自治州" : value,
    ]);
    return [known.explain["zh-CN"](Object.fromEntries(largest))];
  });
}

describe("after a failed challenge", () => {
  const at = (minute: number) => `2026-03-10T10:${String(minute).padStart(2, "0")}:00+08:00`;
  const purchase = (minute: number, fields: object = {}) => ({
    type: "swipe",
    eventId: `s-${minute}`,
    kind: "settle",
    personId: "P1",
    credential: "card",
    cardNumber: "C1",
    insuredRegion: "330100",
    careRegion: "330100",
    institutionId: "P-1",
    institutionKind: "pharmacy",
    totalFen: 30_000,
    occurredAt: at(minute),
    ...fields,
  });
  /** Three purchases just below the limit, the third is challenged (R14); then the answer to it. */
  function answered(fields: object) {
    const judged = judgeRecords([
      ...[0, 2, 4].map((minute) => purchase(minute)),
      purchase(6, { challengeOf: "s-4", challengeResult: "failed", ...fields }),
    ]);
    const { outcome } = judged.at(-1)!;
    if (!("type" in outcome) || outcome.type !== "decision") throw new Error(JSON.stringify(outcome));
    return { decision: outcome, reason: outcome.reasons.find(({ rule }) => rule === "R14")! };
  }
  const failed = defaultBundle.bundle.adviceOf("CHALLENGE_FAILED")!;

  test("a rule that hits says what it found and where to go, as the advice does", () => {
    const { decision, reason } = answered({});
    expect(decision.advice).toEqual(failed);
    expect(reason).toMatchObject({
      code: "SPLIT_PURCHASE",
      action: "reject",
      text: {
        "zh-CN":
          "30分钟内分3笔消费，合计¥900.00，每笔不超过限额¥500.00。核验未通过，本次拒绝。请带身份证到窗口重新核验，或先自费后报销；不是您本人，请拨12393挂失。",
        en: "3 purchases of ¥900.00 in all, each within the limit of ¥500.00, within 30 min. The check was failed, so it rejects. Take your ID to the counter to be checked again, or pay now and claim later; if it was not you, call 12393.",
      },
    });
  });

  test("a rule that does not hit says that it had asked", () => {
    const { decision, reason } = answered({ totalFen: 100 });
    expect(decision.advice).toEqual(failed);
    expect(reason).toMatchObject({ code: "CHALLENGE_FAILED", action: "reject" });
    expect(reason.text["zh-CN"]).toBe(
      "此前刷卡要求核验身份。核验未通过，本次拒绝。请带身份证到窗口重新核验，或先自费后报销；不是您本人，请拨12393挂失。",
    );
    expect(reason.text.en).toMatch(/^An earlier swipe asked .* The check was failed, so it rejects\./);
  });

  test.each([
    ["a rule that hits", 30_000, /^30分钟内分3笔消费/],
    ["one that does not", 100, /^此前刷卡要求核验身份。/],
  ])("%s says in an emergency that it only reviews", (_title, totalFen, found) => {
    const { decision, reason } = answered({ totalFen, emergency: true });
    expect(decision).toMatchObject({ action: "review", advice: failed });
    expect(reason.action).toBe("review");
    expect(reason.text["zh-CN"]).toMatch(found);
    expect(reason.text["zh-CN"]).toContain("核验未通过，因急诊或已作澄清只作复核。");
    expect(reason.text.en).toContain("only reviewed");
  });

  test("no decision advises otherwise than the reason that it rests on", () => {
    const texts = outcomes.flatMap((outcome) => {
      if (outcome.type !== "decision" || outcome.advice?.["zh-CN"] !== failed["zh-CN"]) return [];
      const strongest = outcome.reasons.find(
        ({ mode, action }) => mode === "live" && action === outcome.action,
      )!;
      return [strongest.text["zh-CN"]];
    });
    expect(texts.length).toBeGreaterThan(0);
    expect(texts.filter((text) => !text.includes("核验未通过") || /请出示|核验后/.test(text))).toEqual([]);
  });

  test("the text stays within the limit, whichever rule had asked", () => {
    const { text } = answered({}).reason;
    const next = text["zh-CN"].slice(text["zh-CN"].indexOf("核验未通过"));
    const longest = longestTexts().map((each) => `${each.split("。")[0]}。${next}`);
    expect(longest.filter((each) => lengthOf(each) > TEXT_CHARACTERS_MAX)).toEqual([]);
    expect(longest.filter((each) => /请出示|核验后/.test(each))).toEqual([]);
  });
});

test("the advice of every reason has at most that many characters and names the next step", () => {
  const codes = [...RULES.map(({ id }) => id), "CHALLENGE_FAILED"];
  for (const code of codes) {
    const advice = defaultBundle.bundle.adviceOf(code)!["zh-CN"];
    expect(advice).toMatch(NEXT_STEP);
    expect(lengthOf(advice)).toBeLessThanOrEqual(TEXT_CHARACTERS_MAX);
  }
});
