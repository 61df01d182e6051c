/**
 * First reading of a person's records: what later records say of earlier ones, so that the second reading can write each
 * swipe as it stands in the end.
 *
 * Memory: some hundred bytes for each revision, cancellation and status record; nothing for a swipe.
 */

import type { Action, Credential } from "../../../schemas/fields.js";
import type { CanonicalCardStatus, CanonicalSwipe } from "../../../schemas/journal.js";
import type { Reason, RevisionOutcome } from "../../../schemas/outcomes.js";
import { decisionOf, isWithoutEffect, type JudgedRecord, transitionOf } from "./judged-record.js";
import { type AppliedStatus, isLossStatus, type LossPeriod, lossPeriods } from "./loss-periods.js";

/** A later record that says something of an earlier one. */
export interface Later {
  readonly offset: number;
  readonly eventId: string;
}

export interface Undoing extends Later {
  readonly kind: "cancel" | "reverse";
}

/** A terminal was answered without the judge, within its time. */
export interface StandInAnswer {
  readonly action: Action;
  readonly reason: string;
}

export interface Revised {
  readonly action: Action;
  readonly reasons: readonly Reason[];
  readonly disputed: boolean;
  readonly causedBy: string;
  readonly count: number;
}

export class Overview {
  records = 0;
  swipes = 0;
  repeated = 0;
  refused = 0;
  /** Of the last decision; null where there is none. */
  bundleHash: string | null = null;
  readonly revisions = new Map<string, Revised>();
  /** By the settle's eventId. */
  readonly undone = new Map<string, Undoing>();
  /** By the challenged settle's eventId. */
  readonly sentAgain = new Map<string, Later>();
  readonly standIn = new Map<string, StandInAnswer>();
  readonly statuses: AppliedStatus[] = [];
  private periods: ReadonlyMap<Credential, LossPeriod[]> = new Map();

  static async of(records: AsyncIterable<JudgedRecord>): Promise<Overview> {
    const overview = new Overview();
    for await (const judged of records) overview.add(judged);
    overview.periods = lossPeriods(overview.statuses);
    return overview;
  }

  periodsOf(credential: Credential): readonly LossPeriod[] {
    return this.periods.get(credential) ?? [];
  }

  get lossStatuses(): readonly AppliedStatus[] {
    return this.statuses.filter(isLossStatus);
  }

  private add(judged: JudgedRecord): void {
    this.records++;
    for (const outcome of judged.outcomes) {
      if (outcome.type === "duplicate") this.repeated++;
      if (outcome.type === "refused") this.refused++;
      if (outcome.type === "revision") this.revise(outcome);
    }
    this.bundleHash = decisionOf(judged)?.bundleHash ?? this.bundleHash;
    const { record } = judged;
    if (record.type === "answer-given")
      this.standIn.set(record.eventId, { action: record.action, reason: record.reason });
    if (isWithoutEffect(judged)) return;
    if (record.type === "swipe") this.addSwipe(record, judged.offset);
    if (record.type === "card-status") this.addStatus(record, judged);
  }

  private revise({ eventId, action, reasons, disputed, causedBy }: RevisionOutcome): void {
    const count = (this.revisions.get(eventId)?.count ?? 0) + 1;
    this.revisions.set(eventId, { action, reasons, disputed, causedBy, count });
  }

  private addSwipe(swipe: CanonicalSwipe, offset: number): void {
    this.swipes++;
    const { kind, eventId, originalEventId, challengeOf } = swipe;
    if ((kind === "cancel" || kind === "reverse") && originalEventId !== undefined)
      this.undone.set(originalEventId, { offset, eventId, kind });
    if (kind === "settle" && challengeOf !== undefined) this.sentAgain.set(challengeOf, { offset, eventId });
  }

  private addStatus(record: CanonicalCardStatus, judged: JudgedRecord): void {
    const transition = transitionOf(judged);
    if (transition !== null) this.statuses.push({ record, transition });
  }
}
