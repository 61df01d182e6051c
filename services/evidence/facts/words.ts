/** What values are called in reports: facts and states, never what somebody did wrong. */

import type {
  Action,
  Credential,
  InstitutionKind,
  PinResult,
  Severity,
  StatusAction,
  SwipeKind,
} from "../../../schemas/fields.js";
import type { PlaceBasis } from "./places.js";
import type { Relation } from "./relation.js";

type Words<Name extends string> = Readonly<Record<Name, string>>;

export const KIND_WORDS: Words<SwipeKind> = {
  authorize: "预结算",
  settle: "结算",
  cancel: "撤销",
  reverse: "冲正",
  "pin-check": "密码校验",
  query: "查询",
};

export const CREDENTIAL_WORDS: Words<Credential> = {
  card: "医保卡（实体卡）",
  "temporary-card": "临时卡",
  "e-credential": "医保电子凭证",
  "identity-document": "身份证件",
  "interim-certificate": "临时就医凭证",
};

/** Short ones, for narrow columns. */
export const CREDENTIAL_SHORT: Words<Credential> = {
  card: "实体卡",
  "temporary-card": "临时卡",
  "e-credential": "电子凭证",
  "identity-document": "身份证件",
  "interim-certificate": "临时凭证",
};

export const INSTITUTION_WORDS: Words<InstitutionKind> = { pharmacy: "定点药店", hospital: "定点医院" };

export const PIN_WORDS: Words<PinResult> = {
  ok: "正确",
  wrong: "错误",
  locked: "已锁定",
  "not-required": "未要求",
  unknown: "不明",
};

export const ACTION_WORDS: Words<Action> = {
  approve: "通过",
  review: "通过并核查",
  challenge: "要求核验身份",
  reject: "拒绝",
};

export const SEVERITY_WORDS: Words<Severity> = { low: "低", medium: "中", high: "高", critical: "最高" };

export const RELATION_WORDS: Words<Relation> = {
  "no-report": "该凭证无挂失记录",
  "before-report": "报失前",
  pending: "已报失、未生效",
  "in-effect": "挂失生效后",
  lapsed: "临时挂失到期后",
  replaced: "补换后使用旧卡",
  ended: "挂失解除或补换后",
};

export const STATUS_WORDS: Words<StatusAction> = {
  issue: "发卡",
  activate: "启用",
  "report-loss": "挂失",
  "confirm-loss": "正式挂失",
  release: "解挂",
  "file-replacement": "申请补换卡",
  replace: "补换卡",
  "issue-temporary": "发临时卡",
  cancel: "注销",
  freeze: "冻结账户",
  unfreeze: "解冻账户",
  "pin-lock": "锁定密码",
  "pin-unlock": "解锁密码",
  suspend: "暂停联网结算",
  resume: "恢复联网结算",
  deceased: "登记身故",
  "rebind-e-credential": "重新绑定电子凭证",
};

export const CHANNEL_WORDS: Readonly<Record<string, string>> = {
  phone: "电话",
  app: "手机应用",
  web: "网站",
  counter: "经办窗口",
  kiosk: "自助终端",
  pharmacy: "定点药店",
  hospital: "定点医院",
  employer: "用人单位",
  bank: "银行",
};

export const PLACE_WORDS: Words<PlaceBasis> = {
  swipe: "交易自带坐标",
  county: "区县中心点",
  city: "城市中心点",
};

/** 2026-03-01 10:00:00, of Shanghai; milliseconds only where there are some. */
export function instantWords(text: string): string {
  const [day, time = ""] = [text.slice(0, 10), text.slice(11, 23)];
  return `${day} ${time.endsWith(".000") ? time.slice(0, 8) : time}`;
}
