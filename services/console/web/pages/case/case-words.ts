import type { Words } from "../../words/words.js";

const zh = {
  case: "案件",
  code: "案件编码",
  openedAt: "立案时间",
  lastAlertAt: "最近预警",
  subject: "对象",
  alerts: "预警（有效/全部）",
  money: "涉案金额",
  region: "参保地",
  assignee: "经办人",
  nobody: "未领取",
  action: "最强处置",
  timeline: "时间线",
  travel: "行程",
  graph: "关联",
  work: "办理",
  evidence: "证据",
  person: "查看人员页",
  personKinds: "人员",
  all: "全部",
  more: "加载更早的记录",
  lookedOn: "这一段没有符合筛选的记录",
  journalAway: "分析数据库暂时没有应答：刷卡与状态记录暂缺，办理记录完整。",
  nothing: "没有符合筛选的记录",
  filter: "筛选记录类型",
  at: "于",
} as const;

export type CaseWord = keyof typeof zh;
export const caseWords: Words<CaseWord> = {
  zh,
  en: {
    case: "Case",
    code: "Case code",
    openedAt: "Opened",
    lastAlertAt: "Latest alert",
    subject: "About",
    alerts: "Alerts (standing/all)",
    money: "Money at risk",
    region: "Region of insurance",
    assignee: "Assigned to",
    nobody: "Nobody",
    action: "Strongest action",
    timeline: "Timeline",
    travel: "Travel",
    graph: "Links",
    work: "Work",
    evidence: "Evidence",
    person: "Open the person's page",
    personKinds: "Person",
    all: "All",
    more: "Load earlier entries",
    lookedOn: "No entry of these kinds in this stretch",
    journalAway:
      "The analytics database does not answer: swipes and status records are missing here, the work is complete.",
    nothing: "No entry of these kinds",
    filter: "Kinds of entries",
    at: "at",
  },
};

export const subjectKindWords: Words<
  "person" | "institution" | "terminal" | "operator" | "agent" | "trace-code" | "card"
> = {
  zh: {
    person: "参保人",
    institution: "定点医药机构",
    terminal: "终端",
    operator: "操作员",
    agent: "代办人",
    "trace-code": "药品追溯码",
    card: "卡",
  },
  en: {
    person: "Person",
    institution: "Institution",
    terminal: "Terminal",
    operator: "Operator",
    agent: "Agent",
    "trace-code": "Trace code",
    card: "Card",
  },
};
