/** R01–R07: the state of the card or of the person at the moment of the swipe. */

import * as z from "zod";
import { allOf, anyOf, type FactShape, factShape, type SwipeSeen, say, stated } from "./fact-shape.js";
import { instantValue, minuteOf } from "./fact-words.js";

const instant = z.string();
const swipedAt = ({ occurredAt }: SwipeSeen) =>
  stated(say("刷卡时间", "time of the swipe"), instantValue(occurredAt));
const reportedAt = (at: string) => stated(say("报失时间", "reported lost at"), instantValue(at));
const IN_STAY = say(
  "系挂失前已开始的住院、在该医院结算（只作复核）",
  "it were the bill of a stay that began before, at the hospital of the stay (reviewed only)",
);

export const LOST_CARD: readonly FactShape[] = [
  factShape(
    z.object({
      state: z.enum(["provisional", "formal"]),
      reportedAt: instant,
      effectiveAt: instant,
      expiresAt: instant.nullable(),
    }),
    (facts, swipe) => ({
      conditions: [
        swipedAt(swipe),
        reportedAt(facts.reportedAt),
        stated(say("挂失生效", "loss in effect since"), instantValue(facts.effectiveAt)),
        stated(
          say("挂失到期", "loss runs out at"),
          facts.expiresAt === null ? say("不自动到期", "does not run out") : instantValue(facts.expiresAt),
        ),
        stated(
          say("挂失种类", "kind of loss"),
          facts.state === "formal" ? say("正式挂失", "formal") : say("临时挂失", "provisional"),
        ),
      ],
      otherwise: anyOf([
        say(
          `刷卡早于${minuteOf(facts.effectiveAt)}（报失后、生效前由R02判断）`,
          `swiped before ${minuteOf(facts.effectiveAt)} (between report and effect R02 judges)`,
        ),
        say(
          "刷卡前已解挂，或改用未挂失的凭证",
          "the report released before, or a credential not reported lost",
        ),
        ...(facts.expiresAt === null
          ? []
          : [
              say(
                `刷卡不早于${minuteOf(facts.expiresAt)}（到期后由R03判断）`,
                `swiped at ${minuteOf(facts.expiresAt)} or later (then R03 judges)`,
              ),
            ]),
        IN_STAY,
      ]),
    }),
  ),
];

export const LOSS_PENDING: readonly FactShape[] = [
  factShape(z.object({ reportedAt: instant, effectiveAt: instant.nullable() }), (facts, swipe) => ({
    conditions: [
      swipedAt(swipe),
      reportedAt(facts.reportedAt),
      stated(say("挂失最迟生效", "loss in effect by"), instantValue(facts.effectiveAt)),
    ],
    otherwise: anyOf(
      [
        say(
          `刷卡早于${minuteOf(facts.reportedAt)}（报失前）`,
          `swiped before the report at ${minuteOf(facts.reportedAt)}`,
        ),
        say("刷卡前已解挂，或改用未报失的凭证", "the report released before, or a credential not reported"),
      ],
      facts.effectiveAt === null
        ? null
        : say(
            `自${minuteOf(facts.effectiveAt)}起由R01判断`,
            `from ${minuteOf(facts.effectiveAt)} on R01 judges`,
          ),
    ),
  })),
];

const HOME_WORDS = {
  home: say("常住城市", "home city"),
  away: say("非常住城市", "not a home city"),
  unknown: say("不详", "not known"),
} as const;
const careIsHome = z.enum(["home", "away", "unknown"]);
const careAt = (home: z.infer<typeof careIsHome>) => stated(say("就医地", "place of care"), HOME_WORDS[home]);

export const LAPSED_LOSS: readonly FactShape[] = [
  factShape(
    z.object({ reportedAt: instant, expiredAt: instant, watchedDays: z.number(), careIsHome }),
    (facts, swipe) => ({
      conditions: [
        swipedAt(swipe),
        reportedAt(facts.reportedAt),
        stated(say("临时挂失到期", "provisional loss ran out"), instantValue(facts.expiredAt)),
        stated(
          say("到期后关注期", "watched after that for"),
          say(`${facts.watchedDays}天`, `${facts.watchedDays} d`),
        ),
        careAt(facts.careIsHome),
      ],
      otherwise: anyOf(
        [
          say("刷卡前已解挂或补换卡", "the report released, or the card replaced, before"),
          say(
            `刷卡晚于到期后${facts.watchedDays}天`,
            `swiped more than ${facts.watchedDays} days after it ran out`,
          ),
          say("到期后已通过一次身份核验", "an identity check passed since"),
        ],
        facts.careIsHome === "away"
          ? say("在常住城市刷卡则为核验身份，不拒绝", "in a home city it would be a challenge, no reject")
          : say("在非常住城市刷卡则为拒绝", "outside the home cities it would be a reject"),
      ),
    }),
  ),
];

