/**
 * Replies to the platform's senders. A terminal knows `infcode` (0 goes on, anything else stops) and shows `err_msg`:
 * what is wrong, in Chinese, with the response code and how care can still be had. What is not stored says so in
 * `err_msg` whatever the infcode: care goes on, and the message has to be sent again.
 */
import type { ResponseCodesFile } from "../bundle/response-codes.js";
import { crc32c } from "../crc32c.js";
import type { Answer } from "../http/authorization.js";
import { ERR_MSG_LENGTH_MAX, INFCODE, type ReplyEnvelope } from "./envelope.js";
import { compactTimeOf } from "./local-time.js";

/** Which message is replied to, as far as it could be read. */
export interface RepliedTo {
  readonly msgid: string | null;
  readonly division: string | null;
}

export interface ReplyTimes {
  readonly receivedMs: number;
  readonly respondedMs: number;
}

const STEP: Readonly<Record<"challenge" | "reject", string>> = {
  challenge: "请核验本人身份证后再办",
  reject: "此凭证不能结算",
};
/** What helps whoever stands at the counter where the bundle has no advice. */
const ADVICE_DEFAULT: Readonly<Record<"challenge" | "reject", string>> = {
  challenge: "请核验持卡人身份证，或改用医保电子凭证；也可先自费后到医保经办机构报销。咨询12393。",
  reject: "可改用医保电子凭证，或先自费，保留票据到医保经办机构报销。咨询12393。",
};

/** A pre-settlement that nobody judged and that is not stored: care does not wait for a log. */
const LET_PASS = "已临时放行，报文未存储，请以同一报文ID重发";
const SEND_AGAIN = "报文未存储，请以同一报文ID重发。";

export function replyOfAnswer(
  to: RepliedTo,
  answer: Answer,
  meanings: ResponseCodesFile["meanings"] | undefined,
  times: ReplyTimes,
): ReplyEnvelope {
  const { action, responseCode } = answer;
  const output = {
    decision_id: answer.decisionId,
    action,
    response_code: responseCode,
    reasons: answer.reasons.map(({ rule, code }) => ({ rule, code })),
    disputed: answer.disputed,
    degraded: answer.degraded,
    duplicate: answer.duplicate,
    stand_in: answer.standIn,
    journaled: answer.journaled,
  };
  // review goes on: a person looks at it later.
  if (action === "approve" || action === "review")
    return reply(to, times, { infcode: INFCODE.DONE, err_msg: answer.journaled ? "" : LET_PASS, output });
  const meaning = meanings?.[responseCode]?.["zh-CN"] ?? STEP[action];
  const advice = answer.advice?.["zh-CN"] ?? ADVICE_DEFAULT[action];
  return reply(to, times, {
    infcode: INFCODE.FAILED,
    err_msg: `[${responseCode}]${meaning}。${answer.journaled ? "" : SEND_AGAIN}${advice}`,
    output,
  });
}

/** A message that became a record, or a repeat of one. */
export function replyStored(to: RepliedTo, times: ReplyTimes): ReplyEnvelope {
  return reply(to, times, { infcode: INFCODE.DONE, err_msg: "", output: { journaled: true } });
}

/** A transaction that is no record of Kadun: nothing is wrong, and nothing more is to be done. */
export function replyIgnored(to: RepliedTo, reason: string, times: ReplyTimes): ReplyEnvelope {
  return reply(to, times, { infcode: INFCODE.DONE, err_msg: "", output: { ignored: true, reason } });
}

export interface RefusedMessage {
  readonly code: string;
  readonly field: string;
  readonly reason: string;
}

const REFUSED_WORDS: Readonly<Record<string, string>> = {
  FIELD_INVALID: "字段缺失或格式不对",
  FIELD_FORBIDDEN: "报文不得携带密码，请去掉该字段",
  TIME_OUT_OF_RANGE: "时间超出范围，请检查终端时钟",
  ORIGINAL_MISSING: "缺少原结算的报文ID",
  STAY_UNKNOWN: "未见可撤销的最近一次入院登记",
  TRANSACTION_UNKNOWN: "交易编号不认识",
  TRANSACTION_NOT_TAKEN: "此交易无需上报",
  TRANSACTION_FAILED: "原交易未成功，无需上报",
  INSTITUTION_UNKNOWN: "机构编号不认识，请先登记机构",
  EVENT_ID_REUSED: "报文ID已被另一报文用过，请换新的报文ID",
  JSON_INVALID: "报文不是完整的JSON",
  UTF8_INVALID: "报文不是UTF-8编码",
  LINE_TOO_LONG: "报文过长",
  RECORD_TOO_LONG: "报文过长，请减少明细",
  EMPTY: "报文为空",
  RECORD_FAILED: "系统处理此报文出错，已留存待查",
};
const REFUSED_WORDS_DEFAULT = "报文有误";

