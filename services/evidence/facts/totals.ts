/** Sums of a person's settlements, each with what it is made of. Pure; fixed size. */

import { AFTER_EFFECT, BEFORE_EFFECT, RELATIONS, type Relation } from "./relation.js";
import { isInQuestion, isStanding, type Transaction } from "./transaction.js";

/** Amounts in fen; a part that swipes do not name counts as 0. */
export interface Sum {
  count: number;
  totalFen: number;
  accountFen: number;
  sharedAccountFen: number;
  fundFen: number;
  cashFen: number;
}

export class Totals {
  /** Settles that stand: not taken back, not sent again. */
  readonly standing = emptySum();
  readonly byRelation: Readonly<Record<Relation, Sum>> = sumsOf(RELATIONS);
  /** Of the standing ones: reported, not in effect yet, or marked so by a revision. */
  readonly disputed = emptySum();
  /** Of the standing ones: disputed, or with a standing alert of the case. */
  readonly inQuestion = emptySum();
  /** Of those in question: a report came later, or was not in effect yet. */
  readonly inQuestionBeforeEffect = emptySum();
  /** Of those in question. */
  readonly inQuestionAfterEffect = emptySum();
  readonly notInQuestion = emptySum();
  /** Of the standing ones: those first answered with a reject. */
  readonly rejectedAtFirst = emptySum();
  /** Settles taken back by a cancel or reverse. */
  readonly undone = emptySum();
  /** Challenged settles that were sent again: the later one is counted. */
  readonly sentAgain = emptySum();
  /** All swipes, whatever their kind. */
  swipes = 0;

  add(transaction: Transaction): void {
    this.swipes++;
    const { swipe, undoneBy } = transaction;
    if (swipe.kind !== "settle") return;
    if (isStanding(transaction)) this.addStanding(transaction);
    else count(undoneBy === null ? this.sentAgain : this.undone, transaction);
  }

  of(relations: readonly Relation[]): Sum {
    const sum = emptySum();
    for (const relation of relations) plus(sum, this.byRelation[relation]);
    return sum;
  }

  private addStanding(transaction: Transaction): void {
    const { relation, decision } = transaction;
    count(this.standing, transaction);
    count(this.byRelation[relation], transaction);
    if (isInQuestion(transaction)) this.addInQuestion(transaction);
    else count(this.notInQuestion, transaction);
    if (decision?.disputed === true) count(this.disputed, transaction);
    if (decision?.firstAction === "reject") count(this.rejectedAtFirst, transaction);
  }

  private addInQuestion(transaction: Transaction): void {
    count(this.inQuestion, transaction);
    if (BEFORE_EFFECT.includes(transaction.relation)) count(this.inQuestionBeforeEffect, transaction);
    if (AFTER_EFFECT.includes(transaction.relation)) count(this.inQuestionAfterEffect, transaction);
  }
}

function count(sum: Sum, { swipe }: Transaction): void {
  plus(sum, {
    count: 1,
    totalFen: swipe.totalFen,
    accountFen: swipe.accountFen ?? 0,
    sharedAccountFen: swipe.sharedAccountFen ?? 0,
    fundFen: swipe.fundFen ?? 0,
    cashFen: swipe.cashFen ?? 0,
  });
}

function plus(sum: Sum, other: Sum): void {
  for (const name of Object.keys(sum) as (keyof Sum)[]) sum[name] += other[name];
}

export function emptySum(): Sum {
  return { count: 0, totalFen: 0, accountFen: 0, sharedAccountFen: 0, fundFen: 0, cashFen: 0 };
}

function sumsOf<Name extends string>(names: readonly Name[]): Record<Name, Sum> {
  return Object.fromEntries(names.map((name) => [name, emptySum()])) as Record<Name, Sum>;
}
