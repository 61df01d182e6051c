/**
 * A raw record → the request of the national platform that says the same, for networks that want to be fed in their
 * own format. What the platform has no field for goes into `input.kadun`, or is lost (docs/national-messages.md).
 */
import type { InstitutionKind } from "../fields.js";
import type { RawCardStatus, RawPersonFact, RawSwipe } from "../raw.js";
import { CERT_TYPE_OF, cardNumberOf } from "./certificate.js";
import { MSGID_LENGTH_MAX } from "./codes.js";
import { INSTITUTION_CODE_LENGTH_MAX, type RequestEnvelope } from "./envelope.js";
import { EXTENSION_FIELDS } from "./extension.js";
import { localTimeOf } from "./local-time.js";
import { type Infno, TRANSACTIONS } from "./transactions.js";
import { yuanOf } from "./yuan.js";

/** No request of the platform says this. */
export interface Unsayable {
  readonly unsayable: string;
}

export interface OutOptions {
  /** Fields of `input.kadun` for what would be lost; the platform ignores them. */
  readonly withExtension: boolean;
  /** Where a fact about a person is sent from: facts name no institution of their own. */
  readonly sender?: { readonly fixmedins_code: string; readonly insuplc_admdvs?: string };
}

export function envelopeOf(
  record: RawSwipe | RawPersonFact | RawCardStatus,
  options: OutOptions,
): RequestEnvelope | Unsayable {
  if (record.eventId.length > MSGID_LENGTH_MAX)
    return { unsayable: `an eventId of more than ${MSGID_LENGTH_MAX} characters` };
  switch (record.type) {
    case "swipe":
      return swipeEnvelope(record, options);
    case "person-fact":
      return factEnvelope(record, options);
    case "card-status":
      return { unsayable: "the state of a card: loss and release are no transaction of institutions" };
  }
}

export function isUnsayable(result: RequestEnvelope | Unsayable): result is Unsayable {
  return "unsayable" in result;
}

/** In-patient kinds of visit (rules.md 1, in-stay exemption). */
const INPATIENT = /^(21|24|26|28|52|210[1-7])$/;

type Place = "pharmacy" | "outpatient" | "inpatient";
const INFNO: Readonly<Record<"authorize" | "settle" | "cancel", Readonly<Record<Place, Infno>>>> = {
  authorize: { pharmacy: "2101", outpatient: "2206", inpatient: "2303" },
  settle: { pharmacy: "2102", outpatient: "2207", inpatient: "2304" },
  cancel: { pharmacy: "2103", outpatient: "2208", inpatient: "2305" },
};

function placeOf(kind: InstitutionKind, visitKind: string | null | undefined): Place {
  if (kind === "pharmacy") return "pharmacy";
  return INPATIENT.test(visitKind ?? "") ? "inpatient" : "outpatient";
}

function swipeEnvelope(swipe: RawSwipe, options: OutOptions): RequestEnvelope | Unsayable {
  if (swipe.institutionId.length > INSTITUTION_CODE_LENGTH_MAX)
    return { unsayable: `an institution's code of more than ${INSTITUTION_CODE_LENGTH_MAX} characters` };
  const place = placeOf(swipe.institutionKind, swipe.visitKind);
  const kadun = options.withExtension ? extensionOf(swipe) : {};
  switch (swipe.kind) {
    case "query":
      return { unsayable: "a query of the card's state" };
    case "pin-check":
      return {
        ...head("1602", swipe),
        ...replyOfPin(swipe.pin),
        input: { psn_no: swipe.personId, ...certificateOf(swipe), ...kadun },
      };
    case "reverse":
      return {
        ...head("2601", swipe),
        input: {
          data: { psn_no: swipe.personId, omsgid: swipe.originalEventId, oinfno: INFNO.settle[place] },
          ...kadun,
        },
      };
    case "cancel":
      return {
        ...head(INFNO.cancel[place], swipe),
        input: { data: { psn_no: swipe.personId, omsgid: swipe.originalEventId }, ...kadun },
        output: { setlinfo: { medfee_sumamt: yuanOf(swipe.totalFen) } },
      };
    case "authorize":
    case "settle":
      return paymentEnvelope(INFNO[swipe.kind][place], swipe, kadun);
  }
}

function paymentEnvelope(infno: Infno, swipe: RawSwipe, kadun: object): RequestEnvelope {
  const { node } = TRANSACTIONS[infno];
  const lines = swipe.items?.map((item) => detailOf(item, swipe.externalPrescription === true));
  const setlinfo = paidOf(swipe);
  return {
    ...head(infno, swipe),
    input: {
      [node]: {
        psn_no: swipe.personId,
        ...certificateOf(swipe),
        ...given("med_type", swipe.visitKind),
        medfee_sumamt: yuanOf(swipe.totalFen),
        ...given("omsgid", swipe.originalEventId),
      },
      ...(lines === undefined ? {} : { [node === "druginfo" ? "drugdetail" : "feedetail"]: lines }),
      ...kadun,
    },
    ...(Object.keys(setlinfo).length === 0 ? {} : { output: { setlinfo } }),
  };
}

