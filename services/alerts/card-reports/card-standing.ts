/**
 * What is shown of a person's cards at a moment, from the transitions that the judge told and the swipes that were seen. Pure.
 *
 * 1. Nobody is told that a card is in use because a report of it has run out: it may have lapsed from the earliest end
 *    on, it has lapsed from the latest on, and stays so until a record says otherwise.
 * 2. What takes effect later is not shown before; what was reported and has no effect yet is shown as that.
 * 3. A transition names the old card of a replacement and not the new one: the new one is the number that is used, and not
 *    rejected, from then on. Another number that was known before is void with the old one (rules.md R04).
 *
 * Not told by transitions, so not shown: the end that a freeze or suspension was given (`until`), and locks that wrong PINs make.
 */

import type { CardReport, CardStanding } from "../../../schemas/card-report.js";
import { CREDENTIALS, type Credential, type StatusAction } from "../../../schemas/fields.js";
import { parseInstantMs } from "../../../schemas/instant.js";

/** A card as swipes show it. */
export interface CardSeen {
  readonly credential: Credential;
  readonly cardTail: string | null;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
  /** Of swipes that were not rejected; null where all were. */
  readonly firstUsedAtMs: number | null;
  readonly lastUsedAtMs: number | null;
}

type Card = Pick<CardSeen, "credential" | "cardTail"> & Partial<CardSeen>;
type Standing = Pick<CardStanding, "standing" | "since" | "report">;

export interface PlacedReport extends CardReport {
  /** In the journal's order. */
  readonly place: number;
}

/** Credentials in their fixed order, of each the card that was used last first. */
export function cardStandings(
  reports: readonly PlacedReport[],
  seen: readonly CardSeen[],
  atMs: number,
): readonly CardStanding[] {
  const ordered = appliedInTime(reports);
  return cardsNamed(ordered, seen)
    .sort(byCredentialAndUse)
    .map((card) => ({
      credential: card.credential,
      cardTail: card.cardTail,
      ...standingOf(ordered, card, atMs),
    }));
}

/** What came late is told by its own time; places decide between equals. */
export function appliedInTime(reports: readonly PlacedReport[]): readonly PlacedReport[] {
  return reports.filter(({ applied }) => applied).sort(byTime);
}

function byTime(a: PlacedReport, b: PlacedReport): number {
  return parseInstantMs(a.reportedAt) - parseInstantMs(b.reportedAt) || a.place - b.place;
}

function byCredentialAndUse(a: Card, b: Card): number {
  const order = CREDENTIALS.indexOf(a.credential) - CREDENTIALS.indexOf(b.credential);
  return order || (b.lastAtMs ?? 0) - (a.lastAtMs ?? 0) || ((a.cardTail ?? "") < (b.cardTail ?? "") ? -1 : 1);
}

/** Without a number only where no number of the credential is known. */
function cardsNamed(reports: readonly CardReport[], seen: readonly CardSeen[]): Card[] {
  const cards = new Map<string, Card>();
  const nameOf = ({ credential, cardTail }: Card) => `${credential} ${cardTail}`;
  for (const card of seen) cards.set(nameOf(card), card);
  for (const { action, credential, cardTail } of reports) {
    const card = { credential, cardTail };
    if (!isOfPerson(action) && !cards.has(nameOf(card))) cards.set(nameOf(card), card);
  }
  const all = [...cards.values()];
  const hasNumber = new Set(all.flatMap((card) => (card.cardTail === null ? [] : card.credential)));
  return all.filter((card) => card.cardTail !== null || !hasNumber.has(card.credential));
}

function standingOf(ordered: readonly CardReport[], card: Card, atMs: number): Standing {
  const replaced = lastReplacement(ordered, card, atMs);
  if (replaced !== null && !isNewCard(card, replaced)) return whereItHolds("replaced", replaced);
  const since = replaced === null ? ordered : ordered.slice(ordered.indexOf(replaced) + 1);
  return lifeOf(
    since.filter((report) => concerns(report, card)),
    atMs,
  );
}

function lastReplacement(ordered: readonly CardReport[], card: Card, atMs: number): CardReport | null {
  const replacements = ordered.filter(
    ({ action, credential, effectiveAt }) =>
      action === "replace" && credential === card.credential && parseInstantMs(effectiveAt) <= atMs,
  );
  return replacements.at(-1) ?? null;
}

function isNewCard(card: Card, replaced: CardReport): boolean {
  if (card.credential !== "card") return true; // no number that could be void: the one there is goes on
  const voidFromMs = parseInstantMs(replaced.effectiveAt);
  return card.lastUsedAtMs !== undefined && card.lastUsedAtMs !== null && card.lastUsedAtMs > voidFromMs;
}

function concerns(report: CardReport, card: Card): boolean {
  if (isOfPerson(report.action)) return true;
  if (report.credential !== card.credential) return false;
  return report.cardTail === null || report.cardTail === card.cardTail;
}

