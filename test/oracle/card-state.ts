// What a track (credential and number) is at an instant, from the applied status records alone (rules 1).
import { foldLoss, inAcceptedOrder, isLostAt, isPendingAt, type LossFold, phaseOf } from "./loss.js";
import type { Person } from "./person.js";
import type { Status } from "./policy.js";
import { DAY } from "./time.js";
import type { Credential } from "./types.js";

const TEMPORARY_CARD_LIFE = 60 * DAY;
const LOSS_LIFE = ["report-loss", "confirm-loss", "file-replacement", "release", "replace", "pass"];

export interface Track {
  credential: Credential;
  number: string | null;
}
type Statuses = readonly Status[];

/** A record acts on what it names: without a number, on all the person's cards of that credential. */
export function names(record: Status, track: Track): boolean {
  if (record.credential !== track.credential) return false;
  return record.number === null || record.number === track.number;
}

function replacements(statuses: Statuses, track: Track): Status[] {
  return statuses.filter(({ action, credential }) => action === "replace" && credential === track.credential);
}

/** Since when the track's number is void because another number was made the only valid one, or null. */
export function replacedSince(statuses: Statuses, track: Track, t: number): number | null {
  if (track.number === null) return null;
  const inForce = replacements(statuses, track)
    .filter(({ effectiveAt }) => effectiveAt <= t)
    .sort((a, b) => a.effectiveAt - b.effectiveAt || inAcceptedOrder(a, b));
  let since: number | null = null;
  for (const record of inForce) {
    if (record.validNumber === track.number) since = null;
    else since ??= record.effectiveAt;
  }
  return since;
}

/** Since when the track's number is cancelled, or null. */
export function cancelledSince(statuses: Statuses, track: Track, t: number): number | null {
  if (track.number === null) return null;
  const times = statuses
    .filter((record) => record.action === "cancel" && names(record, track) && record.effectiveAt <= t)
    .map(({ effectiveAt }) => effectiveAt);
  return times.length === 0 ? null : Math.min(...times);
}

/** The loss records that bear on a track; a replacement ends every report: the new card starts clean. */
function lossRecords(statuses: Statuses, track: Track): Status[] {
  return statuses.filter((record) => {
    if (!LOSS_LIFE.includes(record.action) || record.credential !== track.credential) return false;
    if (record.action === "replace") return true;
    return names(record, track);
  });
}

export function lossOf(statuses: Statuses, track: Track): LossFold {
  const isReplaced = (record: Status) =>
    track.credential === "card" && replacedSince(statuses, track, record.acceptedAt) !== null;
  return foldLoss(lossRecords(statuses, track), isReplaced);
}

/** R05's state: inactive from the acceptance of the last issue until its own date or an activation. */
export function isInactiveAt(statuses: Statuses, track: Track, t: number): boolean {
  if (track.number === null) return false;
  const issue = statuses
    .filter((record) => record.action === "issue" && names(record, track) && record.acceptedAt <= t)
    .sort(inAcceptedOrder)
    .at(-1);
  if (issue === undefined) return false;
  if (issue.activeFrom !== null && issue.activeFrom <= t) return false;
  const isActivated = statuses.some(
    (record) =>
      record.action === "activate" &&
      names(record, track) &&
      inAcceptedOrder(record, issue) > 0 &&
      record.effectiveAt <= t,
  );
  return !isActivated;
}

/** The last issue of a temporary card or interim certificate accepted by t. */
export function temporaryIssueAt(statuses: Statuses, track: Track, t: number): Status | undefined {
  return statuses
    .filter((record) => record.action === "issue-temporary" && names(record, track) && record.acceptedAt <= t)
    .sort(inAcceptedOrder)
    .at(-1);
}

export function temporaryEnd(issue: Status): number {
  return issue.until ?? issue.acceptedAt + TEMPORARY_CARD_LIFE;
}

/** An interim certificate ends at the next activation of a card. */
export function isCertificateOver(statuses: Statuses, issue: Status, t: number): boolean {
  return statuses.some(
    (record) =>
      record.action === "activate" &&
      record.credential === "card" &&
      inAcceptedOrder(record, issue) > 0 &&
      record.effectiveAt <= t,
  );
}

/** The block in force at t by the last record of a pair (freeze/unfreeze, suspend/resume), or null. */
export function personBlockAt(
  statuses: Statuses,
  pair: { start: "freeze" | "suspend"; stop: "unfreeze" | "resume" },
  t: number,
): Status | null {
  const last = statuses
    .filter(({ action, effectiveAt }) => (action === pair.start || action === pair.stop) && effectiveAt <= t)
    .sort(inAcceptedOrder)
    .at(-1);
  if (last === undefined || last.action === pair.stop) return null;
  return last.until === null || t < last.until ? last : null;
}

export function deceasedSince(statuses: Statuses, t: number): number | null {
  const times = statuses
    .filter(({ action, effectiveAt }) => action === "deceased" && effectiveAt <= t)
    .map(({ effectiveAt }) => effectiveAt);
  return times.length === 0 ? null : Math.min(...times);
}

export function isIdReportedLost(statuses: Statuses, t: number, eventId: string): boolean {
  const { intervals } = lossOf(statuses, { credential: "identity-document", number: null });
  return intervals.some((interval) => isLostAt(interval, t, eventId) || isPendingAt(interval, t, eventId));
}

/** The word a transition says: the state of a track at an instant. */
export function stateAt(statuses: Statuses, track: Track, t: number): string {
  if (cancelledSince(statuses, track, t) !== null) return "cancelled";
  if (replacedSince(statuses, track, t) !== null) return "replaced";
  const phase = lossOf(statuses, track)
    .intervals.map((interval) => phaseOf(interval, t))
    .findLast((each) => each !== "none");
  if (phase !== undefined) return phase;
  return isInactiveAt(statuses, track, t) ? "inactive" : "active";
}

/** "Next first seen": the first never-seen number with t at or after a replacement that named none. */
export function seeNumber(person: Person, track: Track, t: number): void {
  if (track.number === null) return;
  const seen = person.numbersSeen.get(track.credential) ?? new Set<string>();
  person.numbersSeen.set(track.credential, seen);
  if (seen.has(track.number)) return;
  seen.add(track.number);
  for (const record of replacements(person.statuses, track)) {
    if (record.validNumber === null && t >= record.effectiveAt) record.validNumber = track.number;
  }
}
