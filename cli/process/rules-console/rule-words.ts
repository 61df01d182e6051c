/** The rules in Chinese; in English each rule's file says it (`about`). The title is what people call it. */

export interface RuleWords {
  readonly title: { readonly zh: string; readonly en: string };
  readonly sees: string;
  readonly basis: string;
}

function words(zh: string, en: string, sees: string, basis: string): RuleWords {
  return { title: { zh, en }, sees, basis };
}

export const RULE_WORDS: Readonly<Record<string, RuleWords>> = {
  R01: words(
    "已挂失卡使用",
    "Lost card used",
    "已挂失且挂失已生效的实体卡或医保电子凭证：自生效时起，至解挂、补卡或临时挂失到期止。实体卡挂失是否同时停用电子凭证，依参保地挂失政策。",
    "参保地和挂失渠道对应的挂失政策；《医疗保障基金使用监督管理条例》（国务院令第735号）第十七条、第四十一条。",
  ),
  R02: words(
    "挂失生效前使用",
    "Used before the report took effect",
    "已报失、挂失尚未生效期间的凭证使用；部分地区生效时间最长达24小时。该笔消费按有争议处理。",
    "各地挂失政策的生效时间；2011年南宁案例（经办窗口下班期间报失，前后18小时内被盗刷29笔）。",
  ),
  R03: words(
    "临时挂失到期后使用",
    "Used after a provisional report lapsed",
    "临时挂失已到期，既未解挂也未转为正式挂失的凭证：没有人确认卡已找回。",
    "各地临时挂失有效期为24小时至15天不等，到期自动失效；拾卡人半年后消费的案例（来源S3）。",
  ),
  R04: words(
    "已补换或注销的旧卡",
    "Replaced or cancelled card",
    "已被补换或注销的卡号。本人的新卡号不受影响。",
    "旧卡补换后即作废，找回后也不能使用（来源S3、S4）。",
  ),
  R05: words(
    "未启用的卡",
    "Card not active yet",
    "已发卡，但按参保地规定的启用时间尚未启用的卡。",
    "重庆：单位领卡15天后启用（来源S4）。",
  ),
  R06: words(
    "临时卡超期或跨地使用",
    "Temporary card out of time or place",
    "临时卡已报失、已到期，或在发卡城市以外使用；临时凭证在其城市以外使用。",
    "临时卡为过渡性质，有效60天，不能在其他地区使用（长春；来源S2）。",
  ),
  R07: words(
    "参保人状态停用",
    "Person blocked",
    "状态记录显示参保人已死亡、暂停联网结算，或个人账户被冻结。",
    "《条例》（国务院令第735号）第四十一条：暂停联网结算3至12个月；成都账户冻结72小时；死亡后销卡（来源S4）。",
  ),
  R08: words(
    "密码连续错误",
    "Wrong PINs",
    "同一张卡密码输错：达到参保地规定次数即锁定密码；或短时间内在多家机构输错；以及密码锁定期间的任何验密使用。终端读卡错误不算密码错误。",
    "各地锁定次数为3、5或6次；杭州案例中拾卡人在多家药店试密（来源S3）。",
  ),
  R09: words(
    "试出密码后消费",
    "PIN probed, then spent",
    "同一张卡在多次密码错误后输对密码，并当即或随后消费。",
    "杭州案例：拾卡人试出密码，密码为生日（来源S3）。",
  ),
  R10: words(
    "使用初始密码",
    "Initial PIN in use",
    "使用发卡时的初始密码消费。",
    "初始密码123456（来源S4）；某区约80万张卡未修改密码。",
  ),
  R12: words(
    "不可能的行程",
    "Impossible travel",
    "两次使用的地点相距过远、时间过近，不可能是同一人所为。",
    "相邻两笔交易之间的速度（专利CN108389052B）；300公里/小时高于含两端路程的航空出行速度。",
  ),
  R13: words(
    "异地大额消费",
    "Larger purchase elsewhere",
    "在非常住地且不相邻的城市发生较大金额消费，无异地就医备案、家庭共济、急诊或代购。单独出现时只是弱信号：某县过半数结算在外地。",
    "异地就医备案（医保发〔2022〕22号）、家庭共济，以及某县54.6%的外地结算占比：不单独作为拒付理由。",
  ),
  R14: words(
    "拆分消费",
    "Split purchase",
    "数分钟内，或一天内在同一连锁，有多笔接近但不超过限额的消费，合计明显超过限额。",
    "杭州案例中各笔消费均低于限额（最大680元）；各地单笔限额不同。",
  ),
  R15: words(
    "账户快速耗尽",
    "Account drained",
    "一周或一个月内用掉个人账户期初余额的大部分。",
    "杭州案例：2800元降至不足300元（89%）（来源S3）。",
  ),
  R16: words(
    "短时多机构",
    "Many institutions in a short time",
    "短时间内在多家机构使用：连续在不同连锁的药店，或一天内在多家机构。",
    "异常刷卡稽核模型：同卡、另一家机构、间隔不足30分钟；北京案例涉及四家药店。",
  ),
  R17: words(
    "易倒卖药品",
    "Easily resold drugs",
    "易被倒卖的药品：一天内金额较大、在多家药店购买，或在外地购买。",
    "2024年北京案例（购买片仔癀、安宫牛黄丸后转卖）；《实施细则》（国家医保局令第7号）：超量开药、转卖药品。",
  ),
  R19: words(
    "住院期间院外刷卡",
    "Elsewhere while in hospital",
    "住院期间在其他机构消费，且没有住院医院的外配处方。",
    "冒名就医、虚假住院类稽核模型；《条例》（国务院令第735号）第四十一条。",
  ),
  R20: words(
    "异常撤销与追溯码重复",
    "Refunds and reused trace codes",
    "结算后很快撤销或反复撤销；撤销的原交易不存在；药品追溯码此前已结算且未退回。",
    "武汉案例（两个月内结算、退费、再结算14次）；药品追溯码规定自2025年7月1日起实施。",
  ),
  R21: words(
    "超出本人设定",
    "Beyond the holder's own limits",
    "超出持卡人本人设定的限制：仅限常住地、单日金额、夜间不用。",
    "持卡人本人意愿（本人设定的限额）。",
  ),
};

export const PATROL_TITLES: Readonly<Record<string, RuleWords["title"]>> = {
  R11: { zh: "终端集中试密", en: "PIN spraying at a terminal" },
  R18: { zh: "一机多人集中刷卡", en: "Many cards at one terminal" },
  R20X: { zh: "同码两人结算", en: "One trace code, two people" },
  R22: { zh: "共同泄露点", en: "Common point" },
  R23: { zh: "代办团伙", en: "Agent ring" },
  R24: { zh: "诱饵卡被刷", en: "Decoy card used" },
  R25: { zh: "延迟上传", en: "Late uploads" },
};
