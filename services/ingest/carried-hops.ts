/**
 * What a person's state remembers of its way, so that links that make a ring are opened at one place
 * (docs/decisions/0009, 7). Pure.
 */

import { type CanonicalPersonState, type Hop, PASSED_MAX } from "../../schemas/journal.js";

type Way = Pick<CanonicalPersonState, "passed" | "isSamePath" | "smallestKey" | "hops">;

/** The state was sent on by the key it lay under. A key that was passed for the first time may go round itself. */
export function afterHop(state: CanonicalPersonState, { link, returns }: Hop): Way {
  const { personKey, passed } = state;
  const hops = state.hops + 1;
  if (personKey === state.formerPersonKey) return { passed, isSamePath: true, smallestKey: personKey, hops };
  const before = passed.find((key) => key.personKey === personKey);
  const isKnown = before?.link === link;
  const goesRound = !isKnown || before.returns !== returns;
  const others = before === undefined ? passed : passed.filter((key) => key !== before);
  return {
    passed: others.length < PASSED_MAX ? [...others, { personKey, link, returns }] : passed,
    isSamePath: state.isSamePath && isKnown,
    smallestKey: goesRound && personKey < state.smallestKey ? personKey : state.smallestKey,
    hops,
  };
}
