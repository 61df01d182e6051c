/** R00: what no rule found but the judge says; and reasons that rest on an earlier decision. */

import * as z from "zod";
import { anyOf, type FactShape, factShape, measured, say, stated } from "./fact-shape.js";
import { silencing } from "./fact-words.js";

const none = z.strictObject({});

export const BACKDATED: readonly FactShape[] = [
  factShape(z.object({ lateMinutes: z.number(), lateMinutesMax: z.number() }), (facts) => {
    const late = measured({
      what: say("迟到时长", "came late by"),
      unit: "minutes",
      observed: facts.lateMinutes,
      // Whole minutes, rounded down: what is just above the limit reads as the limit.
      relation: "at-least",
      threshold: facts.lateMinutesMax,
    });
    return {
      conditions: [late],
      otherwise: anyOf(
        [silencing(late)],
        say("仅在此期间有挂失记录到达时才提示", "it is said only where a report of a loss came in between"),
      ),
    };
  }),
];

export const ID_REPORTED_LOST: readonly FactShape[] = [
  factShape(none, () => ({
    conditions: [stated(say("所用身份证件", "identity document used"), say("已报失", "was reported lost"))],
    otherwise: anyOf([
      say("证件未报失或已解除，或使用其他凭证", "not reported, released, or another credential used"),
    ]),
  })),
];

export const FEED_STALE: readonly FactShape[] = [
  factShape(none, () => ({
    conditions: [
      stated(
        say("挂失信息来源", "source of loss reports"),
        say("当时中断，无法确认是否挂失", "was silent: a loss could not be ruled out"),
      ),
    ],
    otherwise: anyOf([say("挂失信息来源正常", "the source of loss reports had been heard of in time")]),
  })),
];

export const LATE_DUPLICATE_RISK: readonly FactShape[] = [
  factShape(z.object({ keptMax: z.number() }), ({ keptMax }) => ({
    conditions: [
      stated(say("保留的最近刷卡数", "swipes that are kept"), say(`最多${keptMax}笔`, `at most ${keptMax}`)),
    ],
    otherwise: anyOf([
      say("消息及时到达，能与已保留的刷卡比对", "it came in time to be compared with the kept swipes"),
    ]),
  })),
];

/** Of any rule: facts of a reason that only repeats another decision. */
export const REPEATED: readonly FactShape[] = [
  factShape(z.strictObject({ asDecided: z.literal(true) }), () => ({
    conditions: [stated(say("依据", "rests on"), say("与原决定相同", "the original decision"))],
    otherwise: anyOf([say("见原决定的说明", "see the original decision")]),
  })),
  factShape(z.strictObject({ challengeOf: z.string().nullable() }), ({ challengeOf }) => ({
    conditions: [
      stated(
        say("此前要求核验的刷卡", "swipe that asked for a check"),
        say(challengeOf ?? "不详", challengeOf ?? "not known"),
      ),
      stated(say("核验结果", "result of the check"), say("未通过", "failed")),
    ],
    otherwise: anyOf([say("核验通过", "the check had been passed")]),
  })),
];
