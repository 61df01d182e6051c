/** What the generator knows of a line and the judge must not: kept beside the raw line, never in it. */
export const ATTACK_KINDS = [
  "lost-used",
  "pending-used",
  "lapsed-used",
  "replaced-used",
  "inactive-used",
  "temporary-misused",
  "blocked-person",
  "pin-guessing",
  "pin-probe-spend",
  "default-pin-spend",
  "cloned-card",
  "split-purchase",
  "drain",
  "many-institutions",
  "refund-loop",
  "trace-code-reuse",
  "late-status",
  "backdated-upload",
] as const;

export type AttackKind = (typeof ATTACK_KINDS)[number];

/**
 * `honest` with an incident: the victim's own swipe, or a record about it, after the incident began.
 * `found-again`: the holder's own card, reported lost and used unreleased.
 */
export interface CityLabel {
  readonly kind: "honest" | "found-again" | "attack";
  readonly attack?: AttackKind;
  readonly incident?: string;
}

export const HONEST: CityLabel = { kind: "honest" };
export const FOUND_AGAIN: CityLabel = { kind: "found-again" };

/** A reason of this rule (and, where given, this code) on a labelled swipe means: caught. */
export interface ExpectedReason {
  readonly rule: string;
  readonly code?: string;
}

export interface AttackName {
  readonly chinese: string;
  readonly expected: readonly ExpectedReason[];
}

export const ATTACKS: Readonly<Record<AttackKind, AttackName>> = {
  "lost-used": { chinese: "挂失后冒用", expected: [{ rule: "R01" }] },
  "pending-used": { chinese: "挂失未生效冒用", expected: [{ rule: "R02" }] },
  "lapsed-used": { chinese: "预挂失过期冒用", expected: [{ rule: "R03" }] },
  "replaced-used": { chinese: "旧卡冒用", expected: [{ rule: "R04" }] },
  "inactive-used": { chinese: "未启用卡冒用", expected: [{ rule: "R05" }] },
  "temporary-misused": { chinese: "临时卡违规使用", expected: [{ rule: "R06" }] },
  "blocked-person": { chinese: "停用人员用卡", expected: [{ rule: "R07" }] },
  "pin-guessing": { chinese: "试密码", expected: [{ rule: "R08" }] },
  "pin-probe-spend": { chinese: "试出密码后盗刷", expected: [{ rule: "R09" }] },
  "default-pin-spend": { chinese: "初始密码异地盗刷", expected: [{ rule: "R10" }] },
  "cloned-card": { chinese: "克隆卡", expected: [{ rule: "R12" }] },
  "split-purchase": { chinese: "拆单套刷", expected: [{ rule: "R14" }] },
  drain: { chinese: "快速清空账户", expected: [{ rule: "R15" }] },
  "many-institutions": { chinese: "敛卡套刷", expected: [{ rule: "R16" }] },
  "refund-loop": { chinese: "反复退费", expected: [{ rule: "R20" }] },
  "trace-code-reuse": { chinese: "追溯码重复结算", expected: [{ rule: "R20" }] },
  "late-status": { chinese: "挂失信息迟到", expected: [{ rule: "R01" }] },
  "backdated-upload": { chinese: "倒签补传", expected: [{ rule: "R00", code: "BACKDATED" }] },
};
