import type {
  CONFIDENCES,
  DURATION_UNITS,
  EXPIRY_EFFECTS,
  LOSS_KINDS,
  LossDelay,
  LossPolicy,
} from "../../../../../schemas/bundle/loss-policies.js";
import type { CHANNELS } from "../../../../../schemas/fields.js";
import { filled, type Language, type Words } from "../../words/words.js";

export const channelWords: Words<(typeof CHANNELS)[number]> = {
  zh: {
    phone: "电话",
    app: "手机应用",
    web: "网站",
    counter: "经办窗口",
    kiosk: "自助终端",
    pharmacy: "定点药店",
    hospital: "定点医疗机构",
    employer: "用人单位",
    bank: "银行",
  },
  en: {
    phone: "Phone",
    app: "App",
    web: "Web",
    counter: "Counter",
    kiosk: "Kiosk",
    pharmacy: "Pharmacy",
    hospital: "Hospital",
    employer: "Employer",
    bank: "Bank",
  },
};

export const lossKindWords: Words<(typeof LOSS_KINDS)[number]> = {
  zh: { provisional: "临时挂失", formal: "正式挂失" },
  en: { provisional: "provisional", formal: "formal" },
};

export const confidenceWords: Words<(typeof CONFIDENCES)[number]> = {
  zh: { high: "可信度高", medium: "可信度中", low: "可信度低" },
  en: { high: "high confidence", medium: "medium confidence", low: "low confidence" },
};

export const expiryWords: Words<(typeof EXPIRY_EFFECTS)[number]> = {
  zh: { "auto-release": "当地自动解挂", "settlement-restored": "当地恢复结算", "stay-blocked": "继续停用" },
  en: {
    "auto-release": "the city releases it",
    "settlement-restored": "the city restores settlement",
    "stay-blocked": "stays blocked",
  },
};

const unitWords: Words<(typeof DURATION_UNITS)[number]> = {
  zh: { h: "小时", cd: "个自然日", wd: "个工作日" },
  en: { h: "hours", cd: "calendar days", wd: "working days" },
};

const zh = {
  title: "挂失政策",
  note: "挂失何时生效、多久失效，由参保地和挂失渠道决定。",
  inForce: "现行政策",
  lookup: "按地区查询",
  sources: "来源与矛盾",
  toGaps: "挂失缺口报告",
  nation: "全国",
  region: "参保地",
  chooseRegion: "选择省、市或区县",
  acceptedAt: "受理时间",
  now: "现在",
  channel: "渠道",
  kind: "方式",
  effect: "何时生效",
  valid: "有效期",
  atEnd: "到期后",
  contact: "在哪里、何时",
  needs: "所需材料",
  source: "来源",
  atOnce: "受理即生效",
  within: "最迟 {time} 后生效",
  unsaid: "来源未说明，按受理即生效",
  untilReplaced: "至补卡为止",
  noLapse: "不失效",
  unsaidLapse: "来源未说明，按不失效",
  range: "{min} 至 {max}",
  row: "编号",
  level: "依据层级",
  noRow: "无适用政策，按受理即生效、不失效",
  pending: "生效前的刷卡",
  lapses: "失效时间",
  levels: "查找顺序",
  reportLoss: "报失",
  confirmLoss: "正式挂失",
  calendarUncertain: "超出已公布的节假日安排，按普通工作日推算",
  lapsedNote: "到期后卡盾仍记为“临时挂失已过期”，在常住地使用需核验，其他城市拒绝，直到解挂或补卡。",
  settings: "该地区的其他设定",
  pinLockLimit: "密码错误 {count} 次锁定",
  unlockCounter: "到窗口解锁",
  unlockAuto: "24小时后自动解锁",
  activationDelay: "发卡 {days} 个自然日后启用",
  activationNone: "启用后可用",
  eCredentialBlocked: "实体卡挂失同时停用电子凭证",
  eCredentialFree: "实体卡挂失不影响电子凭证",
  contradictions: "来源之间的矛盾",
  statements: "来源所述但未采用",
  because: "未采用的原因",
  releases: "解除挂失",
  replacements: "补卡",
  says: "说法",
  handling: "处理方式",
  topic: "事项",
  possible: "可以",
  impossible: "不可以",
  takes: "办理时间",
  fee: "费用",
  searchHint: "选择一个地区，查看各渠道挂失的生效与失效时间。",
  upgrade: "须在 {time} 内办理正式挂失",
} as const;

