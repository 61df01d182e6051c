/** Patrols: facts of a finding with the settings that it was found with. */

import * as z from "zod";
import {
  allOf,
  anyOf,
  type Condition,
  type FactShape,
  factShape,
  type Measured,
  measured,
  say,
  stated,
} from "./fact-shape.js";
import { silencing } from "./fact-words.js";

const atLeast = (
  what: Measured["what"],
  observed: number,
  threshold: number,
  unit: Measured["unit"] = "times",
) => measured({ what, unit, observed, relation: "at-least", threshold });
const number = z.number();
const window = (days: number): Condition => stated(say("时间窗", "window"), say(`${days}天`, `${days} days`));

/** Each count alone is enough to fall below. */
function counts(conditions: readonly Condition[]) {
  const steps = conditions.filter((condition) => condition.kind === "measured").map(silencing);
  return { conditions, otherwise: anyOf(steps) };
}

export const PIN_SPRAY: readonly FactShape[] = [
  factShape(
    z.object({ cards: number, cardsOfDay: number, cardsMin: number, windowMinutes: number }),
    (facts) =>
      counts([
        atLeast(
          say(
            `${facts.windowMinutes}分钟内输错密码的卡`,
            `cards with a wrong PIN within ${facts.windowMinutes} min`,
          ),
          facts.cards,
          facts.cardsMin,
        ),
        stated(
          say("当日输错密码的卡", "that day"),
          say(`${facts.cardsOfDay}张`, `${facts.cardsOfDay} cards`),
        ),
      ]),
  ),
];

const manyPersons = z.object({
  persons: number,
  equalBaskets: number,
  dayPersons: number,
  medianPersons: number,
  windowMinutes: number,
  personsMin: number,
  equalBasketsMin: number,
  historyDays: number,
  medianTimes: number,
  dayPersonsMin: number,
});

export const TERMINAL_MULTI_CARD: readonly FactShape[] = [
  factShape(manyPersons, (facts) => {
    const burst = [
      atLeast(
        say(`${facts.windowMinutes}分钟内结算人次`, `persons within ${facts.windowMinutes} min`),
        facts.persons,
        facts.personsMin,
      ),
      atLeast(say("其中清单相同的人数", "with equal baskets"), facts.equalBaskets, facts.equalBasketsMin),
    ];
    const day = [
      atLeast(say("当日结算人次", "persons of the day"), facts.dayPersons, facts.dayPersonsMin),
      measured({
        what: say("当日人次", "persons of the day"),
        unit: "times",
        observed: facts.dayPersons,
        relation: "above",
        threshold: facts.medianTimes * facts.medianPersons,
      }),
    ];
    // 0: the clause found nothing.
    const found = [facts.persons > 0 ? burst : [], facts.dayPersons > 0 ? day : []].filter(
      (clause) => clause.length > 0,
    );
    const steps = found.map((clause) => {
      const [first, second] = clause.map(silencing);
      return say(`${first!["zh-CN"]}或${second!["zh-CN"]}`, `${first!.en}, or ${second!.en}`);
    });
    return {
      conditions: [
        ...found.flat(),
        ...(facts.dayPersons > 0
          ? [
              stated(
                say(`近${facts.historyDays}日中位数`, `median of ${facts.historyDays} days`),
                say(
                  `${facts.medianPersons}（上限为其${facts.medianTimes}倍）`,
                  `${facts.medianPersons} (limit: ${facts.medianTimes} times)`,
                ),
              ),
            ]
          : []),
      ],
      otherwise: allOf(steps, say("夜间人次加倍计", "persons at night count more than once")),
    };
  }),
];

export const TRACE_CODE_OF_TWO: readonly FactShape[] = [
  factShape(z.object({ persons: number, institutions: number, windowDays: number }), (facts) => ({
    conditions: [
      atLeast(say("结算同一追溯码的人数", "persons with the same trace code"), facts.persons, 2),
      stated(say("涉及机构数", "institutions"), say(String(facts.institutions), String(facts.institutions))),
      window(facts.windowDays),
    ],
    otherwise: anyOf([
      say("其中一次已退回", "one of the settles taken back"),
      say(`相隔超过${facts.windowDays}天`, `more than ${facts.windowDays} days between them`),
    ]),
  })),
];

export const COMMON_POINT: readonly FactShape[] = [
  factShape(
    z.object({
      cards: number,
      victims: number,
      placeCards: number,
      cityCards: number,
      cardsMin: number,
      shareTimes: number,
      windowDays: number,
    }),
    (facts) =>
      counts([
        atLeast(
          say("后来异常且到过此处的卡", "cards hit later that had been here"),
          facts.cards,
          facts.cardsMin,
        ),
        atLeast(
          say("其在本市异常卡中的占比", "their share of the city's cards hit"),
          facts.cards / facts.victims,
          (facts.shareTimes * facts.placeCards) / facts.cityCards,
          "share",
        ),
        stated(
          say("全部卡中到过此处的", "of all cards, those that had been here"),
          say(
            `${facts.placeCards}/${facts.cityCards}张（占比阈值为其${facts.shareTimes}倍）`,
            `${facts.placeCards} of ${facts.cityCards} (threshold: ${facts.shareTimes} times that share)`,
          ),
        ),
        window(facts.windowDays),
      ]),
  ),
];

export const AGENT_RING: readonly FactShape[] = [
  factShape(
    z.object({ persons: number, institutions: number, windowDays: number, personsMin: number }),
    (facts) =>
      counts([
        atLeast(say("无共济关系的参保人", "persons without mutual aid"), facts.persons, facts.personsMin),
        stated(
          say("涉及机构数", "institutions"),
          say(String(facts.institutions), String(facts.institutions)),
        ),
        window(facts.windowDays),
      ]),
  ),
];

export const DECOY: readonly FactShape[] = [
  factShape(z.object({ swipes: number, institutions: number }), (facts) => ({
    conditions: [
      atLeast(say("诱饵卡被刷次数", "swipes of the decoy card"), facts.swipes, 1),
      stated(say("涉及机构数", "institutions"), say(String(facts.institutions), String(facts.institutions))),
    ],
    otherwise: anyOf([say("诱饵卡当日未被刷", "the decoy card not swiped that day")]),
  })),
];

export const BACKDATING: readonly FactShape[] = [
  factShape(
    z.object({
      late: number,
      swipes: number,
      lateMinutes: number,
      lateShare: number,
      swipesMin: number,
      lateMin: number,
    }),
    (facts) =>
      counts([
        atLeast(
          say(`迟于${facts.lateMinutes}分钟到达的笔数`, `swipes later than ${facts.lateMinutes} min`),
          facts.late,
          facts.lateMin,
        ),
        atLeast(say("迟报占比", "their share"), facts.late / facts.swipes, facts.lateShare, "share"),
        atLeast(say("当日笔数", "swipes of the day"), facts.swipes, facts.swipesMin),
      ]),
  ),
];