const NEXT_STEP: Readonly<Record<string, string>> = {
  TRANSACTION_UNKNOWN: "请核对交易编号",
  TRANSACTION_NOT_TAKEN: "请勿重发",
  TRANSACTION_FAILED: "请勿重发",
  RECORD_FAILED: "请联系维护人员，勿重发",
};
const NEXT_STEP_DEFAULT = "请改正后以新报文重发";

/** The path is told; what was sent is not. */
export function replyOfRefusal(to: RepliedTo, refused: RefusedMessage, times: ReplyTimes): ReplyEnvelope {
  const words = REFUSED_WORDS[refused.code] ?? REFUSED_WORDS_DEFAULT;
  const step = NEXT_STEP[refused.code] ?? NEXT_STEP_DEFAULT;
  const field = refused.field === "" ? "" : `（${refused.field.slice(0, FIELD_LENGTH_MAX)}）`;
  return reply(to, times, {
    infcode: INFCODE.FAILED,
    err_msg: `报文未受理：${words}${field}。${step}；急需就医可先自费，保留票据后报销。`,
    output: {
      code: refused.code,
      field: refused.field.slice(0, FIELD_TOLD_MAX),
      reason: refused.reason,
      journaled: false,
    },
  });
}
/** Leaves room for the rest of err_msg. */
const FIELD_LENGTH_MAX = 80;
/** As in the problems of the other addresses: a path can be as long as a sender likes. */
const FIELD_TOLD_MAX = 128;

/** Nothing is lost where the same message is sent again. */
export function replyNotStored(to: RepliedTo, times: ReplyTimes): ReplyEnvelope {
  return reply(to, times, {
    infcode: INFCODE.FAILED,
    err_msg: "系统繁忙，报文未存储：请稍后以同一报文ID重发。急需就医可先自费，保留票据后报销。",
    output: { code: "NOT_STORED", journaled: false },
  });
}

/** What was not read, or not taken on, as a message at all; by the code of the problem that other addresses answer. */
const UNREAD_WORDS: Readonly<Record<string, string>> = {
  BODY_EMPTY: "报文为空，请发送一个JSON报文",
  BODY_TOO_LARGE: "报文过长，请减少明细后以新报文重发",
  CONTENT_TYPE_UNSUPPORTED: "报文类型不对，请以application/json逐条发送，不压缩",
  REQUEST_INVALID: "HTTP请求不完整，请检查网络后以同一报文ID重发",
  REQUEST_TIMEOUT: "报文传送超时，请检查网络后以同一报文ID重发",
  RATE_LIMITED: "发送过快，请稍后以同一报文ID重发",
  STOPPING: "系统正在重启，请稍后以同一报文ID重发",
  NOT_PERMITTED: "接口密钥没有此交易的权限，请联系维护人员",
  INTERNAL: "系统内部出错，请以同一报文ID重发，仍出错请联系维护人员",
};

/** The HTTP status is the problem's; nothing of the message is stored that this reply could know of. */
export function replyOfUnread(to: RepliedTo, code: string, times: ReplyTimes): ReplyEnvelope {
  const words = UNREAD_WORDS[code] ?? UNREAD_WORDS.INTERNAL;
  return reply(to, times, {
    infcode: INFCODE.FAILED,
    err_msg: `报文未受理：${words}。急需就医可先自费，保留票据后报销。`,
    output: { code, journaled: false },
  });
}

function reply(
  to: RepliedTo,
  { receivedMs, respondedMs }: ReplyTimes,
  { infcode, err_msg, output }: Pick<ReplyEnvelope, "infcode" | "err_msg" | "output">,
): ReplyEnvelope {
  return {
    infcode,
    inf_refmsgid: refmsgidOf(to, receivedMs),
    refmsg_time: compactTimeOf(receivedMs),
    respond_time: compactTimeOf(respondedMs),
    err_msg: shortened(err_msg),
    output,
  };
}

const DIVISION_UNKNOWN = "000000";
const SECONDS_DIGITS = 14;
const SERIAL_DIGITS = 10;

/** The same for a repeat within the second: no counter that a restart would begin anew. */
function refmsgidOf({ msgid, division }: RepliedTo, receivedMs: number): string {
  const place = division !== null && /^\d{6}$/.test(division) ? division : DIVISION_UNKNOWN;
  const serial = String(crc32c(Buffer.from(msgid ?? "", "utf8"))).padStart(SERIAL_DIGITS, "0");
  return `${place}${compactTimeOf(receivedMs).slice(0, SECONDS_DIGITS)}${serial}`;
}

/** By whole characters: half a character is none. */
function shortened(text: string): string {
  if (text.length <= ERR_MSG_LENGTH_MAX) return text;
  return `${text.slice(0, ERR_MSG_LENGTH_MAX - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}
