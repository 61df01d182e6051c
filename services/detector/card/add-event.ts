/** Enters a card event, making room when the 48 are used up. */

import type { CardEvent } from "../person/events.js";
import type { Person } from "../person/person.js";
import { invalidNumberSinceMs, isInactiveAt, personBlocksAt, pinLockAt } from "./lives.js";
import { foldLossLife, lossStateAt } from "./loss-life.js";
import { cardsOf } from "./person-loss.js";

export function addEvent(person: Person, event: CardEvent): void {
  if (person.events.isFull()) person.events.remove(indexToForget(person));
  person.events.add(event);
}

/** The oldest event without which every card's present state stays as it is; the very oldest if there is none. */
function indexToForget(person: Person): number {
  const events = person.events.all();
  const before = presentState(person, events);
  for (let index = 0; index < events.length; index++)
    if (presentState(person, events.toSpliced(index, 1)) === before) return index;
  return 0;
}

/** The states of all cards and of the person, far in the future and now, as a comparable text. */
function presentState(person: Person, events: readonly CardEvent[]): string {
  const newest = events.at(-1)?.acceptedAtMs ?? 0;
  const credentials = [...new Set(person.events.all().map((event) => event.credential))];
  const cards = credentials.flatMap((credential) => cardsOf(person, credential));
  const states = cards.map((card) => {
    const life = foldLossLife(events, card);
    const open = life.intervals.filter((interval) => interval.endedAtMs === Number.POSITIVE_INFINITY);
    return [
      lossStateAt(life, newest),
      JSON.stringify(open),
      invalidNumberSinceMs(events, card, newest),
      isInactiveAt(events, card, newest),
      pinLockAt(events, card, newest)?.fromMs ?? null,
    ];
  });
  return JSON.stringify([states, personBlocksAt(events, newest)]);
}
