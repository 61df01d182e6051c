/**
 * Port: what the console asks of the analytics database. The words of the figures: schemas/http/figures.ts.
 *
 * What an implementation promises
 * - **Scope**: of swipes whose region of insurance and region of care both lie outside the scope nothing is counted,
 *   shown or hinted at; an empty scope has nothing. What is not there for the scope is null or empty.
 * - **Bounded**: a method reads as many rows as its range has hours (minutes, days), regions and rules, or as its page
 *   has, however many rows there are. Ranges longer than `RANGE_DAYS_MAX` are refused with a RangeError.
 * - **Late**: figures and lists are some seconds behind the journal (`behind`), a missing row is never counted twice.
 * - It rejects with FiguresAway where the database does not answer, takes too long or needs too much: a page says so.
 *   Nothing of another's answer ever comes along.
 * - Instants go in as epoch milliseconds and come out as texts; `to` does not belong to a range.
 */

import type { Scope } from "../../../schemas/console/access.js";
import type { Action, InstitutionKind, SwipeKind } from "../../../schemas/fields.js";
import type {
  CityFiguresAnswer,
  DecisionPage,
  DecisionRow,
  INSTITUTION_RANKINGS,
  InstitutionAnswer,
  InstitutionRankingAnswer,
  NeighbourGraph,
  RuleCityFiguresAnswer,
  RuleFiguresAnswer,
  TimelinePage,
  TimelineSwipe,
  TodayFigures,
  TREND_BUCKETS,
  TrendAnswer,
} from "../../../schemas/http/figures.js";

/** Two years and what is asked around them: hours of more are too many rows, and no page shows them. */
export const RANGE_DAYS_MAX = 800;
/** A page of rows. */
export const ROWS_PER_PAGE_MAX = 100;
/** Minutes are counted from rows: more of them is no page. */
export const MINUTES_DAYS_MAX = 3;
/** Of what somebody shares with others: a large hospital has 100,000 swipes in it. */
export const NEIGHBOURS_DAYS_MAX = 31;

export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Of figures; what is absent is not filtered. Regions: two, four or six digits. */
export interface FiguresFilter {
  readonly insuredRegion?: string;
  readonly careRegion?: string;
  readonly institutionKind?: InstitutionKind;
  readonly kind?: SwipeKind;
}

export interface FiguresAsked {
  readonly scope: Scope;
  readonly range: Range;
  readonly filter?: FiguresFilter;
  /** Ends the waiting; the query itself ends at its time limit. */
  readonly signal?: AbortSignal;
}

export interface DecisionsFilter extends FiguresFilter {
  readonly actions?: readonly Action[];
  /** A live or shadow rule that hit. */
  readonly rule?: string;
  readonly institutionId?: string;
  /** With `institutionId` only: the same number stands at many institutions. */
  readonly terminalId?: string;
}

export interface PageAsked {
  readonly scope: Scope;
  /** `after` of the page before; null: the first. */
  readonly after: string | null;
  /** At most ROWS_PER_PAGE_MAX. */
  readonly limit: number;
  readonly signal?: AbortSignal;
}

export interface FiguresDesk {
  /** Minute by minute; a range of at most MINUTES_DAYS_MAX. */
  today(asked: FiguresAsked): Promise<TodayFigures>;
  /** Hour, day or month by month; with `rule` its hits by what it asked for. */
  trend(
    asked: FiguresAsked & { readonly bucket: (typeof TREND_BUCKETS)[number]; readonly rule?: string },
  ): Promise<TrendAnswer>;
  /** Hits of each rule and mode, most first. */
  rules(asked: FiguresAsked & { readonly limit?: number }): Promise<RuleFiguresAnswer>;
  /** The same by city of care. */
  rulesByCity(asked: FiguresAsked & { readonly rule?: string }): Promise<RuleCityFiguresAnswer>;
  cities(asked: FiguresAsked & { readonly by: "care" | "insured" }): Promise<CityFiguresAnswer>;
  /**
   * Of institutions whose region of care lies in the scope, by whole days; a filter by region of insurance is refused with
   * a RangeError. `rate`: rejections in a thousand swipes, of those with at least
   * RANKED_SWIPES_MIN.
   */
  institutions(
    asked: FiguresAsked & { readonly by: (typeof INSTITUTION_RANKINGS)[number]; readonly limit: number },
  ): Promise<InstitutionRankingAnswer>;
  /** Under the same conditions; null where it had no swipe within the range, or lies outside the scope. */
  institution(asked: FiguresAsked & { readonly institutionId: string }): Promise<InstitutionAnswer | null>;

  /**
   * Rows behind a figure, newest first; also of one institution or terminal (`filter`), then by the terminal's clock. A
   * filter that few rows match ends its page early: `after` goes on where it stopped looking.
   */
  decisions(
    asked: PageAsked & { readonly range: Range; readonly filter?: DecisionsFilter },
  ): Promise<DecisionPage>;
  /** A decision by its event; null where there is none, or none within the scope. */
  findEvent(asked: { readonly scope: Scope; readonly eventId: string }): Promise<DecisionRow | null>;
  /** The same with the reasons of decision and revisions. */
  swipe(asked: { readonly scope: Scope; readonly eventId: string }): Promise<TimelineSwipe | null>;
  /**
   * The journal of one person, newest first, former keys too. Who may see one swipe of the person (or the region of a
   * status record) sees those only; other records are shown where the person has a swipe within the scope.
   */
  personTimeline(
    asked: PageAsked & { readonly personKey: string; readonly range?: Range },
  ): Promise<TimelinePage>;
  /**
   * Where the person was and by whom it was accompanied, and who else was stopped at those terminals: at most
   * GRAPH_NODES_MAX nodes, of a range of at most NEIGHBOURS_DAYS_MAX.
   */
  neighbours(asked: {
    readonly scope: Scope;
    readonly personKey: string;
    readonly range: Range;
  }): Promise<NeighbourGraph>;

  /** The time of the newest swipe in the figures, epoch milliseconds; null where there is none. Of the whole nation. */
  newestAt(): Promise<number | null>;
}

/** Of a ranking by rate: below, one rejection is a rate of five percent. */
export const RANKED_SWIPES_MIN = 20;
/** More than this nobody can look at. */
export const GRAPH_NODES_MAX = 80;

export type FiguresAwayCode = "AWAY" | "TOO_LONG" | "TOO_MUCH";

/** The database is away, or the query was ended by one of its limits. */
export class FiguresAway extends Error {
  override readonly name = "FiguresAway";
  readonly retryable = true;
  constructor(
    readonly code: FiguresAwayCode,
    message: string,
    options: { readonly cause?: unknown } = {},
  ) {
    super(message, options);
  }
}
