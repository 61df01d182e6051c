/**
 * A city's lines with everything else that a journal takes among them: requests of the national platform, feedback,
 * heartbeats, persons who move to a new number, repeats, lines that are refused. Seeded: the same options, the same bytes.
 */

import type { RawFeedback, RawHeartbeat, RawPersonLink, RawSwipe } from "../../schemas/raw.js";
import { generateCity } from "../city/city.js";
import type { RawLine } from "../city/lines.js";

export interface MixedOptions {
  readonly seed: number;
  /** How many lines, the mixed ones included. */
  readonly lines: number;
}

/** So many persons make a line each in about 16 days; a city of its usual length has some 11 lines a person. */
const LINES_PER_PERSON = 10;
const PERSONS_MIN = 500;

/** One city line in so many has such a line behind it, or is such a line. Primes: they fall together in every way. */
const EVERY = {
  national: 5,
  feedback: 211,
  repeated: 307,
  heartbeat: 1_009,
  cut: 2_003,
  unknownRegion: 3_001,
  moved: 4_001,
} as const;
const UNKNOWN_REGION = "990101";
const FED_BACK_RULES = ["R08", "R09", "R10", "R12", "R14", "R15", "R16", "R17", "R20"] as const;
const CERTIFICATES: Partial<Record<RawSwipe["credential"], string>> = {
  "e-credential": "01",
  "identity-document": "02",
  card: "03",
};

/** Lines without their end. @throws never; ends after `lines`. */
export function* mixedLines({ seed, lines }: MixedOptions): Generator<string, void, undefined> {
  const persons = Math.max(PERSONS_MIN, Math.ceil(lines / LINES_PER_PERSON));
  let written = 0;
  let number = 0;
  for (const { raw } of generateCity({ seed, persons })) {
    number++;
    for (const line of behind(raw, number)) {
      yield line;
      if (++written === lines) return;
    }
  }
}

function* behind(raw: RawLine, number: number): Generator<string> {
  const isDue = (each: keyof typeof EVERY) => number % EVERY[each] === 0;
  const json = (isDue("national") ? nationalOf(raw, number) : null) ?? JSON.stringify(raw);
  yield json;
  if (isDue("repeated")) yield json;
  if (isDue("cut")) yield json.slice(0, json.length >> 1);
  if (isDue("feedback")) yield JSON.stringify(feedbackOf(raw, number));
  if (isDue("heartbeat")) yield JSON.stringify(heartbeatOf(raw));
  if (isDue("moved")) yield JSON.stringify(linkOf(raw, number));
  if (isDue("unknownRegion") && raw.type === "swipe")
    yield JSON.stringify({ ...raw, eventId: `U${number}`, careRegion: UNKNOWN_REGION });
}

/** A settlement at a pharmacy as request 2102 of the national platform; null where it has no such form. */
function nationalOf(raw: RawLine, number: number): string | null {
  if (raw.type !== "swipe" || raw.kind !== "settle" || raw.institutionKind !== "pharmacy") return null;
  const certificate = CERTIFICATES[raw.credential];
  if (certificate === undefined || raw.careRegion.length !== 6) return null;
  return JSON.stringify({
    infno: "2102",
    // The city's own ids are longer than a msgid may be.
    msgid: `N${number}`,
    mdtrtarea_admvs: raw.careRegion,
    insuplc_admdvs: raw.insuredRegion,
    inf_time: raw.occurredAt.slice(0, 19).replace("T", " "),
    fixmedins_code: raw.institutionId,
    opter: raw.operatorId,
    input: {
      druginfo: {
        psn_no: raw.personId,
        mdtrt_cert_type: certificate,
        mdtrt_cert_no: raw.cardNumber,
        med_type: raw.visitKind,
        medfee_sumamt: yuan(raw.totalFen),
      },
      drugdetail: raw.items?.map(({ code, amountFen, traceCodes }) => ({
        med_list_codg: code,
        det_item_fee_sumamt: yuan(amountFen ?? 0),
        drugtracinfo: traceCodes?.map((trace) => ({ drug_trac_codg: trace })),
      })),
    },
    output: {
      setlinfo: {
        acct_pay: yuan(raw.accountFen ?? 0),
        psn_cash_pay: yuan(raw.cashFen ?? 0),
        balc: yuan(raw.balanceAfterFen ?? 0),
      },
    },
  });
}

function yuan(fen: number): string {
  return `${Math.trunc(fen / 100)}.${String(fen % 100).padStart(2, "0")}`;
}

function feedbackOf({ personId, occurredAt }: RawLine, number: number): RawFeedback {
  const turn = number / EVERY.feedback;
  return {
    type: "feedback",
    eventId: `F${number}`,
    occurredAt,
    personId,
    rule: FED_BACK_RULES[turn % FED_BACK_RULES.length]!,
    verdict: turn % 3 === 0 ? "confirmed" : "honest",
  };
}

/** Of Zhejiang only: the other provinces' swipes are judged without heartbeats, these with late ones. */
function heartbeatOf({ occurredAt }: RawLine): RawHeartbeat {
  return { type: "heartbeat", feedId: "33", occurredAt };
}

function linkOf({ personId, occurredAt }: RawLine, number: number): RawPersonLink {
  return {
    type: "person-link",
    eventId: `L${number}`,
    occurredAt,
    personId: `${personId}-${number}`,
    formerPersonId: personId,
  };
}
