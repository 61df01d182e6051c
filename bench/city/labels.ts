/** What the generator knows of a line and the judge must not: kept beside the raw line, never in it. */
export const ATTACK_KINDS = [
  "lost-used",
  "pending-used",
  "lapsed-used",
  "replaced-used",
  "cancelled-used",
  "inactive-used",
  "temporary-misused",
  "blocked-person",
  "late-status",
  "backdated-upload",
  "pin-guessing",
  "pin-probe-spend",
  "default-pin-spend",
  "cloned-card",
  "cross-city-spree",
  "inpatient-elsewhere",
  "limits-broken",
  "split-purchase",
  "drain",
  "many-institutions",
  "resale-basket",
  "refund-loop",
  "trace-code-reuse",
  "slow-drain",
  "alternating-places",
  "just-below-limits",
] as const;

export type AttackKind = (typeof ATTACK_KINDS)[number];

/** Patterns over many persons: the business of the patrols, which look at terminals, agents, institutions and codes. */
export const RING_KINDS = [
  "pin-spray",
  "collected-cards",
  "busy-terminal",
  "shared-trace-code",
  "common-point",
  "agent-ring",
  "decoy-card",
  "backdating-terminal",
] as const;

export type RingKind = (typeof RING_KINDS)[number];

/** Whom a patrol should name; a terminal as `institution/terminal`. */
export interface RingSubject {
  readonly kind: "terminal" | "institution" | "agent" | "card";
  readonly id: string;
}

/**
 * `honest` with an incident: the victim's own swipe, or a record about it, after the incident began.
 * `found-again`: the holder's own card, reported lost and used unreleased.
 * `history`: honest, from before the scored days: the judge learns from it, nobody is scored on it.
 * `ring`: one swipe of a pattern that no single swipe shows.
 */
export interface CityLabel {
  readonly kind: "honest" | "found-again" | "history" | "attack" | "ring";
  readonly attack?: AttackKind;
  readonly ring?: RingKind;
  readonly subject?: RingSubject;
  readonly incident?: string;
}

export const HONEST: CityLabel = { kind: "honest" };
export const FOUND_AGAIN: CityLabel = { kind: "found-again" };
export const HISTORY: CityLabel = { kind: "history" };

/** A reason of this rule (and, where given, this code) on a labelled swipe means: caught. */
export interface ExpectedReason {
  readonly rule: string;
  readonly code?: string;
}

export const ATTACK_GROUPS = {
  card: "card state 卡状态",
  pin: "PIN 密码",
  place: "place and holder 地点与本人",
  money: "money and goods 资金与药品",
  evasive: "evasive, no bar 规避型（不设门槛）",
} as const;

export type AttackGroup = keyof typeof ATTACK_GROUPS;

export interface AttackName {
  readonly chinese: string;
  readonly group: AttackGroup;
  readonly expected: readonly ExpectedReason[];
  /** Whether a decision can catch it; else only a revision, once the late record is there. */
  readonly isInline: boolean;
}

export const ATTACKS: Readonly<Record<AttackKind, AttackName>> = {
  "lost-used": attack("card", "挂失后冒用", "R01"),
  "pending-used": attack("card", "挂失未生效冒用", "R02"),
  "lapsed-used": attack("card", "预挂失过期冒用", "R03"),
  "replaced-used": attack("card", "补卡后旧卡冒用", "R04"),
  "cancelled-used": attack("card", "注销卡冒用", "R04"),
  "inactive-used": attack("card", "未启用卡冒用", "R05"),
  "temporary-misused": attack("card", "临时卡违规使用", "R06"),
  "blocked-person": attack("card", "停用人员用卡", "R07"),
  "late-status": { ...attack("card", "挂失信息迟到", "R01"), isInline: false },
  "backdated-upload": {
    ...attack("card", "倒签补传"),
    expected: [{ rule: "R00", code: "BACKDATED" }],
  },
  "pin-guessing": attack("pin", "试密码", "R08"),
  "pin-probe-spend": attack("pin", "试出密码后盗刷", "R09"),
  "default-pin-spend": attack("pin", "初始密码异地盗刷", "R10"),
  "cloned-card": attack("place", "克隆卡", "R12"),
  "cross-city-spree": attack("place", "异地连续盗刷", "R13"),
  "inpatient-elsewhere": attack("place", "住院期间他处用卡", "R19"),
  "limits-broken": attack("place", "突破本人限制", "R21"),
  "split-purchase": attack("money", "拆单套刷", "R14"),
  drain: attack("money", "快速清空账户", "R15"),
  "many-institutions": attack("money", "敛卡套刷", "R16"),
  "resale-basket": attack("money", "倒卖贵重药", "R17"),
  "refund-loop": attack("money", "反复退费", "R20"),
  "trace-code-reuse": attack("money", "追溯码重复结算", "R20"),
  "slow-drain": attack("evasive", "缓慢清空账户", "R15"),
  "alternating-places": attack("evasive", "轮换机构与城市", "R12", "R13", "R16"),
  "just-below-limits": attack("evasive", "压线金额", "R09", "R10", "R13", "R14", "R17"),
};

export interface RingName {
  readonly chinese: string;
  readonly patrol: string;
}

export const RINGS: Readonly<Record<RingKind, RingName>> = {
  "pin-spray": { chinese: "同机多卡试密码", patrol: "R11" },
  "collected-cards": { chinese: "敛卡集中刷卡", patrol: "R18" },
  "busy-terminal": { chinese: "终端异常繁忙", patrol: "R18" },
  "shared-trace-code": { chinese: "一码两人", patrol: "R20X" },
  "common-point": { chinese: "共同泄露点", patrol: "R22" },
  "agent-ring": { chinese: "代购团伙", patrol: "R23" },
  "decoy-card": { chinese: "诱饵卡", patrol: "R24" },
  "backdating-terminal": { chinese: "倒签终端", patrol: "R25" },
};

function attack(group: AttackGroup, chinese: string, ...rules: readonly string[]): AttackName {
  return { group, chinese, expected: rules.map((rule) => ({ rule })), isInline: true };
}
