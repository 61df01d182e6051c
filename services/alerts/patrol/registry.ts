/** All patrols. What they find is a fact to look into, never an offence: texts say what was counted. */

import type { PatrolId } from "../../../schemas/patrols.js";
import type { Patrol, PatrolParameter } from "./patrol.js";

const count = (min: number, max: number, means: string): PatrolParameter => ({
  min,
  max,
  isWhole: true,
  means,
});
const share = (min: number, max: number, means: string): PatrolParameter => ({
  min,
  max,
  isWhole: false,
  means,
});

export const PATROLS: readonly Patrol[] = [
  {
    id: "R11",
    name: "PIN_SPRAY",
    file: "r11-pin-spray.sql",
    subjectKinds: ["terminal"],
    window: "day",
    parameters: {
      windowMinutes: count(1, 1440, "minutes in which the wrong PINs fall, both ends included"),
      cardsMin: count(2, 1000, "cards with a wrong PIN"),
    },
    facts: ["cards", "cardsOfDay"],
    sees: {
      "zh-CN": "同一终端在短时间内多张卡输错密码",
      en: "wrong PINs of many cards at one terminal within minutes",
    },
    found: {
      "zh-CN": "该终端在{windowMinutes}分钟内有{cards}张卡输错密码（当日共{cardsOfDay}张）",
      en: "{cards} cards had a wrong PIN at this terminal within {windowMinutes} min ({cardsOfDay} that day)",
    },
    basis: {
      "zh-CN": "《医疗保障基金使用监督管理条例》第十七条（凭证由本人使用、妥善保管）、第四十一条",
      en: "Fund supervision regulation (State Council order 735), art. 17 (own credential, kept safe), art. 41",
    },
    next: {
      "zh-CN": "核对该终端当时的操作人与监控；提示涉及的参保人修改密码",
      en: "look at who worked the terminal then and at its camera; have the holders concerned change their PINs",
    },
    holder: {
      "zh-CN": "本巡检不限制您用卡。若您的卡曾在该终端输错密码而非本人操作，请改密码并拨12393核对刷卡记录。",
      en: "This patrol does not limit your card. If a wrong PIN was entered there and not by you, change the PIN and ask 12393 for your swipes.",
    },
  },
  {
    id: "R18",
    name: "TERMINAL_MULTI_CARD",
    file: "r18-terminal-multi-card.sql",
    subjectKinds: ["terminal", "operator"],
    window: "day",
    parameters: {
      windowMinutes: count(1, 240, "minutes of a burst, both ends included"),
      personsMin: count(2, 10_000, "persons of a burst, those at night counted by nightWeight"),
      equalBasketsMin: count(2, 1000, "persons of a burst with the same items at the same amounts"),
      nightFromHour: count(
        0,
        23,
        "first hour of the night, Shanghai; it may go over midnight, such as 22 to 6",
      ),
      nightToHour: count(0, 24, "hour at which the night is over"),
      nightWeight: count(1, 10, "how often a person at night counts"),
      historyDays: count(1, 366, "days before the day whose median is its own"),
      historyDaysMin: count(
        1,
        366,
        "of those, days with settles, so that there is a median; at most historyDays",
      ),
      medianTimes: share(1, 100, "the day's persons are more than so many times the median"),
      dayPersonsMin: count(1, 100_000, "persons of a day below which it is never far above its own"),
    },
    facts: ["persons", "equalBaskets", "dayPersons", "medianPersons"],
    sees: {
      "zh-CN": "同一终端或操作员短时间内为多人结算且清单相同，或单日人数远超自身平常",
      en: "many persons at one terminal or operator within minutes with equal baskets, or a day far above its own",
    },
    found: {
      "zh-CN":
        "{windowMinutes}分钟内最多{persons}人次结算，其中{equalBaskets}人清单相同；当日{dayPersons}人次，近{historyDays}日中位数{medianPersons}（0表示该项未达到；夜间人次加倍）",
      en: "up to {persons} persons within {windowMinutes} min, {equalBaskets} of them with equal baskets; {dayPersons} on the day, median of {historyDays} days {medianPersons} (0: this clause found nothing; persons at night count double)",
    },
    basis: {
      "zh-CN":
        "《医疗保障基金使用监督管理条例》第三十八条、第四十条；2025年定点零售药店自查清单（留存卡证、空刷）",
      en: "Regulation, art. 38 and 40; self-check list for designated pharmacies 2025 (kept cards, empty swipes)",
    },
    next: {
      "zh-CN": "调取进销存、处方与监控，核对人证是否到场；医院挂号等正常同价清单可排除",
      en: "compare stock, prescriptions and camera with the swipes; equal registration fees of a hospital explain themselves",
    },
    holder: {
      "zh-CN": "本巡检不限制您用卡。请勿把医保卡交给他人集中刷卡；卡若被收走，请先挂失，再拨12393。",
      en: "This patrol does not limit your card. Do not hand your card over to be swiped with others; if somebody kept it, report it lost, then call 12393.",
    },
  },
  {
    id: "R20X",
    name: "TRACE_CODE_OF_TWO",
    file: "r20x-trace-code-of-two.sql",
    subjectKinds: ["trace-code"],
    window: "ever",
    parameters: {
      windowDays: count(1, 3660, "days between the settles, both ends included"),
    },
    facts: ["persons", "institutions"],
    sees: {
      "zh-CN": "同一药品追溯码被两人以上结算且未退回",
      en: "one trace code settled by two persons and not returned",
    },
    found: {
      "zh-CN": "同一追溯码由{persons}人在{institutions}家机构结算，均未退回",
      en: "one trace code was settled by {persons} persons at {institutions} institutions, none of it returned",
    },
    basis: {
      "zh-CN":
        "药品追溯码“一药一码”结算要求（2025-07-01起应扫码结算）；《条例》第十九条、第三十九条；实施细则（2026-04-01）",
      en: "trace codes are scanned at settlement since 2025-07-01; Regulation, art. 19 and 39; implementing rules of 2026-04-01",
    },
    next: {
      "zh-CN": "核查药品来源与回流；先排除误扫、整箱码与拆零",
      en: "look into where the box came from; first rule out a wrong scan, a carton's code and split packs",
    },
    holder: {
      "zh-CN": "本巡检不限制您用卡。请保留药盒和票据，核对盒上追溯码；买到已售过的药，请勿服用，拨12393。",
      en: "This patrol does not limit your card. Keep box and receipt and compare the trace code; do not take a drug that was sold before, call 12393.",
    },
  },
  {
    id: "R22",
    name: "COMMON_POINT",
    file: "r22-common-point.sql",
    subjectKinds: ["institution", "operator"],
    window: "month",
    parameters: {
      windowDays: count(
        1,
        183,
        "days before a card's hit in which it was there, and in which hits count together",
      ),
      cardsMin: count(2, 10_000, "cards hit later that were there"),
      shareTimes: share(1, 1000, "their share is at least so many times the share of all cards of the city"),
      victimRules: "rule-ids",
    },
    facts: ["cards", "victims", "placeCards", "cityCards"],
    sees: {
      "zh-CN": "多张后来被试密或盗刷的卡此前曾出现在同一机构或操作员处",
      en: "cards that were later probed or drained had been at one institution or operator before",
    },
    found: {
      "zh-CN":
        "本市{victims}张后来异常的卡中有{cards}张此前到过此处；同期本市{cityCards}张卡中到过此处的为{placeCards}张",
      en: "{cards} of {victims} cards of the city that were hit later had been here; so had {placeCards} of all its {cityCards} cards",
    },
    basis: {
      "zh-CN": "《医疗保障基金使用监督管理条例》第十七条、第四十条、第四十一条",
      en: "Regulation, art. 17, 40 and 41",
    },
    next: {
      "zh-CN": "核查该处接触卡证与密码的人员和设备；提示到过此处的参保人留意",
      en: "look at who and what touches cards and PINs there; warn holders who were there",
    },
    holder: {
      "zh-CN":
        "本巡检不限制您用卡。若您近期去过被核查的机构，请改密码、查刷卡记录；有不认得的，先挂失，再拨12393。",
      en: "This patrol does not limit your card. If you were at a place that is looked into, change the PIN and check your swipes; report the card lost and call 12393 where you do not know one.",
    },
  },
  {
    id: "R23",
    name: "AGENT_RING",
    file: "r23-agent-ring.sql",
    subjectKinds: ["agent"],
    window: "month",
    parameters: {
      windowDays: count(1, 366, "days in which the persons fall, both ends included"),
      personsMin: count(2, 10_000, "persons without a valid mutual-aid fact"),
    },
    facts: ["persons", "institutions"],
    sees: {
      "zh-CN": "同一代办人为多名非亲属参保人代购结算",
      en: "one agent settles for many persons who are no family",
    },
    found: {
      "zh-CN": "同一代办人在{windowDays}日内为{persons}名无共济关系的参保人结算，涉及{institutions}家机构",
      en: "one agent settled for {persons} persons without mutual aid within {windowDays} days, at {institutions} institutions",
    },
    basis: {
      "zh-CN": "《条例》第十七条（代购须出示双方身份证明）、第四十一条；实施细则（2026-04-01）长期出借凭证",
      en: "Regulation, art. 17 (an agent shows both identity documents), art. 41; implementing rules of 2026-04-01 (lending for long)",
    },
    next: {
      "zh-CN": "核对代办登记；养老机构、村医等正常代办可排除",
      en: "look at the agency records; homes for the elderly and village doctors explain themselves",
    },
    holder: {
      "zh-CN":
        "本巡检不限制您用卡。代办请带双方身份证明；长期由亲属代办的，可在医保App绑定家庭共济。不认得代办人，请拨12393。",
      en: "This patrol does not limit your card. An agent brings both identity documents; for a relative who often buys, register mutual aid. Call 12393 where you do not know the agent.",
    },
  },
  {
    id: "R24",
    name: "DECOY",
    file: "r24-decoy.sql",
    subjectKinds: ["card"],
    window: "day",
    parameters: {},
    facts: ["swipes", "institutions"],
    sees: { "zh-CN": "诱饵卡被刷", en: "any swipe of a decoy card" },
    found: {
      "zh-CN": "诱饵卡当日被刷{swipes}次，涉及{institutions}家机构",
      en: "the decoy card was swiped {swipes} times that day, at {institutions} institutions",
    },
    basis: {
      "zh-CN": "《医疗保障基金使用监督管理条例》第四十条、第四十一条",
      en: "Regulation, art. 40 and 41",
    },
    next: {
      "zh-CN": "立即核查刷卡机构与操作人；诱饵卡名单保密",
      en: "look at once at the institution and who worked there; keep the list of decoys secret",
    },
    holder: {
      "zh-CN": "诱饵卡不属于任何参保人，您无需处理。",
      en: "A decoy card belongs to nobody: there is nothing for you to do.",
    },
  },
  {
    id: "R25",
    name: "BACKDATING",
    file: "r25-backdating.sql",
    subjectKinds: ["terminal"],
    window: "day",
    parameters: {
      lateMinutes: count(1, 10_080, "a swipe that arrives later than this is late"),
      lateShare: share(0, 1, "late swipes are at least this share of the day's"),
      swipesMin: count(1, 100_000, "swipes of a day below which there is no share"),
      lateMin: count(1, 100_000, "late swipes of a day below which there is no finding"),
    },
    facts: ["late", "swipes"],
    sees: {
      "zh-CN": "终端单日过多刷卡迟报",
      en: "a terminal whose swipes of a day come in late",
    },
    found: {
      "zh-CN": "该终端当日{swipes}笔中有{late}笔迟于{lateMinutes}分钟到达",
      en: "{late} of this terminal's {swipes} swipes of the day arrived more than {lateMinutes} min late",
    },
    basis: {
      "zh-CN": "《医疗保障基金使用监督管理条例》第三十九条（如实、及时传输数据）",
      en: "Regulation, art. 39 (records and data transmission)",
    },
    next: {
      "zh-CN": "先排除断网补传；核对终端时钟与补录记录",
      en: "first rule out a network failure; compare the terminal's clock and what was keyed in later",
    },
    holder: {
      "zh-CN":
        "本巡检不限制您用卡。迟报的刷卡会晚些出现在您的记录里；日期或机构与您的不符，请留票据并拨12393。",
      en: "This patrol does not limit your card. Swipes that came in late appear later in your record; keep the receipt and call 12393 where date or place are not yours.",
    },
  },
];

export function patrolOf(id: PatrolId): Patrol {
  return PATROLS.find((patrol) => patrol.id === id)!;
}
