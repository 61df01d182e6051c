/** Every reason that a decision can have is explained: what was observed, what the threshold is, what would have changed it. */

import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import type { DecisionOutcome, Reason } from "../../../schemas/outcomes.js";
import { PATROLS } from "../../../services/alerts/patrol/registry.js";
import {
  explainReasons,
  explanationOf,
  explanationWords,
  NOT_KNOWN_SHAPE,
  SHAPES,
  STRENGTHENED_BY,
} from "../../../services/console/explanations/explain-reasons.js";
import type { Explanation } from "../../../services/console/explanations/fact-shape.js";
import { holds, span, yuan } from "../../../services/console/explanations/fact-words.js";
import { REPEATED } from "../../../services/console/explanations/floors.js";
import { RULES } from "../../../services/detector/rules/registry.js";
import { goldenJournal, goldenOf } from "../../../tools/golden-outcomes.js";
import { CASE_FILES } from "../../alerts/patrol/patrol-cases.js";
import { judgeCase, readCaseTables } from "../../detector/rules/case-table.js";
import { defaultBundle, judgeRecords } from "../../support/judge.js";

type Facts = Readonly<Record<string, unknown>>;
interface Given {
  readonly rule: string;
  readonly code: string;
  readonly facts: Facts;
}

const AT = { occurredAt: "2026-03-10T23:30:00+08:00" };
const { patrols: SETTINGS } = JSON.parse(readFileSync("rulesets/patrols.json", "utf8")) as {
  readonly patrols: Readonly<Record<string, { readonly parameters: object }>>;
};

/** What the judge really said of the golden journal and of the rules' own cases, and what patrols really found. */
const judged: readonly Reason[] = [
  ...goldenOf(goldenJournal(), defaultBundle).outcomes.flatMap((outcome) =>
    "reasons" in outcome ? outcome.reasons : [],
  ),
  ...readCaseTables().flatMap(({ rule, cases }) => cases.flatMap((each) => judgeCase(rule, each).reasons)),
];
const found: readonly Given[] = CASE_FILES.flatMap(({ patrol, cases }) =>
  cases.flatMap(({ then }) =>
    then.map(({ facts }) => ({
      rule: patrol,
      code: patrol,
      facts: { ...SETTINGS[patrol]!.parameters, ...facts },
    })),
  ),
);
const explained = [...judged, ...found].map((given) => ({
  given,
  explanation: explanationOf(given.rule, given.code, given.facts, AT),
}));

function textsOf(explanation: Explanation): { chinese: string[]; english: string[] } {
  const { conditions, otherwise } = explanationWords(explanation);
  const texts = [
    ...conditions.flatMap(({ what, observed, threshold }) => [
      what,
      observed,
      ...(threshold ? [threshold] : []),
    ]),
    ...otherwise.steps,
    ...(otherwise.note === null ? [] : [otherwise.note]),
  ];
  return { chinese: texts.map((text) => text["zh-CN"]), english: texts.map(({ en }) => en) };
}