function isOfPerson(action: StatusAction): boolean {
  return ["freeze", "unfreeze", "suspend", "resume", "deceased"].includes(action);
}

// the life of one number ---------------------------------------------------------------------------------

interface Life {
  /** Reports of loss that nothing ended; of a provisional one the last. */
  losses: CardReport[];
  cancelled: CardReport | null;
  inactive: CardReport | null;
  pinLocked: CardReport | null;
  frozen: CardReport | null;
  suspended: CardReport | null;
  deceased: CardReport | null;
}

function lifeOf(reports: readonly CardReport[], atMs: number): Standing {
  const life: Life = {
    losses: [],
    cancelled: null,
    inactive: null,
    pinLocked: null,
    frozen: null,
    suspended: null,
    deceased: null,
  };
  for (const report of reports) enter(life, report, atMs);
  return gravest(life, atMs);
}

function enter(life: Life, report: CardReport, atMs: number): void {
  if (parseInstantMs(report.reportedAt) > atMs) return;
  const hasEffect = parseInstantMs(report.effectiveAt) <= atMs;
  switch (report.action) {
    case "report-loss":
      life.losses = [report]; // carries the earliest times of the open one that it joined
      return;
    case "confirm-loss":
    case "file-replacement":
      life.losses = [...life.losses, report];
      return;
    case "issue":
      life.inactive = isWaiting(report, atMs) ? report : null;
      return;
    default:
      if (hasEffect) enterEffect(life, report);
  }
}

function enterEffect(life: Life, report: CardReport): void {
  switch (report.action) {
    case "release":
    case "replace":
      life.losses = [];
      return;
    case "cancel":
      life.cancelled = report;
      return;
    case "activate":
      life.inactive = null;
      return;
    case "pin-lock":
      life.pinLocked = report;
      return;
    case "pin-unlock":
      life.pinLocked = null;
      return;
    case "freeze":
      life.frozen = report;
      return;
    case "unfreeze":
      life.frozen = null;
      return;
    case "suspend":
      life.suspended = report;
      return;
    case "resume":
      life.suspended = null;
      return;
    case "deceased":
      life.deceased = report;
      return;
    case "issue":
    case "issue-temporary":
    case "rebind-e-credential":
    case "report-loss":
    case "confirm-loss":
    case "file-replacement":
      return;
    default:
      report.action satisfies never;
  }
}

/** Until the moment that was given for it; where none was, the effect is the acceptance and it waits for its activation. */
function isWaiting({ to, reportedAt, effectiveAt }: CardReport, atMs: number): boolean {
  if (to !== "inactive") return false;
  const effectiveAtMs = parseInstantMs(effectiveAt);
  return effectiveAtMs <= parseInstantMs(reportedAt) || atMs < effectiveAtMs;
}

function gravest(life: Life, atMs: number): Standing {
  const closed = life.cancelled ?? life.deceased;
  if (closed !== null) return whereItHolds("cancelled", closed);
  const loss = lossOf(life.losses, atMs);
  if (loss !== null && loss.standing !== "lapsed") return loss;
  if (life.inactive !== null)
    return { standing: "inactive", since: life.inactive.reportedAt, report: life.inactive };
  if (loss !== null) return loss;
  if (life.frozen !== null) return whereItHolds("frozen", life.frozen);
  if (life.suspended !== null) return whereItHolds("suspended", life.suspended);
  if (life.pinLocked !== null) return whereItHolds("pin-locked", life.pinLocked);
  return { standing: "in-use", since: null, report: null };
}

function whereItHolds(standing: Standing["standing"], report: CardReport): Standing {
  return { standing, since: report.effectiveAt, report };
}

/** Of several reports the one that holds most firmly. */
const LOSSES_FIRMEST_FIRST = ["replacing", "lost", "may-have-lapsed", "loss-pending", "lapsed"] as const;

function lossOf(losses: readonly CardReport[], atMs: number): Standing | null {
  const standings = losses.map((report) => lossStanding(report, atMs));
  for (const firm of LOSSES_FIRMEST_FIRST) {
    const found = standings.filter(({ standing }) => standing === firm).at(-1);
    if (found !== undefined) return found;
  }
  return null;
}

function lossStanding(report: CardReport, atMs: number): Standing {
  const { reportedAt, effectiveAt, expiresAtMin, expiresAtMax, action } = report;
  if (atMs < parseInstantMs(effectiveAt)) return { standing: "loss-pending", since: reportedAt, report };
  if (expiresAtMax !== null && atMs >= parseInstantMs(expiresAtMax))
    return { standing: "lapsed", since: expiresAtMax, report };
  if (expiresAtMin !== null && atMs >= parseInstantMs(expiresAtMin))
    return { standing: "may-have-lapsed", since: expiresAtMin, report };
  return { standing: action === "file-replacement" ? "replacing" : "lost", since: effectiveAt, report };
}
