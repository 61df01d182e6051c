/** A bundle as the judge uses it: everything that may change a judgement besides the journal, under one hash. */

import type { AdviceFile } from "../../schemas/bundle/advice.js";
import type { CalendarFile } from "../../schemas/bundle/calendar.js";
import type { LossPoliciesFile } from "../../schemas/bundle/loss-policies.js";
import type { Regions } from "../../schemas/bundle/regions.js";
import type { ResponseCodesFile } from "../../schemas/bundle/response-codes.js";
import { ACTIONS } from "../../schemas/fields.js";
import type { Bilingual } from "../../schemas/outcomes.js";
import { compileCalendar, type WorkingCalendar } from "../../schemas/working-calendar.js";
import { AskedRules } from "./asked-rules.js";
import { compileLossPolicies, type LossPolicies } from "./card/loss-policy.js";
import { type RegionTable, regionTableOf } from "./place/region.js";
import type { OverrideScopes } from "./rules/overrides.js";
import { type ActionRank, Rank } from "./rules/rule.js";
import type { CompiledRule } from "./ruleset.js";

export interface BundleParts {
  readonly hash: string;
  readonly rules: readonly CompiledRule[];
  readonly scopes: OverrideScopes;
  readonly traceCodeReuseAction: ActionRank;
  readonly lossPolicies: LossPoliciesFile;
  readonly calendar: CalendarFile;
  readonly regions: Regions;
  readonly responseCodes: ResponseCodesFile;
  readonly advice: AdviceFile;
}

export class DetectorBundle {
  readonly hash: string;
  readonly rules: readonly CompiledRule[];
  /** Where rules go by other settings. */
  readonly scopes: OverrideScopes;
  readonly traceCodeReuseAction: ActionRank;
  readonly regions: RegionTable;
  readonly policies: LossPolicies;
  readonly calendar: WorkingCalendar;
  /** Rules that are never softened, as bits. */
  readonly unconditionalRules: number;
  private readonly responseCodes: ResponseCodesFile;
  /** By rank. */
  private readonly codesByAction: readonly string[];
  private readonly adviceTexts: AdviceFile;
  private readonly byNumber: readonly (CompiledRule | undefined)[];
  private readonly asked: AskedRules;

  constructor(parts: BundleParts) {
    this.hash = parts.hash;
    this.rules = parts.rules;
    this.scopes = parts.scopes;
    this.traceCodeReuseAction = parts.traceCodeReuseAction;
    this.regions = regionTableOf(parts.regions);
    this.policies = compileLossPolicies(parts.lossPolicies);
    this.calendar = compileCalendar(parts.calendar);
    this.responseCodes = parts.responseCodes;
    this.codesByAction = ACTIONS.map((action) => parts.responseCodes.byAction[action]);
    this.adviceTexts = parts.advice;
    this.unconditionalRules = parts.rules
      .filter(({ rule }) => rule.isUnconditional)
      .reduce((bits, { number }) => bits | (1 << number), 0);
    this.byNumber = Array.from({ length: 32 }, (_, number) =>
      parts.rules.find((rule) => rule.number === number),
    );
    this.asked = new AskedRules(parts.rules);
  }

  /** The rules to ask, in order. */
  rulesToAsk(kind: number, isLinked: boolean, hasCardEvents: boolean): readonly CompiledRule[] {
    return this.asked.of(kind, isLinked, hasCardEvents);
  }

  ruleOf(number: number): CompiledRule | undefined {
    return this.byNumber[number];
  }

  /** What a terminal is told; a reason's own code only where the swipe is stopped. */
  responseCodeOf(action: ActionRank, strongestReason: string | null): string {
    if (action < Rank.CHALLENGE || strongestReason === null) return this.codesByAction[action]!;
    return this.responseCodes.byReason[strongestReason] ?? this.codesByAction[action]!;
  }

  wrongPinCode(): string {
    return this.responseCodes.byReason.A6 ?? this.codesByAction[Rank.APPROVE]!;
  }

  /** What the cardholder can do, by rule id or floor code. */
  adviceOf(key: string): Bilingual | null {
    return this.adviceTexts[key] ?? null;
  }
}
