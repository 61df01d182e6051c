/**
 * The counted settles at or before the judged swipe's time, the newest first. Rules look at the same ones one after
 * another: each is walked to and aged once a swipe, and only as far as somebody asks.
 *
 * Owns: positions and ages found since `begin`.
 * Does not own: the entries; nothing here writes.
 *
 * 1. Positions hold until the record is written to: whoever judges the next swipe begins anew.
 */

import { type KeptSwipes, NONE } from "./person/kept-swipes.js";
import { SETTLES_MAX } from "./person/layout.js";
import type { Swipe } from "./swipe.js";

export class EarlierSettles {
  /** The settle whose place the judged one takes: not one of them. */
  except = NONE;
  private readonly positions = new Int32Array(SETTLES_MAX);
  private readonly ages = new Float64Array(SETTLES_MAX);
  private found = 0;
  /** The entry walked to last; BEGIN before the first, NONE behind the last. */
  private walked = BEGIN;

  constructor(
    private swipe: Swipe,
    private readonly settles: KeptSwipes,
  ) {}

  /** Forgets those of the swipe before. */
  begin(swipe: Swipe): void {
    this.swipe = swipe;
    this.except = NONE;
    this.found = 0;
    this.walked = BEGIN;
  }

  /** The position of the one that `newer` others are newer than; NONE where there are not so many. */
  at(newer: number): number {
    return newer < this.found || this.findUpTo(newer) ? this.positions[newer]! : NONE;
  }

  /** Are there more than `newer`, and is that one at most `windowMs` old? */
  isWithin(newer: number, windowMs: number): boolean {
    return (newer < this.found || this.findUpTo(newer)) && this.ages[newer]! <= windowMs;
  }

  /** How many are at most `windowMs` old. */
  countWithin(windowMs: number): number {
    let count = 0;
    while (this.isWithin(count, windowMs)) count++;
    return count;
  }

  /** Walks on by AHEAD at a time: one call serves several questions. */
  private findUpTo(newer: number): boolean {
    const { settles, positions, ages, except } = this;
    const { t } = this.swipe;
    const enough = Math.min(newer + AHEAD, SETTLES_MAX);
    let { found, walked } = this;
    if (walked !== NONE) settles.fetchBefore(walked === BEGIN ? settles.newest() : walked);
    while (found < enough && walked !== NONE) {
      walked = walked === BEGIN ? settles.newest() : settles.before(walked);
      if (walked === NONE || walked === except || !settles.isCounted(walked)) continue;
      const age = t - settles.t(walked);
      if (age < 0) continue;
      positions[found] = walked;
      ages[found++] = age;
    }
    this.found = found;
    this.walked = walked;
    return newer < found;
  }
}

const AHEAD = 8;
/** No position of an entry. */
const BEGIN = -2;
