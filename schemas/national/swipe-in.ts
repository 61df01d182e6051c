/** Settlements, cancels, reversals and PIN checks of the platform → raw swipes. */
import type { PinResult } from "../fields.js";
import type { Institution } from "../institution.js";
import type { RawSwipe } from "../raw.js";
import { CERT_TYPES_EXPECTED, type Certificate, cardNumberOf, credentialOf } from "./certificate.js";
import type { RequestEnvelope } from "./envelope.js";
import { EXTENSION_FIELDS } from "./extension.js";
import { instantOf } from "./local-time.js";
import type { MessagesSeen } from "./messages-seen.js";
import type { DetailLine, PaymentInput, Request, SettlementInfo } from "./requests.js";
import { TRANSACTIONS } from "./transactions.js";
import { isUntaken, type Untaken, untaken } from "./untaken.js";
import { fenOf } from "./yuan.js";

export interface MapContext {
  /** Of the register, where it knows the institution. */
  readonly institution: Institution | undefined;
  readonly seen: MessagesSeen;
}

type Head = Omit<RequestEnvelope, "input" | "output">;
type Extension = NonNullable<Request<"2101">["input"]["kadun"]>;
/** What every swipe of an envelope has. */
type Place = Pick<
  RawSwipe,
  | "eventId"
  | "occurredAt"
  | "insuredRegion"
  | "careRegion"
  | "institutionId"
  | "institutionKind"
  | "institutionName"
  | "terminalId"
  | "operatorId"
>;

export function paymentSwipe(
  infno: "2101" | "2102" | "2206" | "2207" | "2303" | "2304",
  request: Request<"2101"> | Request<"2206">,
  context: MapContext,
): RawSwipe | Untaken {
  const transaction = TRANSACTIONS[infno];
  const input: PaymentInput = "druginfo" in request.input ? request.input.druginfo : request.input.data;
  const lines = "druginfo" in request.input ? request.input.drugdetail : request.input.feedetail;
  const place = placeOf(request, context);
  if (isUntaken(place)) return place;
  const certificate = certified(input, `input.${transaction.node}`, request.input.kadun);
  if (isUntaken(certificate)) return certificate;
  const setlinfo = request.output?.setlinfo;
  const settles = transaction.kind === "settle";
  if (settles && setlinfo?.setl_id !== undefined) context.seen.settled(setlinfo.setl_id, request.msgid);
  const totalFen = fenOf(input.medfee_sumamt);
  if (totalFen === null) throw new Error("an amount that its schema took is none");
  return extended(
    {
      type: "swipe",
      kind: transaction.kind,
      ...place,
      personId: input.psn_no,
      ...certificate,
      visitKind: input.med_type ?? setlinfo?.med_type ?? transaction.visitKind,
      totalFen,
      ...paid(setlinfo, settles),
      ...(input.omsgid === undefined ? {} : { originalEventId: input.omsgid }),
      ...itemsOf(lines),
    },
    request.input.kadun,
  );
}

export function cancelSwipe(
  infno: "2103" | "2208" | "2305",
  request: Request<"2103">,
  context: MapContext,
): RawSwipe | Untaken {
  const { data, kadun } = request.input;
  const seen = data.setl_id === undefined ? undefined : context.seen.settlement(data.setl_id);
  const originalEventId = kadun?.originalEventId ?? data.omsgid ?? seen;
  if (originalEventId === undefined)
    return untaken(
      "ORIGINAL_MISSING",
      "input.data.omsgid",
      "the msgid of the settlement that is taken back (its reply's medins_setl_id): no settlement with this setl_id was seen here together with its reply",
    );
  return takenBack(request, context, {
    kind: TRANSACTIONS[infno].kind,
    psn_no: data.psn_no,
    originalEventId,
    amount: request.output?.setlinfo?.medfee_sumamt,
  });
}

export function reversalSwipe(request: Request<"2601">, context: MapContext): RawSwipe | Untaken {
  const { psn_no, omsgid } = request.input.data;
  return takenBack(request, context, { kind: "reverse", psn_no, originalEventId: omsgid, amount: undefined });
}