export type PolicyWord = keyof typeof zh;

export const policyWords: Words<PolicyWord> = {
  zh,
  en: {
    title: "Loss policies",
    note: "Where the person is insured and how the loss is reported decide when it takes effect and when it lapses.",
    inForce: "In force",
    lookup: "Look up a region",
    sources: "Sources and contradictions",
    toGaps: "Gap report",
    nation: "The whole country",
    region: "Region of insurance",
    chooseRegion: "Choose a province, city or county",
    acceptedAt: "Accepted",
    now: "Now",
    channel: "By",
    kind: "Kind",
    effect: "In effect",
    valid: "Valid",
    atEnd: "At the end",
    contact: "Where, when",
    needs: "Needs",
    source: "Source",
    atOnce: "at once",
    within: "within {time}",
    unsaid: "not said: counts as at once",
    untilReplaced: "until replaced",
    noLapse: "does not lapse",
    unsaidLapse: "not said: counts as no end",
    range: "{min} to {max}",
    row: "Row",
    level: "Level",
    noRow: "no row fits: at once, no lapse",
    pending: "Swipes before",
    lapses: "Lapses",
    levels: "Looked up at",
    reportLoss: "Loss report",
    confirmLoss: "Formal report",
    calendarUncertain: "beyond the announced holidays: plain weekdays are counted",
    lapsedNote:
      "Whatever the city calls the end, Kadun's state is lapsed: challenged at home, rejected elsewhere, until released or replaced.",
    settings: "Other settings of the region",
    pinLockLimit: "{count} wrong PINs lock",
    unlockCounter: "unlocked at a counter",
    unlockAuto: "unlocked after 24 h",
    activationDelay: "active {days} calendar days after issue",
    activationNone: "active when activated",
    eCredentialBlocked: "a report of the card blocks the e-credential too",
    eCredentialFree: "a report of the card leaves the e-credential",
    contradictions: "Contradictions between the sources",
    statements: "Said by the sources, not in force",
    because: "Not in force because",
    releases: "Release",
    replacements: "Replacement",
    says: "Says",
    handling: "How it is handled",
    topic: "About",
    possible: "possible",
    impossible: "not possible",
    takes: "Takes",
    fee: "Fee",
    searchHint: "Choose a region to see when reports take effect and lapse there.",
    upgrade: "formal report within {time}",
  },
};

export function durationText(
  length: number,
  unit: (typeof DURATION_UNITS)[number],
  language: Language,
): string {
  return language === "zh" ? `${length}${unitWords.zh[unit]}` : `${length} ${unitWords.en[unit]}`;
}

export function delayText(delay: LossDelay | null, language: Language): string {
  const words = policyWords[language];
  if (delay === null) return words.unsaid;
  const [length, unit] = delay;
  return length === 0 ? words.atOnce : filled(words.within, { time: durationText(length, unit, language) });
}

export function validityText(
  { kind, validity }: Pick<LossPolicy, "kind" | "validity">,
  language: Language,
): string {
  const words = policyWords[language];
  if (kind === "formal") return words.untilReplaced;
  if (validity === null) return words.unsaidLapse;
  const [min, max, unit] = validity;
  if (min === max) return durationText(max, unit, language);
  return filled(words.range, { min: String(min), max: durationText(max, unit, language) });
}

const NEEDS_ZH: Readonly<Record<string, string>> = {
  "id-document": "身份证件",
  "found-card": "找回的卡",
  "id-number": "身份证号",
  "insurance-number": "个人编号",
  "query-password": "查询密码",
  "card-number": "卡号",
  "card-password": "卡密码",
  name: "姓名",
  "employer-name": "单位名称",
  "replacement-application": "补卡申请",
  "household-register": "户口簿",
  "insurance-certificate": "医保证",
  "loss-form": "挂失表",
};

export function needsText(needs: readonly string[] | null | undefined, language: Language): string {
  if (needs == null || needs.length === 0) return "—";
  return language === "zh"
    ? needs.map((one) => NEEDS_ZH[one] ?? one).join("、")
    : needs.map((one) => one.replaceAll("-", " ")).join(", ");
}
