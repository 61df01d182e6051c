/** R20: what was taken back. R21: what the holder wished. */

import * as z from "zod";
import {
  allOf,
  anyOf,
  type FactShape,
  factShape,
  type Measured,
  measured,
  say,
  stated,
} from "./fact-shape.js";
import { silencing, span } from "./fact-words.js";

const refund = z.object({
  minutesAfter: z.number().nullable(),
  soonMinutes: z.number(),
  refundCount: z.number(),
  oftenCount: z.number(),
  oftenDays: z.number(),
  refundCountLong: z.number(),
  criticalCount: z.number(),
  criticalDays: z.number(),
});
type Refund = z.infer<typeof refund>;

export const REFUND: readonly FactShape[] = [
  factShape(z.object({ clause: z.literal("trace-code"), reusedCount: z.number() }), ({ reusedCount }) => {
    const boxes = measured({
      what: say("此前已结算且未退回的追溯码", "trace codes settled before and not returned"),
      unit: "times",
      observed: reusedCount,
      relation: "at-least",
      threshold: 1,
    });
    return {
      conditions: [boxes],
      otherwise: anyOf([
        say("追溯码此前未结算，或该次结算已退回", "not settled before, or that settle taken back"),
      ]),
    };
  }),
  factShape(refund.extend({ clause: z.literal("unknown-original") }), (facts) => ({
    conditions: [stated(say("原结算", "original settle"), say("未找到", "not known")), ...oftenMet(facts)],
    otherwise: anyOf(
      [say("撤销所指的原结算已在案", "the settle that it refers to were known")],
      say(
        `原结算在案时按是否${facts.soonMinutes}分钟内及次数判断`,
        `then minutes (${facts.soonMinutes}) and counts are asked`,
      ),
    ),
  })),
  factShape(refund.extend({ clause: z.literal("soon"), minutesAfter: z.number() }), (facts) => {
    const soon = measured({
      what: say("结算后至撤销", "from the settle to its refund"),
      unit: "minutes",
      observed: facts.minutesAfter,
      relation: "at-most",
      threshold: facts.soonMinutes,
    });
    return {
      conditions: [soon, ...oftenMet(facts)],
      otherwise: allOf([silencing(soon), ...oftenMet(facts).map(silencing)]),
    };
  }),
  factShape(refund.extend({ clause: z.literal("often"), minutesAfter: z.number() }), (facts) => ({
    conditions: [
      ...oftenMet(facts),
      stated(say("结算后至撤销", "from the settle to its refund"), span(facts.minutesAfter)),
    ],
    otherwise: allOf(oftenMet(facts).map(silencing)),
  })),
];

/** Counts that are reached: either of them is enough. */
function oftenMet(facts: Refund): readonly Measured[] {
  const counts = [
    { days: facts.oftenDays, observed: facts.refundCount, threshold: facts.oftenCount },
    { days: facts.criticalDays, observed: facts.refundCountLong, threshold: facts.criticalCount },
  ];
  return counts
    .filter(({ observed, threshold }) => observed >= threshold)
    .map(({ days, observed, threshold }) =>
      measured({
        what: say(`${days}天内撤销次数`, `refunds within ${days} days`),
        unit: "times",
        observed,
        relation: "at-least",
        threshold,
      }),
    );
}

const limits = z
  .object({
    dayTotalFen: z.number().optional(),
    dailyFenMax: z.number().optional(),
    isAway: z.literal(true).optional(),
    isNight: z.literal(true).optional(),
    nightFromHour: z.number().optional(),
    nightToHour: z.number().optional(),
  })
  .refine(({ dailyFenMax, isAway, isNight }) => dailyFenMax !== undefined || isAway || isNight);

export const HOLDER_LIMIT: readonly FactShape[] = [
  factShape(limits, ({ dayTotalFen, dailyFenMax, isAway, isNight, nightFromHour, nightToHour }, swipe) => {
    const daily =
      dayTotalFen === undefined || dailyFenMax === undefined
        ? []
        : [
            measured({
              what: say("当日消费合计", "spent that day"),
              unit: "fen",
              observed: dayTotalFen,
              relation: "above",
              threshold: dailyFenMax,
            }),
          ];
    const night = say(`${nightFromHour}点至${nightToHour}点`, `${nightFromHour}:00 to ${nightToHour}:00`);
    return {
      conditions: [
        ...daily,
        ...(isAway
          ? [stated(say("只在常住城市使用", "home cities only"), say("在外地", "was elsewhere"))]
          : []),
        ...(isNight
          ? [
              stated(
                say("夜间不用", "not at night"),
                say(
                  `${swipe.occurredAt?.slice(11, 16) ?? "夜间"}（${night["zh-CN"]}不用）`,
                  `${swipe.occurredAt?.slice(11, 16) ?? "at night"} (not from ${night.en})`,
                ),
              ),
            ]
          : []),
      ],
      otherwise: allOf(
        [
          ...daily.map(silencing),
          ...(isAway ? [say("在常住城市使用", "used in a home city")] : []),
          ...(isNight ? [say(`不在${night["zh-CN"]}使用`, `not used from ${night.en}`)] : []),
        ],
        say("本人修改或取消该限制后亦不再提示", "or the holder had changed or lifted the limit"),
      ),
    };
  }),
];
