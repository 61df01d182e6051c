/** What a kept swipe remembers of its judgement: a block of six u32 in its entry, absent where nothing was found. */

export const FINDINGS_BYTES = 24;

/** Rule bits are rule numbers: R01 is bit 1, floors (R00) are bit 0. Actions take two bits a rule. */
export interface Findings {
  /** Live hits as first found. */
  hits: number;
  actionsLow: number;
  actionsHigh: number;
  /** Rules whose challenge an open pass turned into review. */
  passed: number;
  /** Rules added as reject by a failed challenge. */
  failed: number;
  /** Rules whose final action was challenge: what a later `challengeOf` refers to. */
  challenged: number;
}

export const NO_FINDINGS: Readonly<Findings> = {
  hits: 0,
  actionsLow: 0,
  actionsHigh: 0,
  passed: 0,
  failed: 0,
  challenged: 0,
};

export function hasFindings(findings: Findings): boolean {
  return (findings.hits | findings.passed | findings.failed | findings.challenged) !== 0;
}

export function readFindings(view: DataView, at: number): Findings {
  return {
    hits: view.getUint32(at, true),
    actionsLow: view.getUint32(at + 4, true),
    actionsHigh: view.getUint32(at + 8, true),
    passed: view.getUint32(at + 12, true),
    failed: view.getUint32(at + 16, true),
    challenged: view.getUint32(at + 20, true),
  };
}

export function writeFindings(view: DataView, at: number, findings: Findings): void {
  view.setUint32(at, findings.hits, true);
  view.setUint32(at + 4, findings.actionsLow, true);
  view.setUint32(at + 8, findings.actionsHigh, true);
  view.setUint32(at + 12, findings.passed, true);
  view.setUint32(at + 16, findings.failed, true);
  view.setUint32(at + 20, findings.challenged, true);
}

/** The action a rule was first found with. */
export function findingAction(findings: Findings, rule: number): number {
  return rule < 16
    ? (findings.actionsLow >>> (2 * rule)) & 3
    : (findings.actionsHigh >>> (2 * (rule - 16))) & 3;
}

/** Adds a live hit. */
export function addFinding(findings: Findings, rule: number, action: number): void {
  findings.hits |= 1 << rule;
  if (rule < 16) findings.actionsLow |= action << (2 * rule);
  else findings.actionsHigh |= action << (2 * (rule - 16));
}
