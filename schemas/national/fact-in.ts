/** Admissions, discharges and transfer filings of the platform → person facts. */
import { parseInstantMs } from "../instant.js";
import type { RawPersonFact } from "../raw.js";
import { endInstantOf, instantOf } from "./local-time.js";
import type { Request } from "./requests.js";
import type { MapContext } from "./swipe-in.js";
import { type Untaken, untaken } from "./untaken.js";

type Base = Pick<RawPersonFact, "type" | "eventId" | "occurredAt">;

export function admissionFact(request: Request<"2401">, context: MapContext): RawPersonFact {
  const { psn_no, begntime } = request.input.mdtrtinfo;
  context.seen.admitted(
    { personNo: psn_no, institutionId: request.fixmedins_code },
    { begntime, msgid: request.msgid },
  );
  return stay(request, context, psn_no, { from: instantOf(begntime) });
}

/**
 * A discharge does not say when the stay began. Where that is not known from its admission either, the fact has no
 * `from`: the stay ends, and bills that come later are not covered by the in-stay exemption.
 */
export function dischargeFact(request: Request<"2402">, context: MapContext): RawPersonFact {
  const { psn_no, begntime, endtime } = request.input.dscginfo;
  const began =
    begntime ?? context.seen.admission({ personNo: psn_no, institutionId: request.fixmedins_code });
  return stay(request, context, psn_no, {
    ...(began === undefined ? {} : { from: instantOf(began) }),
    to: instantOf(endtime),
  });
}

/**
 * 2404, or 2601 of a 2401: there was no stay. An empty one takes its place, and so the place of whatever stay came
 * later: only of the person's latest admission, or (where none was seen) of the one the sender describes.
 */
export function noStayFact(
  request: Request<"2404"> | Request<"2601">,
  context: MapContext,
): RawPersonFact | Untaken {
  const { psn_no, begntime } = request.input.data;
  const latest = context.seen.latestAdmission(psn_no);
  const isLatest = latest === undefined ? begntime !== undefined : isAdmissionOf(request, latest);
  if (!isLatest)
    return untaken(
      "STAY_UNKNOWN",
      latest === undefined ? "input.data.begntime" : admissionPath(request),
      "the latest admission that was seen here; where it came before this process began, add begntime (when the stay began) to the node, or send a person-fact inpatient whose `to` is its `from`",
    );
  const at = instantOf(request.inf_time);
  return stay(request, context, psn_no, { from: at, to: at });
}

/** 2601 names the message, 2404 only the person and (as its sender) the institution. */
function isAdmissionOf(
  { fixmedins_code, input: { data } }: Request<"2404"> | Request<"2601">,
  latest: { readonly institutionId: string; readonly msgid: string },
): boolean {
  return "omsgid" in data ? data.omsgid === latest.msgid : fixmedins_code === latest.institutionId;
}

function admissionPath({ input: { data } }: Request<"2404"> | Request<"2601">): string {
  return "omsgid" in data ? "input.data.omsgid" : "fixmedins_code";
}

/**
 * 转院备案: referred to another hospital, one of the temporary kinds of out-of-area care. Without `enddate` it stays
 * open: such a filing lasts at least six months, and how much longer the message does not say.
 */
export function transferFact(request: Request<"2501">, { seen }: MapContext): RawPersonFact {
  const { psn_no, mdtrtarea_admdvs, refl_date, begndate, enddate } = request.input.refmedin;
  const began = begndate ?? refl_date;
  const serialNo = request.output?.result?.trt_dcla_detl_sn;
  if (serialNo !== undefined)
    seen.filed(
      { personNo: psn_no, serialNo },
      { region: mdtrtarea_admdvs, from: instantOf(began ?? request.inf_time) },
    );
  return {
    ...base(request),
    personId: psn_no,
    fact: "filing",
    filingKind: "temporary",
    region: mdtrtarea_admdvs,
    ...(began === undefined ? {} : { from: instantOf(began) }),
    ...(enddate === undefined ? {} : { to: endInstantOf(enddate) }),
  };
}

/**
 * 转院备案撤销 names a serial number and no city: the filing it ends is the one that was seen under it, or the one the
 * message describes in local fields. It ends when it is withdrawn; one that had not begun never was.
 */
export function withdrawnFact(request: Request<"2502">, { seen }: MapContext): RawPersonFact | Untaken {
  const { psn_no, trt_dcla_detl_sn, mdtrtarea_admdvs, begndate } = request.input.data;
  const known =
    trt_dcla_detl_sn === undefined
      ? undefined
      : seen.filing({ personNo: psn_no, serialNo: trt_dcla_detl_sn });
  const region = mdtrtarea_admdvs ?? known?.region;
  if (region === undefined)
    return untaken(
      "TRANSACTION_NOT_TAKEN",
      "input.data.trt_dcla_detl_sn",
      "no filing with this serial number was seen here together with its reply: send 2502 with the filing's mdtrtarea_admdvs and begndate too, or a person-fact of the filing with its end (`to`)",
    );
  const withdrawn = instantOf(request.inf_time);
  const from = begndate === undefined ? (known?.from ?? withdrawn) : instantOf(begndate);
  return {
    ...base(request),
    personId: psn_no,
    fact: "filing",
    filingKind: "temporary",
    region,
    from,
    to: laterOf(from, withdrawn),
  };
}

function laterOf(one: string, other: string): string {
  return parseInstantMs(one) < parseInstantMs(other) ? other : one;
}

function stay(
  request: Request<"2401"> | Request<"2402"> | Request<"2404"> | Request<"2601">,
  { institution }: MapContext,
  personId: string,
  times: Pick<RawPersonFact, "from" | "to">,
): RawPersonFact {
  const region = request.mdtrtarea_admvs ?? institution?.region;
  return {
    ...base(request),
    personId,
    fact: "inpatient",
    ...(region === undefined ? {} : { region }),
    ...times,
    institutionId: request.fixmedins_code,
  };
}

function base({ msgid, inf_time }: { readonly msgid: string; readonly inf_time: string }): Base {
  return { type: "person-fact", eventId: msgid, occurredAt: instantOf(inf_time) };
}
