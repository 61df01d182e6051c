/** R08–R10: PINs. */

import * as z from "zod";
import { anyOf, type FactShape, factShape, measured, say, stated } from "./fact-shape.js";
import { instantValue, silencing, span } from "./fact-words.js";

const wrongAt = z.array(z.string());
const triesAt = (times: readonly string[]) =>
  stated(
    say("输错时间", "wrong at"),
    say(
      times.map((at) => instantValue(at)["zh-CN"]).join("、"),
      times.map((at) => instantValue(at).en).join(", "),
    ),
  );
const RIGHT_BETWEEN = say(
  "期间有一次输对或已解锁（此前的错误不再计）",
  "a right PIN or an unlock in between (earlier wrong ones count no more)",
);

export const PIN_FAILURES: readonly FactShape[] = [
  factShape(z.object({ clause: z.literal("locked"), lockedSince: z.string().nullable() }), (facts) => ({
    conditions: [
      stated(say("密码状态", "state of the PIN"), say("已锁定", "locked")),
      stated(say("锁定时间", "locked since"), instantValue(facts.lockedSince)),
    ],
    otherwise: anyOf([say("刷卡前已解锁", "unlocked before"), say("不凭密码使用", "used without a PIN")]),
  })),
  factShape(
    z.object({
      clause: z.literal("limit"),
      wrongCount: z.number(),
      limit: z.number(),
      windowHours: z.number(),
      wrongAt,
    }),
    (facts) => {
      const tries = measured({
        what: say(`${facts.windowHours}小时内输错次数`, `wrong PINs within ${facts.windowHours} h`),
        unit: "times",
        observed: facts.wrongCount,
        relation: "at-least",
        threshold: facts.limit,
      });
      return {
        conditions: [tries, triesAt(facts.wrongAt)],
        otherwise: anyOf(
          [silencing(tries), RIGHT_BETWEEN],
          say("次数不足时仍按多机构条款另行判断", "with fewer, the clause of several institutions is asked"),
        ),
      };
    },
  ),
  factShape(
    z.object({
      clause: z.literal("institutions"),
      wrongCount: z.number(),
      institutionCount: z.number(),
      windowMinutes: z.number(),
      wrongAt,
    }),
    (facts) => ({
      conditions: [
        stated(say("输错次数", "wrong PINs"), say(String(facts.wrongCount), String(facts.wrongCount))),
        stated(
          say("涉及机构数", "institutions"),
          say(String(facts.institutionCount), String(facts.institutionCount)),
        ),
        stated(say("时间窗", "window"), span(facts.windowMinutes)),
        triesAt(facts.wrongAt),
      ],
      otherwise: anyOf(
        [
          say("都在同一家机构输错", "all of them at one institution"),
          say(
            `相隔超过${span(facts.windowMinutes)["zh-CN"]}`,
            `more than ${span(facts.windowMinutes).en} between them`,
          ),
          RIGHT_BETWEEN,
        ],
        say(
          "次数和机构数的下限是规则参数 wrongMin、institutionsMin",
          "how many are needed are the rule's parameters wrongMin and institutionsMin",
        ),
      ),
    }),
  ),
];

export const PIN_PROBE: readonly FactShape[] = [
  factShape(
    z.object({
      wrongCount: z.number(),
      wrongMin: z.number(),
      okAt: z.string().nullable(),
      totalFen: z.number(),
      totalFenMin: z.number(),
      pinIsDefault: z.boolean(),
      pinIsBirthday: z.boolean(),
      usualInstitution: z.boolean(),
    }),
    (facts) => {
      const tries = measured({
        what: say("输对前输错次数", "wrong PINs before the right one"),
        unit: "times",
        observed: facts.wrongCount,
        relation: "at-least",
        threshold: facts.wrongMin,
      });
      const amount = amountOf(facts);
      return {
        conditions: [
          tries,
          stated(say("输对时间", "right PIN at"), instantValue(facts.okAt)),
          amount,
          ...(facts.pinIsDefault || facts.pinIsBirthday
            ? [
                stated(
                  say("密码", "PIN"),
                  facts.pinIsBirthday
                    ? say("为生日", "is the birthday")
                    : say("为初始密码", "is the initial one"),
                ),
              ]
            : []),
          stated(
            say("曾到过的常住地机构", "institution at home used before"),
            facts.usualInstitution ? say("是", "yes") : say("否", "no"),
          ),
        ],
        otherwise: anyOf(
          [silencing(tries), silencing(amount)],
          facts.usualInstitution
            ? null
            : say(
                "在曾到过的常住地机构则为复核，不核验",
                "at an institution at home that was used before it would be reviewed only",
              ),
        ),
      };
    },
  ),
];

export const DEFAULT_PIN: readonly FactShape[] = [
  factShape(
    z.object({ totalFen: z.number(), totalFenMin: z.number(), careIsHome: z.enum(["home", "away"]) }),
    (facts) => {
      const amount = amountOf(facts);
      const isAway = facts.careIsHome === "away";
      return {
        conditions: [
          amount,
          stated(say("密码", "PIN"), say("未修改的初始密码", "the initial one, unchanged")),
          stated(
            say("就医地", "place of care"),
            isAway ? say("非常住城市", "not a home city") : say("常住城市", "home city"),
          ),
        ],
        otherwise: anyOf(
          [silencing(amount), say("密码已修改", "the PIN changed before")],
          isAway
            ? say("在常住城市则只提醒", "in a home city it would only be advice")
            : say("在非常住城市则核验身份", "outside the home cities it would be a challenge"),
        ),
      };
    },
  ),
];

function amountOf(facts: { readonly totalFen: number; readonly totalFenMin: number }) {
  return measured({
    what: say("本次金额", "amount"),
    unit: "fen",
    observed: facts.totalFen,
    relation: "at-least",
    threshold: facts.totalFenMin,
  });
}
