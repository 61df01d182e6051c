import type { SearchKind } from "../../../../../schemas/http/subjects.js";
import type { Words } from "../../words/words.js";

const zh = {
  title: "综合查询",
  placeholder: "案件编码、案件号、卡尾号、事件编号、机构编号或名称、申诉编号、参保人标识",
  hint: "可查：案件编码（如 K7M2-Q9XW）、案件号、卡号后四位、事件编号、定点医药机构编号或名称、申诉编号（SS 开头）、参保人标识（32 位）。",
  label: "查询内容",
  looksLike: "按格式可能是：{kinds}",
  none: "在您负责的统筹区内没有找到“{typed}”",
  cut: "结果较多，只显示前面一部分，请输入更完整的内容。",
  away: "刷卡明细暂时无法查询，事件编号没有查到不代表不存在。",
  cases: "案件",
  events: "刷卡事件",
  institutions: "定点医药机构",
  appeals: "申诉",
  persons: "参保人",
  elsewhere: "参保地不在您负责的统筹区，只显示在本统筹区的记录",
  number: "申诉编号",
  state: "状态",
  openedAt: "提交时间",
  name: "名称",
  kind: "类型",
  region: "所在地",
  id: "编号",
} as const;

export const searchWords: Words<keyof typeof zh> = {
  zh,
  en: {
    title: "Search",
    placeholder: "Case code, case id, card tail, event id, institution, appeal number, person token",
    hint: "Case codes (such as K7M2-Q9XW), case ids, the last four of a card, event ids, ids and names of institutions, appeal numbers (SS…), tokens of persons (32 characters).",
    label: "What to look for",
    looksLike: "By its form it can be: {kinds}",
    none: "Nothing found for “{typed}” within your regions",
    cut: "There are more than are shown; type more of it.",
    away: "The rows of swipes cannot be had now: an event that was not found may be there.",
    cases: "Cases",
    events: "Swipes",
    institutions: "Institutions",
    appeals: "Appeals",
    persons: "Insured persons",
    elsewhere: "Insured outside your regions: only what happened within them is shown",
    number: "Appeal number",
    state: "State",
    openedAt: "Opened",
    name: "Name",
    kind: "Kind",
    region: "Region",
    id: "Id",
  },
};

export const searchKindWords: Words<SearchKind> = {
  zh: {
    "case-code": "案件编码",
    case: "案件号",
    "card-tail": "卡尾号",
    event: "事件编号",
    institution: "机构编号或名称",
    appeal: "申诉编号",
    person: "参保人标识",
  },
  en: {
    "case-code": "a case code",
    case: "a case id",
    "card-tail": "a card's last four",
    event: "an event id",
    institution: "an institution's id or name",
    appeal: "an appeal number",
    person: "a person's token",
  },
};
