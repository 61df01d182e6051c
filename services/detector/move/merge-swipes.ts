/** Kept swipes of a former key become the person's: 64 settles of 35 days by time, the last 8 authorizes. */

import { dayOf } from "../../../schemas/working-calendar.js";
import { type KeptSwipes, NONE } from "../person/kept-swipes.js";
import { AUTHORIZES_MAX, SETTLE_AGE_MAX_MS, SETTLES_MAX } from "../person/layout.js";
import type { Person } from "../person/person.js";
import type { RegionTable } from "../place/region.js";
import { Rank } from "../rules/rule.js";
import type { CardMap } from "./merge-cards.js";

interface Kept {
  readonly bytes: Uint8Array;
  readonly t: number;
  readonly eventId: string;
  readonly idTag: number;
  /** The city that it teaches once it is kept no more; 0 for none. */
  readonly city: number;
}

export function mergeSwipes(person: Person, former: Person, cards: CardMap, regions: RegionTable): void {
  mapCards(former.settles, cards);
  mapCards(former.authorizes, cards);
  person.authorizes.replaceAll(union(person.authorizes, former.authorizes, regions).slice(-AUTHORIZES_MAX));
  const settles = union(person.settles, former.settles, regions);
  const earliestMs = (settles.at(-1)?.t ?? 0) - SETTLE_AGE_MAX_MS;
  const first = Math.max(
    0,
    settles.length - SETTLES_MAX,
    settles.findIndex(({ t }) => t >= earliestMs),
  );
  person.settles.replaceAll(settles.slice(first));
  for (const { city, t } of settles.slice(0, first)) if (city !== 0) person.cities.remember(city, dayOf(t));
}

function mapCards(kept: KeptSwipes, cards: CardMap): void {
  for (let at = kept.newest(); at !== NONE; at = kept.before(at)) kept.setCard(at, cards(kept.card(at)));
}

/** By time, of the same moment the former's first. A message that both got is the person's own. */
function union(own: KeptSwipes, former: KeptSwipes, regions: RegionTable): Kept[] {
  const ownSwipes = keptOf(own, regions);
  const known = new Set(ownSwipes.map(({ eventId }) => eventId));
  const arriving = keptOf(former, regions).filter(({ eventId }) => !known.has(eventId));
  return [...arriving, ...ownSwipes].sort((a, b) => a.t - b.t);
}

function keptOf(kept: KeptSwipes, regions: RegionTable): Kept[] {
  const swipes: Kept[] = [];
  for (let at = kept.oldest(); at !== NONE; at = kept.after(at)) {
    const teaches = kept.isCounted(at) && kept.action(at) === Rank.APPROVE;
    swipes.push({
      bytes: kept.copy(at),
      t: kept.t(at),
      eventId: kept.eventId(at),
      idTag: kept.idTag(at),
      city: teaches ? regions.cityOf(kept.region(at)) : 0,
    });
  }
  return swipes;
}
