/** What an adapter lacks is a visible list: a test that is skipped says why, a reason for a test nobody has fails. */

import { test } from "@jest/globals";

/** Title of a behaviour -> why this adapter does not have it. */
export type Deviations = Readonly<Record<string, string>>;

export interface Lacking {
  readonly lacks: string;
}

export function isLacking<Capability extends object>(
  capability: Capability | Lacking,
): capability is Lacking {
  return "lacks" in capability;
}

export class Behaviours {
  private readonly titles = new Set<string>();

  constructor(private readonly deviations: Deviations = {}) {}

  readonly behaviour = (title: string, run: () => Promise<void>): void => {
    this.titles.add(title);
    const reason = this.deviations[title];
    if (reason === undefined) test(title, run);
    else test.skip(`${title} (deviates: ${reason})`, run);
  };

  /** Behaviours that need what some adapters do not have. */
  needing<Capability extends object>(
    capability: Capability | Lacking,
    title: string,
    run: (capability: Capability) => Promise<void>,
  ): void {
    this.titles.add(title);
    if (isLacking(capability)) test.skip(`${title} (lacks: ${capability.lacks})`, async () => {});
    else this.behaviour(title, () => run(capability));
  }

  /** Call after the last behaviour. */
  checkDeviations(): void {
    const unknown = Object.keys(this.deviations).filter((title) => !this.titles.has(title));
    if (unknown.length > 0) throw new Error(`deviations from behaviours nobody tests: ${unknown.join("; ")}`);
  }
}
