/** What the field calls things, on every page. */

import type { CaseState } from "../../../../schemas/case-transitions.js";
import type { Permission, Role } from "../../../../schemas/console/access.js";
import type {
  ACTIONS,
  CREDENTIALS,
  INSTITUTION_KINDS,
  SEVERITIES,
  SWIPE_KINDS,
} from "../../../../schemas/fields.js";
import type { Words } from "./words.js";

type One<List extends readonly string[]> = List[number];

export const actionWords: Words<One<typeof ACTIONS>> = {
  zh: { approve: "通过", review: "事后复核", challenge: "核验", reject: "拒绝" },
  en: { approve: "Approve", review: "Review", challenge: "Challenge", reject: "Reject" },
};

export const severityWords: Words<One<typeof SEVERITIES>> = {
  zh: { low: "低", medium: "中", high: "高", critical: "紧急" },
  en: { low: "Low", medium: "Medium", high: "High", critical: "Critical" },
};

export const caseStateWords: Words<CaseState> = {
  zh: {
    new: "待处理",
    triage: "初筛",
    investigating: "调查中",
    confirmed: "确认异常",
    cleared: "已排除",
    closed: "已结案",
  },
  en: {
    new: "New",
    triage: "Triage",
    investigating: "Investigating",
    confirmed: "Confirmed",
    cleared: "Cleared",
    closed: "Closed",
  },
};

export const swipeKindWords: Words<One<typeof SWIPE_KINDS>> = {
  zh: {
    authorize: "预授权",
    settle: "结算",
    cancel: "撤销",
    reverse: "冲正",
    "pin-check": "验密",
    query: "查询",
  },
  en: {
    authorize: "Authorize",
    settle: "Settle",
    cancel: "Cancel",
    reverse: "Reverse",
    "pin-check": "PIN check",
    query: "Query",
  },
};

export const credentialWords: Words<One<typeof CREDENTIALS>> = {
  zh: {
    card: "实体卡",
    "temporary-card": "临时卡",
    "e-credential": "医保电子凭证",
    "identity-document": "身份证件",
    "interim-certificate": "临时凭证",
  },
  en: {
    card: "Card",
    "temporary-card": "Temporary card",
    "e-credential": "E-credential",
    "identity-document": "Identity document",
    "interim-certificate": "Interim certificate",
  },
};

export const institutionKindWords: Words<One<typeof INSTITUTION_KINDS>> = {
  zh: { pharmacy: "定点零售药店", hospital: "定点医疗机构" },
  en: { pharmacy: "Pharmacy", hospital: "Hospital" },
};

export const roleWords: Words<Role> = {
  zh: {
    analyst: "稽核员",
    reviewer: "复核员",
    "rule-manager": "规则管理员",
    auditor: "审计员",
    administrator: "系统管理员",
  },
  en: {
    analyst: "Analyst",
    reviewer: "Reviewer",
    "rule-manager": "Rule manager",
    auditor: "Auditor",
    administrator: "Administrator",
  },
};

export const permissionWords: Words<Permission> = {
  zh: {
    "overview.read": "查看今日概况",
    "cases.read": "查看预警与案件",
    "cases.work": "办理案件",
    "cases.decide": "复核案件",
    "person.unmask": "查看脱敏前信息",
    "evidence.export": "导出证据包",
    "evidence.approve": "批准未脱敏证据包",
    "appeals.read": "查看申诉",
    "appeals.work": "办理申诉",
    "rules.read": "查看规则",
    "rules.draft": "起草规则",
    "rules.publish": "发布规则",
    "analytics.read": "查看统计分析",
    "audit.read": "查看审计日志",
    "system.read": "查看系统状态",
    "system.redrive": "重新处理死信",
    "accounts.manage": "管理账号",
  },
  en: {
    "overview.read": "Read today's figures",
    "cases.read": "Read alerts and cases",
    "cases.work": "Work on cases",
    "cases.decide": "Decide proposals",
    "person.unmask": "Unmask personal data",
    "evidence.export": "Export evidence",
    "evidence.approve": "Approve unmasked evidence",
    "appeals.read": "Read appeals",
    "appeals.work": "Work on appeals",
    "rules.read": "Read rules",
    "rules.draft": "Draft rules",
    "rules.publish": "Publish rules",
    "analytics.read": "Read analytics",
    "audit.read": "Read the audit log",
    "system.read": "Read system state",
    "system.redrive": "Re-drive dead letters",
    "accounts.manage": "Manage accounts",
  },
};