describe("the explanation of a reason", () => {
  test("is there for every rule, every floor and every patrol", () => {
    const seen = new Set(explained.map(({ given: { rule, code } }) => (rule === "R00" ? code : rule)));
    const floors = ["BACKDATED", "ID_REPORTED_LOST", "FEED_STALE", "LATE_DUPLICATE_RISK"];
    const all = [...RULES.map(({ id }) => id), ...PATROLS.map(({ id }) => id), ...floors].sort();
    expect([...seen].sort()).toEqual(all);
    expect(Object.keys(SHAPES).sort()).toEqual(all);
  });

  test("knows the shape of all facts that were ever said, and says nothing of a shape that never occurs", () => {
    const unknown = explained.filter(({ explanation }) => explanation.otherwise.note === NOT_KNOWN_SHAPE);
    expect(unknown.map(({ given }) => given)).toEqual([]);
    const unused = [...Object.entries(SHAPES), ["repeated", REPEATED] as const].flatMap(([name, shapes]) =>
      shapes.flatMap((shape, index) => {
        const ofRule = explained.filter(
          ({ given: { rule, code } }) => name === "repeated" || name === (rule === "R00" ? code : rule),
        );
        return ofRule.some(({ given }) => shape.explain(given.facts, AT) !== null)
          ? []
          : [`${name} ${index}`];
      }),
    );
    expect(unused).toEqual([]);
  });

  test("shows observed values that really met their thresholds", () => {
    const wrong = explained.flatMap(({ given, explanation }) =>
      explanation.conditions
        .filter((condition) => condition.kind === "measured")
        .filter((condition) => !holds(condition))
        .map((condition) => ({ given, condition })),
    );
    expect(wrong).toEqual([]);
  });

  test("names at least one thing that would have changed it, in both languages and with nothing left open", () => {
    const faulty = explained.filter(({ given, explanation }) => {
      const { chinese, english } = textsOf(explanation);
      return (
        explanation.otherwise.steps.length === 0 ||
        explanation.conditions.length === 0 ||
        [...chinese, ...english].some((text) => text === "" || /undefined|null|NaN|\[object/.test(text)) ||
        english.some((text) => HAN.test(withoutNames(text, given.facts)))
      );
    });
    expect(faulty.map(({ given, explanation }) => ({ given, ...textsOf(explanation) }))).toEqual([]);
  });

  test("of facts that it does not know lists them and says so", () => {
    expect(explanationWords(explanationOf("R14", "SPLIT", { weightKg: 7 }, AT))).toEqual({
      conditions: [
        {
          what: { "zh-CN": "weightKg", en: "weightKg" },
          observed: { "zh-CN": "7", en: "7" },
          relation: null,
          threshold: null,
        },
      ],
      otherwise: { needs: "any", steps: [], note: NOT_KNOWN_SHAPE },
    });
  });
});

const HAN = /\p{Script=Han}/u;

/** Names of places stay as the register has them. */
function withoutNames(text: string, facts: Facts): string {
  const names = Object.values(facts)
    .flat()
    .filter((value) => typeof value === "string");
  return names.reduce((rest, name) => rest.replaceAll(name, ""), text);
}

describe("what would have changed it", () => {
  const NEEDED: readonly (readonly [string, string, Facts, string, readonly string[]])[] = [
    [
      "an amount",
      "R13",
      { totalFen: 125_000, totalFenMin: 80_000, careCity: "南京市", homeCities: ["杭州市"] },
      "any",
      [
        "本次金额低于¥800.00（实际¥1,250.00）",
        "就医地是常住城市或与其相邻",
        "当时有覆盖就医地的异地就医备案",
        "系急诊、代办或家庭共济支付",
      ],
    ],
    [
      "the time of a journey",
      "R12",
      {
        distanceKm: 650,
        distanceKmMin: 100,
        gapMinutes: 45,
        gapMinutesMin: 10,
        speedKmh: 867,
        speedKmhMax: 300,
        bothPhysical: true,
      },
      "any",
      ["两次相隔至少2小时10分钟（再多1小时25分钟）", "两次刷卡相距低于100公里（实际650公里）"],
    ],
    [
      "every clause that is met",
      "R17",
      {
        clause: "amount",
        listedFen: 200_000,
        listedFenMin: 100_000,
        pharmacyCount: 3,
        pharmaciesMin: 2,
        windowHours: 24,
        isAway: true,
      },
      "all",
      ["1天内易转卖药品金额低于¥1,000.00（实际¥2,000.00）", "涉及药店数低于2（实际3）", "在常住城市购买"],
    ],
    [
      "a refund that is both soon and one of many",
      "R20",
      {
        clause: "soon",
        minutesAfter: 4,
        soonMinutes: 15,
        refundCount: 3,
        oftenCount: 2,
        oftenDays: 7,
        refundCountLong: 3,
        criticalCount: 14,
        criticalDays: 60,
      },
      "all",
      ["结算后至撤销超过15分钟（实际4分钟）", "7天内撤销次数低于2（实际3）"],
    ],
    [
      "a limit of the holder's",
      "R21",
      { dayTotalFen: 60_100, dailyFenMax: 60_000, isNight: true, nightFromHour: 23, nightToHour: 6 },
      "all",
      ["当日消费合计不超过¥600.00（实际¥601.00）", "不在23点至6点使用"],
    ],
  ];
  test.each(NEEDED)("%s (%s)", (_title, rule, facts, needs, steps) => {
    const { otherwise } = explanationOf(rule, rule, facts, AT);
    expect({ needs: otherwise.needs, steps: otherwise.steps.map((step) => step["zh-CN"]) }).toEqual({
      needs,
      steps,
    });
  });

  const purchase = (eventId: string, minute: number, fields: object) => ({
    type: "swipe",
    eventId,
    kind: "settle",
    personId: "P1",
    credential: "card",
    cardNumber: "C1",
    insuredRegion: "330100",
    careRegion: "330100",
    institutionId: "P-1",
    institutionKind: "pharmacy",
    totalFen: 3_000,
    occurredAt: new Date(Date.UTC(2026, 2, 10, 1, minute)).toISOString(),
    ...fields,
  });
  /** Hangzhou, and Beijing so many minutes later. */
  function travelled(minutes: number): Reason | undefined {
    const { outcome } = judgeRecords([
      purchase("near", 0, {}),
      purchase("far", minutes, { careRegion: "110100", institutionId: "P-2" }),
    ]).at(-1)!;
    return (outcome as DecisionOutcome).reasons.find(({ rule }) => rule === "R12");
  }
  test("is what the judge says too: a journey of the minutes that were named is no hit, a minute less is", () => {
    const { facts } = travelled(30)!;
    const minutes = Math.ceil((Number(facts.distanceKm) * 60) / Number(facts.speedKmhMax));
    const [step] = explanationOf("R12", "R12", facts, AT).otherwise.steps;
    expect(step!["zh-CN"]).toContain(`至少${span(minutes)["zh-CN"]}`);
    expect(travelled(minutes)).toBeUndefined();
    expect(travelled(minutes - 1)).toBeDefined();
  });
});

describe("a reason that another made stronger", () => {
  test("names it, for the pairs that the rules themselves have", () => {
    const pairs = RULES.flatMap(({ id, also }) =>
      also === undefined ? [] : [[id, [...also.rules]] as const],
    );
    expect(STRENGTHENED_BY).toEqual(Object.fromEntries(pairs));
    const reason = (rule: string, mode: Reason["mode"] = "live"): Reason => ({
      ...judged.find((each) => each.rule === rule && each.code !== "AS_DECIDED")!,
      mode,
    });
    const strengthenedBy = (reasons: readonly Reason[]) =>
      explainReasons(reasons, AT).map((each) => [each.rule, each.strengthenedBy]);
    expect(strengthenedBy([reason("R12"), reason("R09"), reason("R14")])).toEqual([
      ["R12", ["R09"]],
      ["R09", []],
      ["R14", []],
    ]);
    expect(strengthenedBy([reason("R12"), reason("R09", "shadow")])).toEqual([
      ["R12", []],
      ["R09", []],
    ]);
  });
});

test.each([
  [0, "¥0.00"],
  [5, "¥0.05"],
  [123_456_789, "¥1,234,567.89"],
  [-100_000, "-¥1,000.00"],
])("%d fen are %s", (fen, text) => {
  expect(yuan(fen)).toBe(text);
});
