/** Where it was swiped: one entry for each institution. */

import { emptySum, type Sum } from "./totals.js";
import { isInQuestion, isStanding, type ShownInstitution, type Transaction } from "./transaction.js";

export interface VisitedInstitution extends ShownInstitution {
  readonly kind: Transaction["swipe"]["institutionKind"];
  firstAtMs: number;
  lastAtMs: number;
  swipes: number;
  readonly terminals: Set<string>;
  readonly operators: Set<string>;
  /** Of settles that stand. */
  readonly standing: Sum;
  /** Of those, what the case is about. */
  readonly inQuestion: Sum;
  /** Numbers of transactions that the case is about, the first ones. */
  readonly questioned: number[];
  wrongPins: number;
}

/** A hospital has hundreds of terminals; whom to ask for is told by the list of transactions. */
export const NAMES_MAX = 12;

export class Institutions {
  private readonly byId = new Map<string, VisitedInstitution>();

  add(transaction: Transaction, number: number): void {
    const { swipe, occurredAtMs } = transaction;
    const visited = this.visited(transaction);
    visited.swipes++;
    visited.firstAtMs = Math.min(visited.firstAtMs, occurredAtMs);
    visited.lastAtMs = Math.max(visited.lastAtMs, occurredAtMs);
    addName(visited.terminals, swipe.terminalId);
    addName(visited.operators, swipe.operatorId);
    if (swipe.pin === "wrong") visited.wrongPins++;
    const isAsked = isInQuestion(transaction);
    if (isAsked && visited.questioned.length < NAMES_MAX) visited.questioned.push(number);
    if (!isStanding(transaction)) return;
    addTo(visited.standing, transaction);
    if (isAsked) addTo(visited.inQuestion, transaction);
  }

  /** Those the case is about first, then by the first swipe there. */
  all(): readonly VisitedInstitution[] {
    return [...this.byId.values()].sort(
      (a, b) =>
        Number(b.questioned.length > 0) - Number(a.questioned.length > 0) ||
        a.firstAtMs - b.firstAtMs ||
        (a.id < b.id ? -1 : 1),
    );
  }

  private visited({ institution, swipe, occurredAtMs }: Transaction): VisitedInstitution {
    const known = this.byId.get(institution.id);
    if (known !== undefined) return known;
    const visited: VisitedInstitution = {
      ...institution,
      kind: swipe.institutionKind,
      firstAtMs: occurredAtMs,
      lastAtMs: occurredAtMs,
      swipes: 0,
      terminals: new Set(),
      operators: new Set(),
      standing: emptySum(),
      inQuestion: emptySum(),
      questioned: [],
      wrongPins: 0,
    };
    this.byId.set(institution.id, visited);
    return visited;
  }
}

function addName(names: Set<string>, name: string | undefined): void {
  if (name !== undefined && names.size < NAMES_MAX) names.add(name);
}

function addTo(sum: Sum, { swipe }: Transaction): void {
  sum.count++;
  sum.totalFen += swipe.totalFen;
  sum.accountFen += swipe.accountFen ?? 0;
}