interface TakenBack {
  readonly kind: RawSwipe["kind"];
  readonly psn_no: string;
  readonly originalEventId: string;
  readonly amount: number | string | undefined;
}

/** Such messages name no credential and mostly no amount; the judge reads neither of them there. */
function takenBack(
  request: Request<"2103"> | Request<"2601">,
  context: MapContext,
  { kind, psn_no, originalEventId, amount }: TakenBack,
): RawSwipe | Untaken {
  const place = placeOf(request, context);
  if (isUntaken(place)) return place;
  return extended(
    {
      type: "swipe",
      kind,
      ...place,
      personId: psn_no,
      credential: "card",
      totalFen: Math.abs(amount === undefined ? 0 : (fenOf(amount) ?? 0)),
      originalEventId,
    },
    request.input.kadun,
  );
}

/**
 * 1602 and 1603 prove, or fail to prove, that somebody knows the PIN: changing it needs the old one. The PIN itself is
 * never in a message that is taken; what the platform replied says how it ended.
 */
export function pinSwipe(request: Request<"1602">, context: MapContext): RawSwipe | Untaken {
  const { input } = request;
  const place = placeOf(request, context);
  if (isUntaken(place)) return place;
  const certificate = certified(
    { ...input, mdtrt_cert_type: input.mdtrt_cert_type ?? ID_CARD },
    "input",
    input.kadun,
  );
  if (isUntaken(certificate)) return certificate;
  return extended(
    {
      type: "swipe",
      kind: "pin-check",
      ...place,
      personId: input.psn_no,
      ...certificate,
      totalFen: 0,
      pin: pinResultOf(request),
    },
    input.kadun,
  );
}

/** 身份证密码: the PIN of the ID card where the message says nothing else. */
const ID_CARD = "02";
const WORDS_LOCKED = /锁/;
const WORDS_WRONG = /密码.{0,8}(错|不正确|不一致|不符|不匹配)|(错误|不正确)的?密码/;

/** A failure that does not speak of the PIN is none of the PIN: a dead line must not lock a card. */
function pinResultOf({ infcode, err_msg }: Pick<Head, "infcode" | "err_msg">): PinResult {
  if (infcode === undefined) return "unknown";
  if (isDone(infcode)) return "ok";
  if (err_msg === undefined) return "unknown";
  if (WORDS_LOCKED.test(err_msg)) return "locked";
  return WORDS_WRONG.test(err_msg) ? "wrong" : "unknown";
}

export function isDone(infcode: number | string): boolean {
  return Number(infcode) === 0;
}

/** Where and when; the register knows better what an institution is, and where it lies where the message does not say. */
function placeOf(head: Head, { institution }: MapContext): Place | Untaken {
  const { fixmedins_code, insuplc_admdvs } = head;
  if (insuplc_admdvs === undefined)
    return untaken(
      "FIELD_INVALID",
      "insuplc_admdvs",
      "the division code of the place of insurance (spelled insuplc_admdvs)",
    );
  const careRegion = head.mdtrtarea_admvs ?? institution?.region;
  if (careRegion === undefined)
    return untaken(
      "FIELD_INVALID",
      "mdtrtarea_admvs",
      "the division code of the place of care (spelled mdtrtarea_admvs), or the institution's region in the register",
    );
  const institutionKind = institution?.kind ?? kindByLetter(fixmedins_code);
  if (institutionKind === null)
    return untaken(
      "INSTITUTION_UNKNOWN",
      "fixmedins_code",
      "a code that begins with H or P, or an entry of the institution register",
    );
  return {
    eventId: head.msgid,
    occurredAt: instantOf(head.inf_time),
    insuredRegion: insuplc_admdvs,
    careRegion,
    institutionId: fixmedins_code,
    institutionKind,
    ...(head.fixmedins_name === undefined ? {} : { institutionName: head.fixmedins_name }),
    ...(head.dev_no === undefined ? {} : { terminalId: head.dev_no }),
    ...(head.opter === undefined ? {} : { operatorId: head.opter }),
  };
}

