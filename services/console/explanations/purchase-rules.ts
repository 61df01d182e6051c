/** R12–R17, R19: where, how much and how often somebody buys. */

import * as z from "zod";
import {
  allOf,
  anyOf,
  type FactShape,
  factShape,
  type Measured,
  measured,
  type Otherwise,
  say,
  stated,
} from "./fact-shape.js";
import { instantValue, minuteOf, silencing, span, valueText, yuan } from "./fact-words.js";

const count = (what: Measured["what"], observed: number, threshold: number) =>
  measured({ what, unit: "times", observed, relation: "at-least", threshold });
const yesNo = (is: boolean) => (is ? say("是", "yes") : say("否", "no"));

export const IMPOSSIBLE_TRAVEL: readonly FactShape[] = [
  factShape(
    z.object({
      distanceKm: z.number(),
      distanceKmMin: z.number(),
      gapMinutes: z.number(),
      gapMinutesMin: z.number(),
      speedKmh: z.number(),
      speedKmhMax: z.number(),
      bothPhysical: z.boolean(),
    }),
    (facts) => {
      const distance = measured({
        what: say("两次刷卡相距", "distance between the swipes"),
        unit: "km",
        observed: facts.distanceKm,
        relation: "at-least",
        threshold: facts.distanceKmMin,
      });
      // Whole minutes from which on the speed is within the limit.
      const enoughMinutes = Math.ceil((facts.distanceKm * 60) / facts.speedKmhMax);
      const [enough, more] = [span(enoughMinutes), span(Math.max(enoughMinutes - facts.gapMinutes, 1))];
      return {
        conditions: [
          distance,
          stated(say("相隔时间", "time between them"), span(facts.gapMinutes)),
          measured({
            what: say("所需速度", "speed needed"),
            unit: "km/h",
            observed: facts.speedKmh,
            // Rounded for reading: what is just above the limit may read as the limit.
            relation: "at-least",
            threshold: facts.speedKmhMax,
          }),
          stated(say("两次均为实体凭证", "both with physical credentials"), yesNo(facts.bothPhysical)),
        ],
        otherwise: anyOf(
          [
            say(
              `两次相隔至少${enough["zh-CN"]}（再多${more["zh-CN"]}）`,
              `at least ${enough.en} between them (${more.en} more)`,
            ),
            silencing(distance),
          ],
          facts.bothPhysical
            ? say(
                "有一次用电子凭证则为复核，不核验",
                "with an e-credential for one of them it would be reviewed only",
              )
            : null,
        ),
      };
    },
  ),
];

export const CROSS_CITY: readonly FactShape[] = [
  factShape(
    z.object({
      totalFen: z.number(),
      totalFenMin: z.number(),
      careCity: z.string(),
      homeCities: z.array(z.union([z.string(), z.number()])),
    }),
    (facts) => {
      const amount = measured({
        what: say("本次金额", "amount"),
        unit: "fen",
        observed: facts.totalFen,
        relation: "at-least",
        threshold: facts.totalFenMin,
      });
      const homes =
        facts.homeCities.length === 0
          ? say("不详", "not known")
          : say(facts.homeCities.join("、"), facts.homeCities.join(", "));
      return {
        conditions: [
          amount,
          stated(say("就医地", "place of care"), say(facts.careCity, facts.careCity)),
          stated(say("常住城市", "home cities"), homes),
        ],
        otherwise: anyOf([
          silencing(amount),
          say("就医地是常住城市或与其相邻", "a home city or one next to it"),
          say("当时有覆盖就医地的异地就医备案", "a filing for care there in force"),
          say("系急诊、代办或家庭共济支付", "an emergency, bought by an agent, or paid by mutual aid"),
        ]),
      };
    },
  ),
];

