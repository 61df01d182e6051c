/** The words that cardholders read for what the data calls otherwise: zh-CN, facts only. Pure. */

import type { AppealState, DocumentKind } from "../../../schemas/appeal.js";
import type { CARD_STANDINGS } from "../../../schemas/card-report.js";
import type { Action, Credential, SwipeKind } from "../../../schemas/fields.js";

export const HOTLINE = "12393";

export const CREDENTIAL_WORDS: Readonly<Record<Credential, string>> = {
  card: "社会保障卡（医保卡）",
  "temporary-card": "临时卡",
  "e-credential": "医保电子凭证",
  "identity-document": "身份证",
  "interim-certificate": "领卡证明",
};

export const KIND_WORDS: Readonly<Record<SwipeKind, string>> = {
  authorize: "预结算",
  settle: "结算",
  cancel: "撤销",
  reverse: "冲正",
  "pin-check": "验证密码",
  query: "查询",
};

/** As it stands for the holder. */
export const ACTION_WORDS: Readonly<Record<Action, string>> = {
  approve: "已通过",
  review: "已通过，由工作人员事后核对",
  challenge: "需要先核对身份",
  reject: "已拦截，没有扣款",
};

export const STANDING_WORDS: Readonly<Record<(typeof CARD_STANDINGS)[number], string>> = {
  "in-use": "正常使用",
  inactive: "还没有启用",
  "loss-pending": "已申报挂失，还没有生效",
  lost: "已挂失，不能使用",
  "may-have-lapsed": "临时挂失可能已经到期",
  lapsed: "临时挂失已经到期",
  replacing: "正在补办",
  replaced: "旧卡，已作废",
  cancelled: "已注销",
  frozen: "已冻结",
  suspended: "联网结算已暂停",
  "pin-locked": "密码已锁定",
};

/** What to do next about a card that stands so; null where nothing has to be done. */
export const STANDING_ADVICE: Readonly<Record<(typeof CARD_STANDINGS)[number], string | null>> = {
  "in-use": null,
  inactive: `请向发卡单位或医保经办机构问清启用时间，或拨${HOTLINE}。`,
  "loss-pending": "生效以前请留意短信。请尽快带身份证到经办机构办理正式挂失或补办。",
  lost: "请带身份证到经办机构补办新卡；已经找回的，也到经办机构解除挂失。",
  "may-have-lapsed": `到期日要按当地工作日安排来算，可能已经到期。请现在拨${HOTLINE}核对，或重新挂失。`,
  lapsed: "这张卡可能又能使用了。没有找回的，请马上重新挂失，并到经办机构补办。",
  replacing: "新卡拿到以前，可以用医保电子凭证或领卡证明就医。",
  replaced: "请使用新卡。旧卡不用再挂失。",
  cancelled: `对此有疑问请拨${HOTLINE}。`,
  frozen: `请拨${HOTLINE}问清原因和解冻办法。`,
  suspended: "可以先自费，保留票据，之后到经办机构报销。",
  "pin-locked": "请带身份证到经办机构解锁或重置密码。",
};

export const APPEAL_STATE_WORDS: Readonly<Record<AppealState, string>> = {
  draft: "草稿，还没有提交",
  submitted: "已提交",
  "returned-for-more": "需要您补充材料",
  "first-review": "初审中",
  "second-review": "复审中",
  investigation: "调查中",
  decided: "已作出决定",
  reconsideration: "复议中",
  withdrawn: "已撤回",
  closed: "已办结",
};

export const DOCUMENT_WORDS: Readonly<Record<DocumentKind, string>> = {
  "police-receipt": "报警回执或受案回执",
  "identity-document": "身份证件",
  authorisation: "委托书（请人代办时）",
  alibi: "当时您在别处的证明",
  statement: "书面说明",
  other: "其他材料",
};

const DEADLINE_WORDS: Readonly<Record<string, string>> = {
  acknowledge: "告知受理结果",
  "first-review": "完成初审",
  "second-review": "完成复审",
  investigation: "完成调查",
  decision: "作出决定",
  supplement: "您补充材料",
  reconsideration: "您申请复议",
  lawsuit: "您提起诉讼",
};

/** @param kind key of rulesets/appeal-deadlines.json; what has no words of its own is "下一步". */
export function deadlineWords(kind: string): string {
  return Object.hasOwn(DEADLINE_WORDS, kind) ? DEADLINE_WORDS[kind]! : "办理下一步";
}

const CHINA_OFFSET_MS = 8 * 3_600_000;

/** `2026年3月1日 10:05`, Beijing time. */
export function momentWords(ms: number): string {
  return `${dayWords(ms)} ${clockWords(ms)}`;
}

export function dayWords(ms: number): string {
  const date = new Date(ms + CHINA_OFFSET_MS);
  return `${date.getUTCFullYear()}年${date.getUTCMonth() + 1}月${date.getUTCDate()}日`;
}

export function clockWords(ms: number): string {
  return new Date(ms + CHINA_OFFSET_MS).toISOString().slice(11, 16);
}

/** `1,234.50元` */
export function yuanWords(fen: number): string {
  const yuan = Math.trunc(fen / 100).toString();
  return `${yuan.replace(/\B(?=(\d{3})+$)/g, ",")}.${String(fen % 100).padStart(2, "0")}元`;
}

/** The first sign and a star: `王*`. Signs beyond the first plane (𠮷) are one. */
export function maskedName(name: string): string {
  const [first] = Array.from(name.trim());
  return first === undefined ? "参保人" : `${first}*`;
}

export function cardWords(credential: Credential, cardTail: string | null): string {
  return cardTail === null
    ? CREDENTIAL_WORDS[credential]
    : `${CREDENTIAL_WORDS[credential]}，尾号 ${cardTail}`;
}