function head(infno: Infno, swipe: RawSwipe): Omit<RequestEnvelope, "input"> {
  return {
    infno,
    msgid: swipe.eventId,
    ...division("mdtrtarea_admvs", swipe.careRegion),
    ...division("insuplc_admdvs", swipe.insuredRegion),
    ...given("dev_no", swipe.terminalId),
    ...given("opter", swipe.operatorId),
    inf_time: localTimeOf(swipe.occurredAt),
    fixmedins_code: swipe.institutionId,
    ...given("fixmedins_name", swipe.institutionName),
  };
}

/** The platform writes a province or a city with six digits too: `33` is `330000`. */
function division(field: string, region: string): Record<string, string> {
  return { [field]: region.padEnd(6, "0") };
}

function certificateOf({ credential, cardNumber }: RawSwipe): Record<string, string> {
  const type = CERT_TYPE_OF[credential];
  const number = cardNumberOf(credential, { mdtrt_cert_no: cardNumber ?? undefined });
  return { mdtrt_cert_type: type, ...given("mdtrt_cert_no", number) };
}

type Item = NonNullable<RawSwipe["items"]>[number];

function detailOf(item: Item, isExternal: boolean): Record<string, unknown> {
  return {
    ...given("med_list_codg", item.code),
    ...given("med_list_name", item.name),
    ...money("det_item_fee_sumamt", item.amountFen),
    ...given("cnt", item.count),
    ...given("prd_days", item.days),
    ...(isExternal ? { rx_circ_flag: "1" } : {}),
    ...(item.traceCodes === undefined || item.traceCodes === null
      ? {}
      : { drugtracinfo: item.traceCodes.map((drug_trac_codg) => ({ drug_trac_codg })) }),
  };
}

function paidOf(swipe: RawSwipe): Record<string, unknown> {
  return {
    ...money("acct_pay", swipe.accountFen),
    ...money("acct_mulaid_pay", swipe.sharedAccountFen),
    ...money("fund_pay_sumamt", swipe.fundFen),
    ...money("psn_cash_pay", swipe.cashFen),
    ...money("balc", swipe.balanceAfterFen),
  };
}

/** What the platform's reply to a PIN check says. */
function replyOfPin(pin: RawSwipe["pin"]): Partial<RequestEnvelope> {
  if (pin === "ok") return { infcode: 0 };
  if (pin === "wrong") return { infcode: -1, err_msg: "密码错误" };
  return pin === "locked" ? { infcode: -1, err_msg: "密码已锁定" } : {};
}

function extensionOf(swipe: RawSwipe): { kadun?: Record<string, unknown> } {
  const kadun: Record<string, unknown> = {};
  for (const field of EXTENSION_FIELDS) {
    const value = swipe[field];
    if (value !== undefined && value !== null) kadun[field] = value;
  }
  return Object.keys(kadun).length === 0 ? {} : { kadun };
}

function factEnvelope(fact: RawPersonFact, { sender }: OutOptions): RequestEnvelope | Unsayable {
  const institution = fact.institutionId ?? sender?.fixmedins_code;
  if (institution === undefined) return { unsayable: "a fact without the institution it is sent from" };
  const common = {
    msgid: fact.eventId,
    ...given("insuplc_admdvs", sender?.insuplc_admdvs),
    inf_time: localTimeOf(fact.occurredAt),
    fixmedins_code: institution,
  };
  if (fact.fact === "filing") return transferEnvelope(fact, common);
  if (fact.fact !== "inpatient") return { unsayable: `the fact ${fact.fact}` };
  const area =
    fact.region === undefined || fact.region === null ? {} : division("mdtrtarea_admvs", fact.region);
  if (fact.to !== undefined && fact.to !== null)
    return {
      ...common,
      ...area,
      infno: "2402",
      input: {
        dscginfo: { psn_no: fact.personId, endtime: localTimeOf(fact.to), ...time("begntime", fact.from) },
      },
    };
  return {
    ...common,
    ...area,
    infno: "2401",
    input: { mdtrtinfo: { psn_no: fact.personId, begntime: localTimeOf(fact.from ?? fact.occurredAt) } },
  };
}

function transferEnvelope(
  fact: RawPersonFact,
  common: Omit<RequestEnvelope, "infno" | "input">,
): RequestEnvelope | Unsayable {
  if (fact.filingKind !== "temporary" || fact.region === undefined || fact.region === null)
    return { unsayable: "a filing that is not temporary, or names no city" };
  return {
    ...common,
    infno: "2501",
    input: {
      refmedin: {
        psn_no: fact.personId,
        ...division("mdtrtarea_admdvs", fact.region),
        ...time("begndate", fact.from),
        ...time("enddate", fact.to),
      },
    },
  };
}

function given<Value>(field: string, value: Value | null | undefined): Record<string, Value> {
  return value === undefined || value === null || value === "" ? {} : { [field]: value };
}

function money(field: string, fen: number | null | undefined): Record<string, number> {
  return fen === undefined || fen === null ? {} : { [field]: yuanOf(fen) };
}

function time(field: string, instant: string | null | undefined): Record<string, string> {
  return instant === undefined || instant === null ? {} : { [field]: localTimeOf(instant) };
}
