/**
 * The different institutions that a rule meets on its way through a window. One list is used for all rules, so that
 * counting them costs the collector nothing.
 */

import { SETTLES_MAX } from "./person/layout.js";

export class InstitutionsMet {
  count = 0;
  /** Those of the kept settles and of the judged one. */
  private readonly institutions = new Float64Array(SETTLES_MAX + 1);

  /** None is met. */
  begin(): void {
    this.count = 0;
  }

  /** @returns whether it is met for the first time. */
  add(institution: number): boolean {
    const { institutions, count } = this;
    for (let before = 0; before < count; before++) if (institutions[before] === institution) return false;
    institutions[this.count++] = institution;
    return true;
  }
}
