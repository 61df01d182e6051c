/**
 * One swipe before one person: what a rule may read. Rules ask, nothing here decides.
 *
 * Owns: answers worked out at most once a swipe (home city, card identity, card events).
 * Does not own: the person's bytes; nothing here writes.
 */

import { dayOf } from "../../schemas/working-calendar.js";
import type { DetectorBundle } from "./bundle.js";
import type { CardIdentity } from "./card/card-identity.js";
import { EarlierSettles } from "./earlier-settles.js";
import { InstitutionsMet } from "./institutions-met.js";
import { NUMBERLESS } from "./person/cards.js";
import { ChosenSettles } from "./person/chosen-settles.js";
import type { CardEvent } from "./person/events.js";
import { KeptFlag } from "./person/kept-swipes.js";
import { Section } from "./person/layout.js";
import type { KeptSettles } from "./person/learnt-cities.js";
import type { Person } from "./person/person.js";
import { type PackedRegion, REGION_NONE } from "./place/region.js";
import type { AnyRule } from "./rules/rule.js";
import { Home, type HomeAnswer, type Swipe } from "./swipe.js";

/** What rules go by besides their own settings. */
export type RulesAsked = Pick<DetectorBundle, "scopes" | "traceCodeReuseAction">;

export class Judging {
  /** What windows over settles look at. */
  readonly earlier: EarlierSettles;
  /** For the rule that is being asked: the settles its finding rests on. */
  readonly chosen: ChosenSettles;
  /** For the rule that is being asked: the institutions it counts. */
  readonly institutions = new InstitutionsMet();
  /** A settle of a known authorize: judged by card state only (rules.md 0.4). */
  isLinked = false;
  /** A swipe judged again that itself ended a lapse by passing R03's challenge. */
  passedLapse = false;
  private homeAnswer: HomeAnswer | null = null;
  private cardReference = -1;
  private eventList: readonly CardEvent[] | null = null;
  private careScope = NOT_SOUGHT;
  private insuredScope = NOT_SOUGHT;
  private draft: RulesAsked | null = null;

  constructor(
    public swipe: Swipe,
    readonly person: Person,
    public bundle: DetectorBundle,
  ) {
    this.earlier = new EarlierSettles(swipe, person.settles);
    this.chosen = new ChosenSettles(person.settles);
  }

  /** Begins with another swipe, or with the same object anew: forgets the answers of the one before. */
  begin(swipe = this.swipe): void {
    this.swipe = swipe;
    this.earlier.begin(swipe);
    this.isLinked = false;
    this.passedLapse = false;
    this.homeAnswer = null;
    this.cardReference = -1;
    this.eventList = null;
    this.careScope = NOT_SOUGHT;
    this.insuredScope = NOT_SOUGHT;
  }

  get t(): number {
    return this.swipe.t;
  }

  /** Whose rules are asked from now on: a draft's in shadow, or (null) the bundle's own. All else stays the bundle's. */
  askedBy(draft: RulesAsked | null): void {
    this.draft = draft;
    this.careScope = NOT_SOUGHT;
    this.insuredScope = NOT_SOUGHT;
  }

  get rulesAsked(): RulesAsked {
    return this.draft ?? this.bundle;
  }

  /** The settle that the judged settle stands for, or NONE: left out of all windows. */
  get replacedAt(): number {
    return this.earlier.except;
  }

  /** Before the first question. */
  set replacedAt(at: number) {
    this.earlier.except = at;
  }

  /** Whose settings the rule goes by (rules/overrides.ts). */
  scopeOf(rule: AnyRule): number {
    const { swipe } = this;
    if (rule.overriddenBy === "insuredRegion") {
      if (this.insuredScope === NOT_SOUGHT)
        this.insuredScope = this.rulesAsked.scopes.scopeOf(swipe.insuredRegion);
      return this.insuredScope;
    }
    if (this.careScope === NOT_SOUGHT) this.careScope = this.rulesAsked.scopes.scopeOf(swipe.careRegion);
    return this.careScope;
  }

