/** How a card stands, in plain words for its holder: what it means and what to do next. Dates are added by whoever shows it. */

import type { CardStanding } from "./card-report.js";

interface StandingWords {
  readonly state: string;
  readonly next: string;
}

export const STANDING_WORDS = {
  "in-use": { state: "正常使用", next: "如果卡不在您手上,请马上挂失。" },
  inactive: { state: "还没有激活", next: "请带身份证到服务点激活,激活前不能刷卡。" },
  "loss-pending": {
    state: "已受理挂失,还没有生效",
    next: "生效前卡仍可能被刷;如有急事,请带身份证到柜台办理,当场生效。",
  },
  lost: { state: "已挂失", next: "卡不能再刷。找到了可以解挂;找不到请在到期前办理补卡。" },
  "may-have-lapsed": {
    state: "挂失可能已到期",
    next: "请马上拨打12393确认,或重新挂失、办理正式挂失和补卡。",
  },
  lapsed: {
    state: "挂失已到期失效",
    next: "卡可能又能刷了。卡不在手上,请马上重新挂失并补卡;卡已找回,请办理解挂。",
  },
  replacing: { state: "正在补办新卡", next: "旧卡不能再用,也不能解挂;请按通知领取新卡。" },
  replaced: { state: "已换新卡,这张作废", next: "请使用新卡。旧卡找到了也不能再用,请剪断。" },
  cancelled: { state: "已注销", next: "如有疑问,请拨打12393或到医保经办窗口询问。" },
  frozen: { state: "个人账户已冻结", next: "冻结到期或办理解冻后恢复;请拨打12393询问。" },
  suspended: {
    state: "暂停联网结算",
    next: "看病可以先自费,保留票据,以后到医保经办窗口报销。",
  },
  "pin-locked": { state: "密码已锁", next: "请带身份证到服务点解锁或重设密码。" },
} as const satisfies Record<CardStanding["standing"], StandingWords>;
