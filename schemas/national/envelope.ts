/**
 * The request and the reply of the national platform. Lengths are the interface specification's, as published code
 * comments state them (docs/national-messages.md, sources). Fields beyond these are ignored and dropped.
 */
import * as z from "zod";
import { code, division, msgid } from "./codes.js";
import { localTime } from "./local-time.js";

export const INSTITUTION_CODE_LENGTH_MAX = 30;
/** 错误信息 字符型 200 */
export const ERR_MSG_LENGTH_MAX = 200;

const text = (lengthMax: number) => z.string().max(lengthMax);
/** Not read, so whatever stands there is no reason to refuse a payment. */
const unread = (what: string) => z.unknown().optional().describe(`${what}; not read`);

/** 公共输入. Everything but `input`, whose shape the transaction decides (requests.ts). */
export const requestHead = z.object({
  infno: code(4).describe("交易编号 4: transaction"),
  msgid: msgid.describe(
    "发送方报文ID 30: institution code (12), yyyyMMddHHmmss, 4 digits; unique for each message: the eventId",
  ),
  mdtrtarea_admvs: division
    .optional()
    .describe("就医地医保区划 6: place of care; spelled without the second d, unlike insuplc_admdvs"),
  insuplc_admdvs: division.optional().describe("参保地医保区划 6: place of insurance"),
  recer_sys_code: unread("接收方系统代码"),
  dev_no: code(100).optional().describe("设备编号: terminal"),
  dev_safe_info: unread("设备安全信息"),
  cainfo: unread("数字签名信息"),
  signtype: unread("签名类型"),
  infver: unread("接口版本号"),
  opter_type: unread("经办人类别 1 operator, 2 self-service, 3 mobile"),
  opter: code(30).optional().describe("经办人; as a token where it is the number of an ID card"),
  opter_name: unread("经办人姓名"),
  inf_time: localTime.describe("交易时间, Asia/Shanghai"),
  fixmedins_code: code(INSTITUTION_CODE_LENGTH_MAX).describe(
    "定点医药机构编号: H (hospital) or P (pharmacy), 6 digits of its division, 5 of its own",
  ),
  fixmedins_name: text(200).optional().describe("定点医药机构名称"),
  sign_no: unread("交易签到流水号"),
});

/** The general shape; `input` of each transaction is in requests.ts. */
export const requestEnvelope = requestHead.extend({
  input: z.record(z.string(), z.unknown()).describe("交易输入"),
  infcode: z
    .union([z.number(), z.string()])
    .optional()
    .describe("of the platform's reply, where the message is sent on together with it"),
  err_msg: z.string().optional().catch(undefined).describe("of the reply"),
  output: z
    .record(z.string(), z.unknown())
    .optional()
    .describe("of the reply: setlinfo has the amounts that were paid"),
});

/** 0 succeeded; anything else is a failure that err_msg explains. */
export const INFCODE = { DONE: 0, FAILED: -1 } as const;

/** 公共输出. */
export const replyEnvelope = z.object({
  infcode: z.number().int().describe("交易状态码: 0 goes on; -1 stops, err_msg says why"),
  inf_refmsgid: z
    .string()
    .length(30)
    .describe("接收方报文ID: division (6), yyyyMMddHHmmss, 10 digits that follow from the msgid"),
  refmsg_time: z
    .string()
    .regex(/^\d{17}$/)
    .describe("接收报文时间 yyyyMMddHHmmssSSS"),
  respond_time: z
    .string()
    .regex(/^\d{17}$/)
    .describe("响应报文时间 yyyyMMddHHmmssSSS"),
  err_msg: z
    .string()
    .max(ERR_MSG_LENGTH_MAX)
    .describe(
      "for the operator, in Chinese; empty where infcode is 0, but for a pre-settlement that was let pass and not stored",
    ),
  output: z
    .record(z.string(), z.unknown())
    .describe("for a judged message: decision_id, action, response_code …"),
});

export type RequestEnvelope = z.infer<typeof requestEnvelope>;
export type ReplyEnvelope = z.infer<typeof replyEnvelope>;