export const REPLACED_CARD: readonly FactShape[] = [
  factShape(z.object({ invalidSince: instant }), (facts, swipe) => ({
    conditions: [
      swipedAt(swipe),
      stated(say("卡号作废", "number void since"), instantValue(facts.invalidSince)),
    ],
    otherwise: anyOf([
      say(`刷卡早于${minuteOf(facts.invalidSince)}`, `swiped before ${minuteOf(facts.invalidSince)}`),
      say("使用新卡或医保电子凭证", "the new card or the e-credential used"),
      IN_STAY,
    ]),
  })),
];

export const NOT_ACTIVE: readonly FactShape[] = [
  factShape(z.object({ emergency: z.boolean() }), ({ emergency }, swipe) => ({
    conditions: [
      swipedAt(swipe),
      stated(say("卡状态", "state of the card"), say("已发放、未启用", "issued, not active yet")),
      stated(say("急诊", "emergency"), emergency ? say("是", "yes") : say("否", "no")),
    ],
    otherwise: anyOf(
      [
        say(
          "卡启用之后刷卡，或使用医保电子凭证",
          "swiped once the card was active, or the e-credential used",
        ),
      ],
      emergency ? null : say("急诊则只作复核", "in an emergency it would be reviewed only"),
    ),
  })),
];

export const TEMPORARY_CARD: readonly FactShape[] = [
  factShape(z.object({ clause: z.literal("lost"), effectiveAt: instant }), (facts, swipe) => ({
    conditions: [
      swipedAt(swipe),
      stated(say("临时卡挂失生效", "temporary card's loss in effect since"), instantValue(facts.effectiveAt)),
    ],
    otherwise: anyOf([
      say(`刷卡早于${minuteOf(facts.effectiveAt)}`, `swiped before ${minuteOf(facts.effectiveAt)}`),
      say("刷卡前已解挂，或改用其他凭证", "the report released before, or another credential used"),
    ]),
  })),
  factShape(z.object({ clause: z.literal("over"), until: instant }), (facts, swipe) => ({
    conditions: [swipedAt(swipe), stated(say("有效期至", "valid until"), instantValue(facts.until))],
    otherwise: anyOf([
      say(`刷卡早于${minuteOf(facts.until)}`, `swiped before ${minuteOf(facts.until)}`),
      say("使用正式卡或医保电子凭证", "the card itself or the e-credential used"),
    ]),
  })),
  factShape(z.object({ clause: z.literal("region"), issuedIn: z.string() }), ({ issuedIn }) => ({
    conditions: [
      stated(say("发放地", "issued in"), say(issuedIn, issuedIn)),
      stated(say("就医地", "place of care"), say("不是发放地", "another city")),
    ],
    otherwise: anyOf([
      say(`在${issuedIn}使用`, `used in ${issuedIn}`),
      say("使用正式卡或医保电子凭证", "the card itself or the e-credential used"),
    ]),
  })),
];

const BLOCKS = {
  deceased: say("已登记身故", "registered as deceased"),
  suspended: say("联网结算已暂停", "online settlement suspended"),
  frozen: say("个人账户已冻结", "personal account frozen"),
} as const;
const BLOCK_ENDS = {
  deceased: say("登记有误并经更正", "the entry was wrong and had been corrected"),
  suspended: say("联网结算已恢复，或不联网结算", "online settlement resumed before, or not settled online"),
  frozen: say("账户已解冻，或未用个人账户支付", "the account unfrozen before, or not paid from it"),
} as const;

export const PERSON_BLOCKED: readonly FactShape[] = [
  factShape(
    z.object({ block: z.enum(["deceased", "suspended", "frozen"]), since: instant }),
    ({ block, since }, swipe) => ({
      conditions: [
        swipedAt(swipe),
        stated(say("人员或账户状态", "state of the person or account"), BLOCKS[block]),
        stated(say("自", "since"), instantValue(since)),
      ],
      otherwise: allOf([
        say(
          `刷卡早于${minuteOf(since)}，或${BLOCK_ENDS[block]["zh-CN"]}`,
          `swiped before ${minuteOf(since)}, or ${BLOCK_ENDS[block].en}`,
        ),
      ]),
    }),
  ),
];
