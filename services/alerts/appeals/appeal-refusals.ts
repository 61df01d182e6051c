/** Why an appeal does not change: one table. */

export const APPEAL_REFUSALS = {
  UNKNOWN: {
    holder: "没有找到这份申诉，请返回案件页面重新进入。",
    analyst: "no such appeal; 'kadun appeals list' names those there are",
  },
  NOT_IN_THIS_STATE: {
    holder: "这份申诉目前不能这样办理，请刷新页面查看最新进度。",
    analyst: "the appeal is in another state; look at it again and see what is due",
  },
  CONFLICT: {
    holder: "这份申诉刚刚有变化，请刷新页面后再办理。",
    analyst: "the appeal changed since the version that was named; look at it again",
  },
  NOT_OPEN_ANY_MORE: {
    holder: "这份申诉已经提交，不能再修改；如有补充，请等待补正通知或拨打12393。",
    analyst: "only a draft or a returned appeal can be edited",
  },
  NO_SWIPES: {
    holder: "请至少选择一笔要申诉的消费。",
    analyst: "no swipe is claimed",
  },
  SWIPE_UNKNOWN: {
    holder: "所选的消费不在您的记录中，请重新选择。",
    analyst: "a claimed swipe is not one of this person's settlements",
  },
  NO_STATEMENT: {
    holder: "请写明情况：什么时候发现、卡当时在哪里、为什么不是您本人使用。",
    analyst: "the statement is empty",
  },
  NO_POLICE_RECEIPT: {
    holder: "请上传报警回执（接报案回执或受案回执）。还没有报警的，请先拨打110。",
    analyst: "the police receipt is missing",
  },
  NO_AUTHORISATION: {
    holder: "由他人代办的，请上传委托书。",
    analyst: "an agent acts and no authorisation is attached",
  },
  TOO_MANY_DOCUMENTS: {
    holder: "最多上传10个文件，请先删除不需要的。",
    analyst: "ten documents are attached already",
  },
  DOCUMENT_TOO_LARGE: {
    holder: "文件不能为空，也不能超过10MB，请压缩或重新拍照后再上传。",
    analyst: "a document has 1 byte to 10 MiB",
  },
  DOCUMENT_UNKNOWN: {
    holder: "没有找到这个文件，请刷新页面。",
    analyst: "no such document in this appeal",
  },
  SAME_PERSON: {
    holder: "这份申诉须由另一位经办人员办理。",
    analyst: "the second review is by another person than the first",
  },
  NOT_INVESTIGATED: {
    holder: "这份申诉还在调查。",
    analyst: "no findings are recorded: 'kadun appeals investigate' first",
  },
  OUTCOMES_INCOMPLETE: {
    holder: "这份申诉还没有对每一笔消费作出决定。",
    analyst: "the outcomes name each claimed swipe once, and no other",
  },
  OWN_NOT_REJECTED: {
    holder: "决定的内容前后不一致，经办人员须先核对。",
    analyst: "a swipe that was the holder's own is among the rejected ones",
  },
  NEEDS_ANOTHER_PERSON: {
    holder: "这份申诉须由另一位经办人员复核。",
    analyst: "who proposed a decision does not confirm it: money is moved by two",
  },
  NO_PROPOSAL: {
    holder: "这份申诉还没有待复核的决定。",
    analyst: "no decision is proposed",
  },
  DECIDED_ALREADY_BY_YOU: {
    holder: "复议须由未参与原决定的人员办理。",
    analyst: "who took part in the reviews or the decision does not reconsider it",
  },
  WORSE_FOR_HOLDER: {
    holder: "复议不会作出对您更为不利的决定。",
    analyst: "a reconsideration does not reject a swipe that the decision upheld",
  },
  RECONSIDERATION_TOO_LATE: {
    holder: "申请复议的期限已过。您仍可在期限内依法提起诉讼，请咨询12393。",
    analyst: "the term for asking for a reconsideration is over",
  },
  TERM_RUNS: {
    holder: "申请复议的期限还没有结束。",
    analyst: "the term for asking for a reconsideration still runs",
  },
} as const satisfies Readonly<Record<string, { readonly holder: string; readonly analyst: string }>>;

export type AppealRefusalCode = keyof typeof APPEAL_REFUSALS;

export interface AppealRefusal {
  readonly refusal: AppealRefusalCode;
  readonly holder: string;
  readonly analyst: string;
}

export function refused(code: AppealRefusalCode): AppealRefusal {
  return { refusal: code, ...APPEAL_REFUSALS[code] };
}

export function isRefusal(value: object): value is AppealRefusal {
  return "refusal" in value;
}
