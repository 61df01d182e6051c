/**
 * The input of each transaction that is taken: only the nodes and fields that are read. An empty text or null counts
 * as not given (withoutEmpty), so a required field that is empty is a missing one.
 */
import * as z from "zod";
import { ITEMS_MAX, label, TRACE_CODES_MAX } from "../fields.js";
import { code, division, msgid } from "./codes.js";
import { requestEnvelope } from "./envelope.js";
import { kadunExtension } from "./extension.js";
import { localMoment, localTime } from "./local-time.js";
import type { Infno } from "./transactions.js";
import { REVERSIBLE } from "./transactions.js";
import { signedYuan, yuan } from "./yuan.js";

const personNo = code(30).describe("人员编号 psn_no");
const kadun = kadunExtension.optional();
const quantity = z
  .union([z.number(), z.string()], { error: "a number ≥ 0" })
  .refine((value) => Number.isFinite(Number(value)) && Number(value) >= 0, "a number ≥ 0");

const traceCode = z.object({ drug_trac_codg: code().optional() });
/** One of drugdetail (药店) or feedetail (2204, 2301). */
const detail = z.object({
  med_list_codg: code().optional().describe("医疗目录编码"),
  med_list_name: label.optional().describe("local: name of the item"),
  det_item_fee_sumamt: yuan.optional().describe("明细项目费用总额"),
  cnt: quantity.optional().describe("数量"),
  prd_days: quantity.optional().describe("周期天数"),
  rx_circ_flag: code().optional().catch(undefined).describe("外购处方标志 1"),
  drugtracinfo: z
    .union([z.array(traceCode).max(TRACE_CODES_MAX), traceCode])
    .optional()
    .describe("药品追溯码"),
});
const details = z.array(detail).max(ITEMS_MAX).optional();
export type DetailLine = z.infer<typeof detail>;

/** Of two digits: `3` as a number is 03. */
const certType = code().transform((type) => type.padStart(2, "0"));
/** 就诊凭证 of whoever pays. */
const certificate = {
  mdtrt_cert_type: certType.describe(
    "就诊凭证类型 01 e-credential, 02 ID card, 03 social card; 04, 05, 06, 17 local",
  ),
  mdtrt_cert_no: code(128).optional().describe("就诊凭证编号; kept, as a token, only of a card"),
  card_sn: code(128).optional().describe("卡识别码: stands in where there is no mdtrt_cert_no of a card"),
};

const payment = z.object({
  psn_no: personNo,
  ...certificate,
  med_type: code().optional().describe("医疗类别"),
  medfee_sumamt: yuan.describe("医疗费总额"),
  omsgid: msgid.optional().describe("local: the pre-settlement that a settlement follows"),
});

/** Of a reply: what cannot be read there is as not given, for the request says enough to be judged. */
const replied = {
  code: code().optional().catch(undefined),
  amount: signedYuan.optional().catch(undefined),
};
/** 结算信息 of the reply. */
const setlinfo = z.object({
  setl_id: replied.code,
  med_type: replied.code,
  medfee_sumamt: replied.amount,
  acct_pay: replied.amount.describe("个人账户支出"),
  acct_mulaid_pay: replied.amount.describe("账户共济支付"),
  fund_pay_sumamt: replied.amount.describe("基金支付总额"),
  psn_cash_pay: replied.amount.describe("个人现金支出"),
  balc: replied.amount.describe("余额, after the payment"),
});
export type SettlementInfo = z.infer<typeof setlinfo>;
/** 转院备案结果 of the reply to 2501. */
const result = z.object({ trt_dcla_detl_sn: replied.code });
const output = z
  .object({ setlinfo: setlinfo.optional().catch(undefined), result: result.optional().catch(undefined) })
  .optional()
  .catch(undefined);

const cancellation = z.object({
  psn_no: personNo,
  setl_id: code().optional().describe("结算ID: of a settlement whose reply was sent on"),
  omsgid: msgid.optional().describe("local: msgid of the settlement, the reply's medins_setl_id"),
});

const withInput = <Shape extends z.ZodRawShape>(input: Shape) =>
  requestEnvelope.extend({ input: z.object({ ...input, kadun }), output });

const atPharmacy = withInput({ druginfo: payment, drugdetail: details });
const atHospital = withInput({ data: payment, feedetail: details });
const cancelled = withInput({ data: cancellation });
const pinChecked = withInput({ psn_no: personNo, ...certificate, mdtrt_cert_type: certType.optional() });

const undoneSince = localTime
  .optional()
  .describe("local: when the stay began that never was; for an admission that this process did not see");

const reversible = z
  .union([z.enum(REVERSIBLE), z.literal(REVERSIBLE.map(Number))], {
    error: `one of ${REVERSIBLE.join(", ")}`,
  })
  .transform(String);

export const REQUESTS = {
  "1602": pinChecked,
  "1603": pinChecked,
  "2101": atPharmacy,
  "2102": atPharmacy,
  "2103": cancelled,
  "2206": atHospital,
  "2207": atHospital,
  "2208": cancelled,
  "2303": atHospital,
  "2304": atHospital,
  "2305": cancelled,
  "2401": withInput({ mdtrtinfo: z.object({ psn_no: personNo, begntime: localTime.describe("入院时间") }) }),
  "2402": withInput({
    dscginfo: z.object({
      psn_no: personNo,
      endtime: localTime.describe("出院时间"),
      begntime: localTime.optional().describe("local: when the stay began"),
    }),
  }),
  "2404": withInput({ data: z.object({ psn_no: personNo, begntime: undoneSince }) }),
  "2501": withInput({
    refmedin: z.object({
      psn_no: personNo,
      mdtrtarea_admdvs: division.describe("就医地行政区划 (here with the d): the city that is filed"),
      refl_date: localMoment.optional().describe("转院日期"),
      begndate: localMoment.optional().describe("开始日期"),
      enddate: localMoment.optional().describe("结束日期, its day included"),
    }),
  }),
  "2502": withInput({
    data: z.object({
      psn_no: personNo,
      trt_dcla_detl_sn: code().optional().describe("待遇申报明细流水号: of a 2501 whose reply was sent on"),
      mdtrtarea_admdvs: division.optional().describe("local: the city of the filing"),
      begndate: localMoment.optional().describe("local: when the filing began"),
    }),
  }),
  "2601": withInput({
    data: z.object({
      psn_no: personNo,
      omsgid: msgid.describe("原发送方报文ID"),
      oinfno: reversible.describe("原交易编号"),
      begntime: undoneSince,
    }),
  }),
} as const satisfies Readonly<Record<Infno, z.ZodType>>;

export type Request<N extends Infno> = z.infer<(typeof REQUESTS)[N]>;
export type SwipeRequest = Request<"2101" | "2206">;
export type PaymentInput = z.infer<typeof payment>;

/** Without nulls and empty texts, at any depth (nesting.ts bounds it): the platform's senders write "" for what they do not give. */
export function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty);
  if (typeof value !== "object" || value === null) return value;
  const kept: Record<string, unknown> = {};
  for (const [field, inner] of Object.entries(value))
    if (inner !== null && inner !== "") kept[field] = withoutEmpty(inner);
  return kept;
}