function kindByLetter(code: string): RawSwipe["institutionKind"] | null {
  if (code.startsWith("H")) return "hospital";
  return code.startsWith("P") ? "pharmacy" : null;
}

function certified(
  certificate: Certificate & { readonly mdtrt_cert_type: string },
  path: string,
  kadun: Extension | undefined,
): Pick<RawSwipe, "credential" | "cardNumber"> | Untaken {
  const credential = credentialOf(certificate.mdtrt_cert_type);
  if (credential === null) return untaken("FIELD_INVALID", `${path}.mdtrt_cert_type`, CERT_TYPES_EXPECTED);
  const cardNumber = cardNumberOf(kadun?.credential ?? credential, certificate);
  return cardNumber === undefined ? { credential } : { credential, cardNumber };
}

/** `balc` is what is left: before a settlement there was that and what the account paid. */
function paid(setlinfo: SettlementInfo | undefined, settles: boolean): Partial<RawSwipe> {
  if (setlinfo === undefined) return {};
  const accountFen = given(setlinfo.acct_pay);
  const balanceAfterFen = given(setlinfo.balc);
  return {
    ...set("accountFen", accountFen),
    ...set("fundFen", given(setlinfo.fund_pay_sumamt)),
    ...set("cashFen", given(setlinfo.psn_cash_pay)),
    ...set("sharedAccountFen", given(setlinfo.acct_mulaid_pay)),
    ...(settles && accountFen !== undefined && balanceAfterFen !== undefined
      ? { balanceBeforeFen: balanceAfterFen + accountFen }
      : {}),
    ...set("balanceAfterFen", balanceAfterFen),
  };
}

/** A negative amount belongs to a refund; of a payment it says nothing. */
function given(amount: number | string | undefined): number | undefined {
  const fen = amount === undefined ? null : fenOf(amount);
  return fen === null || fen < 0 ? undefined : fen;
}

function set<Field extends keyof RawSwipe>(
  field: Field,
  value: RawSwipe[Field] | undefined,
): Partial<RawSwipe> {
  return value === undefined ? {} : { [field]: value };
}

function itemsOf(lines: readonly DetailLine[] | undefined): Partial<RawSwipe> {
  if (lines === undefined || lines.length === 0) return {};
  const isExternal = lines.some(({ rx_circ_flag }) => rx_circ_flag === "1");
  return { ...(isExternal ? { externalPrescription: true } : {}), items: lines.map(itemOf) };
}

function itemOf(line: DetailLine): NonNullable<RawSwipe["items"]>[number] {
  const { med_list_codg, med_list_name, det_item_fee_sumamt, cnt, prd_days, drugtracinfo } = line;
  const traces = drugtracinfo === undefined ? [] : [drugtracinfo].flat();
  const traceCodes = traces.flatMap(({ drug_trac_codg }) => drug_trac_codg ?? []);
  return {
    ...(med_list_codg === undefined ? {} : { code: med_list_codg }),
    ...(med_list_name === undefined ? {} : { name: med_list_name }),
    ...(cnt === undefined ? {} : { count: Number(cnt) }),
    ...(det_item_fee_sumamt === undefined ? {} : { amountFen: given(det_item_fee_sumamt) ?? 0 }),
    ...(prd_days === undefined ? {} : { days: Number(prd_days) }),
    ...(traceCodes.length === 0 ? {} : { traceCodes }),
  };
}

/** Kadun's own words win over what was read from the platform's. */
function extended(swipe: RawSwipe, kadun: Extension | undefined): RawSwipe {
  const result: Record<string, unknown> = { ...swipe };
  if (result.visitKind === null) delete result.visitKind;
  for (const field of EXTENSION_FIELDS) {
    const value = kadun?.[field];
    if (value !== undefined && value !== null) result[field] = value;
  }
  return result as RawSwipe;
}
