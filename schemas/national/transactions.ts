/**
 * Transactions of the national platform (国家医疗保障信息平台): which ones become a record of Kadun, and why the others
 * do not. Numbers, names and input nodes as published interface code names them (docs/national-messages.md, sources).
 */
import type { InstitutionKind, SwipeKind } from "../fields.js";

interface Transaction {
  readonly name: string;
  /** The node of `input` that names the person. */
  readonly node: string;
  readonly becomes: "swipe" | "person-fact";
}
interface SwipeTransaction extends Transaction {
  readonly becomes: "swipe";
  readonly kind: SwipeKind;
  /** Whom it belongs to; null where both send it. */
  readonly sender: InstitutionKind | null;
  /** The med_type it stands for where the message says none. */
  readonly visitKind: string | null;
  /** Somebody stands at the counter: the reply carries the decision. */
  readonly waits: boolean;
}
interface FactTransaction extends Transaction {
  readonly becomes: "person-fact";
  readonly waits: false;
}

export const TRANSACTIONS = {
  "1602": pin("身份证密码校验"),
  "1603": pin("修改身份证密码"),
  "2101": swipe("药店预结算", "druginfo", "authorize", "pharmacy", "41"),
  "2102": swipe("药店结算", "druginfo", "settle", "pharmacy", "41"),
  "2103": swipe("药店结算撤销", "data", "cancel", "pharmacy", null),
  "2206": swipe("门诊预结算", "data", "authorize", "hospital", "11"),
  "2207": swipe("门诊结算", "data", "settle", "hospital", "11"),
  "2208": swipe("门诊结算撤销", "data", "cancel", "hospital", null),
  "2303": swipe("住院预结算", "data", "authorize", "hospital", "21"),
  "2304": swipe("住院结算", "data", "settle", "hospital", "21"),
  "2305": swipe("住院结算撤销", "data", "cancel", "hospital", null),
  "2401": fact("入院办理", "mdtrtinfo"),
  "2402": fact("出院办理", "dscginfo"),
  "2404": fact("入院办理撤销", "data"),
  "2501": fact("转院备案", "refmedin"),
  "2502": fact("转院备案撤销", "data"),
  "2601": swipe("冲正交易", "data", "reverse", null, null),
} as const satisfies Readonly<Record<string, SwipeTransaction | FactTransaction>>;

export type Infno = keyof typeof TRANSACTIONS;
export const INFNOS = Object.keys(TRANSACTIONS) as Infno[];

/** Known, and no record of Kadun: why, and what to send instead. */
export const NOT_TAKEN: Readonly<Record<string, string>> = {
  "2405": "undoing a discharge: send 2401 again under a new msgid, it opens the stay again",
  "2503": "a chronic-disease filing (慢特病备案) is no out-of-area filing",
  "2504": "withdrawing a chronic-disease filing: it is no out-of-area filing",
  "2505":
    "a fixed-point filing (定点备案) names an institution for benefits; an out-of-area filing names a city and is made apart from it",
  "2506": "withdrawing a fixed-point filing: it is no out-of-area filing",
  "2507": "an accident filing (意外伤害备案) says how an injury came about, not where care is taken",
  "1101": "reading a person's data moves no money",
  "2001": "checking benefits moves no money",
  "2201": "registration: the settlement that follows is judged",
  "2202": "registration withdrawn: the settlement that follows is judged",
  "2203": "visit data: the settlement that follows is judged",
  "2204": "fee lines: send them as input.feedetail of the settlement where items shall be judged",
  "2205": "fee lines withdrawn",
  "2301": "fee lines: send them as input.feedetail of the settlement where items shall be judged",
  "2302": "fee lines withdrawn",
  "2403": "data of a stay changed: its beginning and end come with 2401 and 2402",
};

export function isInfno(infno: string): infno is Infno {
  return Object.hasOwn(TRANSACTIONS, infno);
}

/**
 * What 2601 can take back, of what the platform lists as reversible. A cancel that is reversed would settle again:
 * no record says that.
 */
export const REVERSIBLE = ["2102", "2207", "2304", "2401"] as const;

function swipe(
  name: string,
  node: string,
  kind: SwipeKind,
  sender: InstitutionKind | null,
  visitKind: string | null,
): SwipeTransaction {
  return { name, node, becomes: "swipe", kind, sender, visitKind, waits: kind === "authorize" };
}

function pin(name: string): SwipeTransaction {
  return swipe(name, "", "pin-check", null, null);
}

function fact(name: string, node: string): FactTransaction {
  return { name, node, becomes: "person-fact", waits: false };
}
