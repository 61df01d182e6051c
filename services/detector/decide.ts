/**
 * The judge: one journal record and one person in, outcomes out; the person record is changed in place.
 * Pure: the record, the person, the bundle and the feeds' heartbeats are all it knows.
 *
 * The way of a swipe, top to bottom: repeated? → card noticed → linked? → judge (reads) → a draft in shadow (reads) →
 * keep (writes).
 */

import { CREDENTIALS } from "../../schemas/fields.js";
import { parseInstantMs } from "../../schemas/instant.js";
import type {
  CanonicalCardStatus,
  CanonicalFeedback,
  CanonicalSwipe,
  PersonMoveEvent,
  PersonRecordEvent,
} from "../../schemas/journal.js";
import type { Outcome } from "../../schemas/outcomes.js";
import { dayOf } from "../../schemas/working-calendar.js";
import type { DetectorBundle } from "./bundle.js";
import { noticeCard } from "./card/notice-card.js";
import { applyFact } from "./fact.js";
import type { Feeds } from "./feeds.js";
import { type Judgement, judge } from "./judge.js";
import { Judging } from "./judging.js";
import { keepOther, keepSwipe } from "./keep.js";
import { reviseKept } from "./late-hits.js";
import { isNewFromSender, type MoveRefusal, takeLink, takeState } from "./move/moves.js";
import {
  addShadow,
  decisionOutcome,
  duplicateOutcome,
  forwardedOutcomes,
  revisionOutcome,
  transitionOutcome,
} from "./outcome.js";
import { NUMBERLESS } from "./person/cards.js";
import { NONE } from "./person/kept-swipes.js";
import { FeedbackVerdict } from "./person/moments.js";
import type { Person } from "./person/person.js";
import { findEarlier, type Repeat, type Reused, rememberRecord } from "./repeats.js";
import { ShadowDraft, type ShadowFound } from "./shadow.js";
import { applyStatus, cardNumberOf } from "./status.js";
import { appendedAt, idTagOf, Kind, readSwipe, Swipe, type SwipeSource } from "./swipe.js";

/** An authorize is linked to its settle for so long (rules.md 0.4). */
const LINK_WINDOW_MS = 24 * 3_600_000;

/** A record whose eventId was used before with other content, or one of move/moves.ts: refused, nothing changes. */
export interface RecordRefused {
  readonly refused: "EVENT_ID_REUSED" | MoveRefusal;
}

/** A swipe's decision before it is written: `swipe` and `shadow` say more of it until the judge takes the next record. */
export interface Decided {
  readonly decided: Judgement;
  readonly swipe: Swipe;
  readonly bundle: DetectorBundle;
  /** null where no draft was asked. */
  readonly shadow: ShadowFound | null;
}

export class Judge {
  readonly swipe = new Swipe();
  private readonly judging: Judging;
  private readonly judgingAgain: Judging;
  private shadow: ShadowDraft | null = null;

  /** `person` is pointed at the record's person before each call. */
  constructor(
    readonly person: Person,
    private bundle: DetectorBundle,
    readonly feeds: Feeds,
  ) {
    this.judging = new Judging(this.swipe, person, bundle);
    this.judgingAgain = new Judging(new Swipe(), person, bundle);
  }

  /** An activation made another bundle effective, with a draft in shadow or without; windows and states stay. */
  activate(bundle: DetectorBundle, draft: DetectorBundle | null): void {
    this.bundle = bundle;
    this.judging.bundle = bundle;
    this.judgingAgain.bundle = bundle;
    this.shadow = draft === null ? null : new ShadowDraft(draft, bundle);
  }

  /** Judges a record that the log appended at `logAppendedAtMs`. */
  decide(
    record: PersonRecordEvent | PersonMoveEvent,
    logAppendedAtMs: number,
  ): readonly Outcome[] | RecordRefused {
    const { person } = this;
    switch (record.type) {
      case "person-link":
        return takeLink(person, record);
      case "person-state":
        return takeState(person, record, this.judgingAgain);
      case "carried":
        if (!isNewFromSender(person, record)) return CARRIED_BEFORE;
        return this.decide({ ...record.record, personKey: record.personKey }, logAppendedAtMs);
      default: {
        const toPersonKey = person.links.movedTo();
        return toPersonKey === null
          ? this.decideOwn(record, logAppendedAtMs)
          : forwardedOutcomes(record, toPersonKey);
      }
    }
  }

  /** The same for a swipe that is no record yet. */
  decideSwipeOf(source: SwipeSource, logAppendedAtMs: number): readonly Outcome[] | RecordRefused | Decided {
    const { swipe, bundle, shadow } = this;
    const toPersonKey = this.person.links.movedTo();
    if (toPersonKey !== null) return forwardedOutcomes(source, toPersonKey);
    source.readInto(swipe, bundle.regions, logAppendedAtMs);
    const result = this.decideSwipe();
    if (result.result === "reused") return REUSED;
    if (result.result === "repeat") return [duplicateOutcome(source, result)];
    return { decided: result, swipe, bundle, shadow };
  }

