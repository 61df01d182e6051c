/** What the parameters of rules and patrols are called. A parameter without words is shown by its name. */

const WORDS: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  windowHours: ["统计时间窗", "Window"],
  windowMinutes: ["统计时间窗", "Window"],
  windowDays: ["统计时间窗", "Window"],
  wrongMin: ["密码错误次数下限", "Wrong PINs at least"],
  institutionsMin: ["不同机构数下限", "Institutions at least"],
  institutionWindowMinutes: ["多机构时间窗", "Window of institutions"],
  institutionWindowHours: ["多机构时间窗", "Window of institutions"],
  probeWindowHours: ["试密时间窗", "Window of wrong PINs before"],
  spendWindowHours: ["试密后消费时间窗", "Window of purchases after"],
  totalFenMin: ["单笔总金额下限", "Total at least"],
  distanceKmMin: ["两地距离下限", "Distance at least"],
  speedKmhMax: ["可能的最高速度", "Speed at most"],
  gapMinutesMin: ["间隔时间按不少于", "Gap counts as at least"],
  limitFen: ["单笔限额", "Limit of a purchase"],
  sharePercentMin: ["占限额比例下限", "Share of the limit at least"],
  sharePercentMax: ["占限额比例上限", "Share of the limit at most"],
  countMin: ["笔数下限", "Purchases at least"],
  sumPercentMin: ["合计占限额比例下限", "Sum, of the limit, at least"],
  chainWindowHours: ["同一连锁时间窗", "Window at one chain"],
  openingFenMin: ["期初余额下限", "Opening balance at least"],
  shortDays: ["短窗天数", "Short window"],
  shortPercent: ["短窗消耗比例", "Share spent in the short window"],
  longDays: ["长窗天数", "Long window"],
  longPercent: ["长窗消耗比例", "Share spent in the long window"],
  awayPercent: ["异地消费占比", "Share of it away from home"],
  pharmaciesMin: ["不同药店数下限", "Pharmacies at least"],
  gapMinutes: ["相邻两家间隔小于", "Gap between two shops under"],
  pharmacyWindowMinutes: ["多药店时间窗", "Window of pharmacies"],
  listedFenMin: ["重点药品金额下限", "Amount of listed drugs at least"],
  soonMinutes: ["结算后即撤销时限", "Taken back within"],
  oftenCount: ["频繁撤销次数", "Often: times"],
  oftenDays: ["频繁撤销时间窗", "Often: within"],
  criticalCount: ["严重撤销次数", "Critical: times"],
  criticalDays: ["严重撤销时间窗", "Critical: within"],
  nightFromHour: ["夜间开始", "Night from"],
  nightToHour: ["夜间结束", "Night to"],
  cardsMin: ["卡数下限", "Cards at least"],
  personsMin: ["人数下限", "People at least"],
  equalBasketsMin: ["相同药品组合数下限", "Equal baskets at least"],
  nightWeight: ["夜间加权", "Weight at night"],
  historyDays: ["历史天数", "Days of history"],
  historyDaysMin: ["历史天数下限", "Days of history at least"],
  medianTimes: ["超过自身中位数倍数", "Times its own median"],
  dayPersonsMin: ["单日人数下限", "People a day at least"],
  shareTimes: ["超过期望占比倍数", "Times the expected share"],
  victimRules: ["据以认定受害卡的规则", "Rules that make a victim"],
  lateMinutes: ["迟报分钟数", "Late by"],
  lateShare: ["迟报占比", "Share of late ones"],
  swipesMin: ["刷卡数下限", "Swipes at least"],
  lateMin: ["迟报数下限", "Late ones at least"],
};

export function hasParameterWords(name: string): boolean {
  return Object.hasOwn(WORDS, name);
}

export function parameterWords(name: string): { readonly zh: string; readonly en: string } {
  const [zh, en] = WORDS[name] ?? [name, name];
  return { zh, en };
}