  /** Index of the swipe's number, UNSEEN, or NUMBERLESS | credential. */
  card(): number {
    if (this.cardReference < 0) {
      const { swipe } = this;
      this.cardReference = swipe.hasCard
        ? this.person.cards.find(swipe.credential, swipe.cardKey0, swipe.cardKey1)
        : NUMBERLESS | swipe.credential;
    }
    return this.cardReference;
  }

  /** The judge entered the number into the person's table. */
  setCard(reference: number): void {
    this.cardReference = reference;
  }

  identity(): CardIdentity {
    const { swipe } = this;
    return {
      credential: swipe.credential,
      card: this.card(),
      key0: swipe.cardKey0,
      key1: swipe.cardKey1,
    };
  }

  /** Applied card-status records in order of acceptance; usually none. */
  events(): readonly CardEvent[] {
    this.eventList ??= this.person.record.size(Section.EVENTS) === 0 ? NO_EVENTS : this.person.events.all();
    return this.eventList;
  }

  /** Is the place of care in a home city (rules.md 0.8)? */
  home(): HomeAnswer {
    this.homeAnswer ??= this.homeOf(this.swipe.careCity);
    return this.homeAnswer;
  }

  /** For swipes judged again: the answer as first found stands. */
  setHome(answer: HomeAnswer): void {
    this.homeAnswer = answer;
  }

  /** Unknown cities are neither home nor away; without any home city nothing is away. */
  homeOf(city: PackedRegion): HomeAnswer {
    if (city === 0) return Home.UNKNOWN;
    const { regions } = this.bundle;
    const { facts, filings } = this.person;
    const insured = regions.cityOf(this.swipe.insuredRegion);
    if (city === insured) return Home.HOME;
    const moved = regions.cityOf(facts.homeRegion(this.t));
    if (city === moved) return Home.HOME;
    let known = insured !== 0 || moved !== 0;
    for (let index = 0; index < filings.count(); index++) {
      if (!filings.isValidAt(index, this.t)) continue;
      const filed = regions.cityOf(filings.region(index));
      if (city === filed) return Home.HOME;
      known ||= filed !== 0;
    }
    return this.learnt(city) || (known ? Home.AWAY : this.homeOfNobody());
  }

  /** Every home city at t (rules.md 0.8), in no order that means anything. */
  homeCities(): PackedRegion[] {
    const { regions } = this.bundle;
    const { facts, filings, cities } = this.person;
    const known = new Set([
      regions.cityOf(this.swipe.insuredRegion),
      regions.cityOf(facts.homeRegion(this.t)),
      ...cities.learnt(dayOf(this.t), this.keptSettles()),
    ]);
    for (let index = 0; index < filings.count(); index++)
      if (filings.isValidAt(index, this.t)) known.add(regions.cityOf(filings.region(index)));
    known.delete(REGION_NONE);
    return [...known];
  }

  private learnt(city: PackedRegion): HomeAnswer {
    return this.person.cities.isLearnt(city, dayOf(this.t), this.keptSettles()) ? Home.HOME : Home.UNKNOWN;
  }

  /** No insured, moved or filed city is known: only a learnt one could make this place "not home". */
  private homeOfNobody(): HomeAnswer {
    return this.person.cities.hasLearnt(dayOf(this.t), this.keptSettles()) ? Home.AWAY : Home.UNKNOWN;
  }

  private keptSettles(): KeptSettles {
    return { settles: this.person.settles, except: this.replacedAt, regions: this.bundle.regions };
  }

  /** Milliseconds between a kept settle and the judged swipe; never negative inside a window. */
  age(at: number): number {
    return this.swipe.t - this.person.settles.t(at);
  }

  isCountedSettle(at: number): boolean {
    return at !== this.replacedAt && this.person.settles.isCounted(at);
  }
}

const NO_EVENTS: readonly CardEvent[] = [];
/** No scope. */
const NOT_SOUGHT = -2;

/** The home answer as stored with a kept swipe. */
export function homeFlag(answer: HomeAnswer): number {
  return answer === Home.HOME ? KeptFlag.HOME : answer === Home.AWAY ? KeptFlag.AWAY : 0;
}

export function homeOfFlags(flags: number): HomeAnswer {
  return (flags & KeptFlag.HOME) !== 0 ? Home.HOME : (flags & KeptFlag.AWAY) !== 0 ? Home.AWAY : Home.UNKNOWN;
}