export const SPLIT_PURCHASE: readonly FactShape[] = [
  factShape(
    z.object({
      clause: z.enum(["anywhere", "chain"]),
      count: z.number(),
      countMin: z.number(),
      sumFen: z.number(),
      sumFenMin: z.number(),
      limitFen: z.number(),
      windowMinutes: z.number(),
      chainWindowHours: z.number(),
    }),
    (facts) => {
      const isAnywhere = facts.clause === "anywhere";
      const window = isAnywhere ? span(facts.windowMinutes) : span(facts.chainWindowHours * 60);
      const purchases = count(say("接近限额的笔数", "purchases near the limit"), facts.count, facts.countMin);
      const sum = measured({
        what: say("合计金额", "their sum"),
        unit: "fen",
        observed: facts.sumFen,
        relation: "at-least",
        threshold: facts.sumFenMin,
      });
      return {
        conditions: [
          purchases,
          sum,
          stated(say("单笔限额", "limit of one"), say(yuan(facts.limitFen), yuan(facts.limitFen))),
          stated(
            say("时间窗", "window"),
            isAnywhere ? window : say(`${window["zh-CN"]}（同一连锁）`, `${window.en} (one chain)`),
          ),
        ],
        otherwise: anyOf(
          [
            silencing(purchases),
            silencing(sum),
            say(`首末笔相隔超过${window["zh-CN"]}`, `more than ${window.en} from the first to the last`),
          ],
          isAnywhere
            ? say(
                `不满足时仍按同一连锁${facts.chainWindowHours}小时条款另行判断`,
                `else the clause of one chain within ${facts.chainWindowHours} h is asked`,
              )
            : null,
        ),
      };
    },
  ),
];

const spending = {
  spentFen: z.number(),
  openingFen: z.number(),
  spentPercent: z.number(),
  percentMin: z.number(),
  windowDays: z.number(),
};
type Spending = z.infer<z.ZodObject<typeof spending>>;

/** Shares are whole percents rounded down: whoever hits is at or above the threshold in them too. */
function spentShare(facts: Spending): Measured {
  return measured({
    what: say(
      `${facts.windowDays}天支出占期初余额`,
      `share of the opening balance spent in ${facts.windowDays} d`,
    ),
    unit: "percent",
    observed: facts.spentPercent,
    relation: "at-least",
    threshold: facts.percentMin,
  });
}

function lessSpent(facts: Spending): ReturnType<typeof say> {
  const limitFen = Math.ceil((facts.openingFen * facts.percentMin) / 100);
  return say(
    `个人账户支出低于${yuan(limitFen)}（实际${yuan(facts.spentFen)}）`,
    `less than ${yuan(limitFen)} spent from the account (was ${yuan(facts.spentFen)})`,
  );
}

const balances = (facts: Spending) => [
  stated(say("期初余额", "opening balance"), say(yuan(facts.openingFen), yuan(facts.openingFen))),
  stated(say("期间支出", "spent"), say(yuan(facts.spentFen), yuan(facts.spentFen))),
];

const longSpending = z.object({
  ...spending,
  awayFen: z.number(),
  awayPercentMin: z.number(),
  pharmacyCount: z.number(),
  pharmaciesMin: z.number(),
});

export const DRAIN: readonly FactShape[] = [
  factShape(longSpending, (facts) => {
    const away = measured({
      what: say("其中非常住城市支出占比", "of it spent outside the home cities"),
      unit: "percent",
      observed: facts.spentFen === 0 ? 0 : (facts.awayFen * 100) / facts.spentFen,
      relation: "at-least",
      threshold: facts.awayPercentMin,
    });
    const pharmacies = count(say("涉及药店数", "pharmacies"), facts.pharmacyCount, facts.pharmaciesMin);
    const spread = [away, pharmacies].filter(({ observed, threshold }) => observed >= threshold);
    const spreadOff = spread.map(silencing);
    return {
      conditions: [...balances(facts), spentShare(facts), ...spread],
      otherwise: anyOf(
        [
          lessSpent(facts),
          say(
            spreadOff.map((step) => step["zh-CN"]).join("，且"),
            spreadOff.map((step) => step.en).join(" and "),
          ),
        ],
        say(
          "不满足时仍按较短期限条款另行判断（只作复核）；在常住城市、曾正常消费过的机构则只作复核",
          "else the clause of fewer days is asked (reviewed only); at home, where an earlier purchase was approved, it is reviewed only",
        ),
      ),
    };
  }),
  factShape(z.object(spending), (facts) => ({
    conditions: [...balances(facts), spentShare(facts)],
    otherwise: anyOf([lessSpent(facts)]),
  })),
];

const MANY_ELSE = say("不满足时其余条款另行判断", "else the rule's other clauses are asked");