  private decideOwn(record: PersonRecordEvent, logAppendedAtMs: number): readonly Outcome[] | RecordRefused {
    switch (record.type) {
      case "swipe": {
        readSwipe(this.swipe, record, this.bundle.regions, logAppendedAtMs);
        const result = this.decideSwipe();
        if (result.result === "reused") return REUSED;
        if (result.result === "repeat") return [duplicateOutcome(record, result)];
        return [this.decided(record, result)];
      }
      case "card-status":
        return this.decideStatus(record, logAppendedAtMs);
      case "person-fact":
        return this.once(record, () => {
          applyFact(this.person, record);
          return NO_OUTCOMES;
        });
      case "feedback":
        return this.once(record, () => this.takeFeedback(record));
      case "answer-given":
        return NO_OUTCOMES;
    }
  }

  private decided(record: CanonicalSwipe, judgement: Judgement): Outcome {
    const decision = decisionOutcome(record, this.swipe, judgement, this.bundle);
    return this.shadow === null ? decision : addShadow(decision, this.shadow);
  }

  /** Judges a swipe, by default what the judge's own holds. */
  decideSwipe(swipe = this.swipe): Judgement | Repeat | Reused {
    const { judging, person } = this;
    const earlier = findEarlier(person, swipe);
    if (earlier !== null) return earlier;
    judging.begin(swipe);
    if (swipe.kind !== Kind.QUERY && swipe.hasCard)
      judging.setCard(noticeCard(person, swipe.credential, swipe, dayOf(swipe.t), swipe.t));
    this.link(swipe);
    const judgement = judge(judging, this.feeds);
    if (this.shadow !== null) this.shadow.ask(judging, judgement);
    // A query leaves nothing but its outcome, and the memory that it was answered.
    if (swipe.kind === Kind.QUERY) keepOther(judging, judgement);
    else keepSwipe(judging, judgement);
    return judgement;
  }

  /** What a settle stands for: its authorize (0.4), or the challenged settle whose place it takes (0.3). */
  private link(swipe: Swipe): void {
    const { judging, person } = this;
    if (swipe.kind !== Kind.SETTLE) return;
    if (swipe.challengeOf !== null)
      judging.replacedAt = person.settles.find(swipe.challengeOf, idTagOf(swipe.challengeOf));
    if (swipe.originalEventId === null) return;
    const authorize = person.authorizes.find(swipe.originalEventId, idTagOf(swipe.originalEventId));
    if (authorize === NONE) return;
    const age = swipe.t - person.authorizes.t(authorize);
    judging.isLinked = age >= 0 && age <= LINK_WINDOW_MS;
  }

  private decideStatus(
    record: CanonicalCardStatus,
    logAppendedAtMs: number,
  ): readonly Outcome[] | RecordRefused {
    return this.once(record, () => {
      this.rememberLossReport(record, logAppendedAtMs);
      const transition = applyStatus(this.person, record, this.bundle, this.cardOf(record));
      const outcomes: Outcome[] = [transitionOutcome(record, transition, this.bundle)];
      if (!transition.applied) return outcomes;
      for (const revision of reviseKept(this.judgingAgain, transition.rejudgeFromMs))
        outcomes.push(revisionOutcome(record, revision, this.bundle));
      return outcomes;
    });
  }

  private cardOf(record: CanonicalCardStatus): number {
    const number = cardNumberOf(record);
    if (number === null) return NUMBERLESS | this.credentialOf(record);
    const atMs = parseInstantMs(record.acceptedAt ?? record.reportedAt ?? record.occurredAt);
    return noticeCard(this.person, this.credentialOf(record), number, dayOf(atMs), atMs, "status");
  }

  private credentialOf(record: CanonicalCardStatus): number {
    return CREDENTIALS.indexOf(record.credential);
  }

  private rememberLossReport(record: CanonicalCardStatus, logAppendedAtMs: number): void {
    if (record.action !== "report-loss" && record.action !== "confirm-loss") return;
    const receivedAtMs = record.receivedAt === undefined ? null : parseInstantMs(record.receivedAt);
    this.person.lossAppends.add(appendedAt(receivedAtMs, logAppendedAtMs));
  }

  private takeFeedback(record: CanonicalFeedback): readonly Outcome[] {
    const rule = Number(record.rule.slice(1));
    const verdict = record.verdict === "honest" ? FeedbackVerdict.HONEST : FeedbackVerdict.CONFIRMED;
    this.person.feedback.add(rule, verdict, parseInstantMs(record.occurredAt));
    return NO_OUTCOMES;
  }

  /** Repeats of status, fact and feedback records are told apart from new ones and change nothing. */
  private once(
    record:
      | CanonicalCardStatus
      | Exclude<PersonRecordEvent, { type: "swipe" | "answer-given" | "card-status" }>,
    apply: () => readonly Outcome[],
  ): readonly Outcome[] | RecordRefused {
    const earlier = rememberRecord(this.person, record);
    if (earlier === "reused") return REUSED;
    if (earlier === "repeat") return [duplicateOutcome(record, null)];
    return apply();
  }
}

const NO_OUTCOMES: readonly Outcome[] = [];
const REUSED: RecordRefused = { refused: "EVENT_ID_REUSED" };
const CARRIED_BEFORE: RecordRefused = { refused: "CARRIED_BEFORE" };