export const MANY_INSTITUTIONS: readonly FactShape[] = [
  factShape(
    z.object({
      clause: z.literal("pharmacies"),
      count: z.number(),
      countMin: z.number(),
      windowMinutes: z.number(),
    }),
    (facts) => many(say("药店数", "pharmacies"), facts, span(facts.windowMinutes)),
  ),
  factShape(
    z.object({
      clause: z.literal("institutions"),
      count: z.number(),
      countMin: z.number(),
      windowHours: z.number(),
    }),
    (facts) => many(say("机构数", "institutions"), facts, span(facts.windowHours * 60)),
  ),
  factShape(z.object({ clause: z.literal("gap"), gapMinutes: z.number() }), ({ gapMinutes }) => ({
    conditions: [
      stated(
        say("与另一家不同连锁的药店相隔", "time to a pharmacy of another chain"),
        say(`不到${span(gapMinutes)["zh-CN"]}`, `less than ${span(gapMinutes).en}`),
      ),
    ],
    otherwise: anyOf([
      say(`相隔至少${span(gapMinutes)["zh-CN"]}`, `at least ${span(gapMinutes).en} between them`),
      say("两家属同一连锁", "both of one chain"),
    ]),
  })),
];

function many(
  what: Measured["what"],
  facts: { readonly count: number; readonly countMin: number },
  window: ReturnType<typeof span>,
) {
  const places = count(what, facts.count, facts.countMin);
  return {
    conditions: [places, stated(say("时间窗", "window"), window)],
    otherwise: anyOf(
      [
        silencing(places),
        say(`首末次相隔超过${window["zh-CN"]}`, `more than ${window.en} from the first to the last`),
      ],
      MANY_ELSE,
    ),
  };
}

const basket = z.object({
  clause: z.enum(["amount", "pharmacies", "away"]),
  listedFen: z.number(),
  listedFenMin: z.number(),
  pharmacyCount: z.number(),
  pharmaciesMin: z.number(),
  windowHours: z.number(),
  isAway: z.boolean(),
});

export const RESALE_BASKET: readonly FactShape[] = [
  factShape(basket, (facts) => {
    const window = valueText("hours", facts.windowHours);
    const listed = measured({
      what: say(`${window["zh-CN"]}内易转卖药品金额`, `drugs that are easily resold within ${window.en}`),
      unit: "fen",
      observed: facts.listedFen,
      relation: "at-least",
      threshold: facts.listedFenMin,
    });
    const pharmacies = count(say("涉及药店数", "pharmacies"), facts.pharmacyCount, facts.pharmaciesMin);
    const met = [listed, pharmacies].filter(({ observed, threshold }) => observed >= threshold);
    const atHome = say("在常住城市购买", "bought in a home city");
    return {
      conditions: [
        ...met,
        ...(met.includes(listed)
          ? []
          : [stated(listed.what, say(yuan(facts.listedFen), yuan(facts.listedFen)))]),
        stated(say("在常住城市以外", "outside the home cities"), yesNo(facts.isAway)),
      ],
      otherwise: allOf([...met.map(silencing), ...(facts.isAway ? [atHome] : [])]),
    };
  }),
];

export const INPATIENT_CONFLICT: readonly FactShape[] = [
  factShape(
    z.object({
      stayFrom: z.string(),
      stayTo: z.string().nullable(),
      stayCity: z.string().nullable(),
      careCity: z.string().nullable(),
      isOtherCity: z.boolean(),
    }),
    (facts, { occurredAt }) => ({
      conditions: [
        stated(say("刷卡时间", "time of the swipe"), instantValue(occurredAt)),
        stated(say("住院自", "in hospital since"), instantValue(facts.stayFrom)),
        stated(
          say("住院至", "until"),
          facts.stayTo === null ? say("尚未出院", "not discharged") : instantValue(facts.stayTo),
        ),
        stated(say("住院城市", "city of the stay"), placeOf(facts.stayCity)),
        stated(say("就医地", "place of care"), placeOf(facts.careCity)),
      ],
      otherwise: stayOver(facts),
    }),
  ),
];

function placeOf(name: string | null) {
  return name === null ? say("不详", "not known") : say(name, name);
}

function stayOver(facts: {
  readonly stayFrom: string;
  readonly stayTo: string | null;
  readonly isOtherCity: boolean;
}): Otherwise {
  const { stayFrom, stayTo } = facts;
  return anyOf(
    [
      say("持该医院开具的外配处方", "with the hospital's prescription for it"),
      say("在住院的医院结算", "settled at the hospital of the stay"),
      stayTo === null
        ? say(
            `刷卡早于${minuteOf(stayFrom)}，或已出院`,
            `swiped before ${minuteOf(stayFrom)}, or after discharge`,
          )
        : say(
            `刷卡早于${minuteOf(stayFrom)}或不早于${minuteOf(stayTo)}`,
            `swiped before ${minuteOf(stayFrom)}, or at ${minuteOf(stayTo)} or later`,
          ),
    ],
    facts.isOtherCity
      ? say("在住院城市则为复核，不核验", "in the city of the stay it would be reviewed only")
      : null,
  );
}
