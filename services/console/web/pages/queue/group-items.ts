/** Cases of a page, put together by what they have in common. Pure. */

import type { QueueItem } from "../../../../../schemas/http/queue.js";

export const GROUPINGS = ["institution", "city", "rule", "assignee"] as const;
export type Grouping = (typeof GROUPINGS)[number];

export interface ItemGroup {
  /** '' where it is not known, or nobody. */
  readonly key: string;
  readonly items: readonly QueueItem[];
  readonly moneyAtRiskFen: number;
}

/** In the order in which their first cases stand; a case is in one group. */
export function groupItems(items: readonly QueueItem[], by: Grouping | null): readonly ItemGroup[] {
  if (by === null) return [groupOf("", items)];
  const groups = new Map<string, QueueItem[]>();
  for (const item of items) {
    const key = KEYS[by](item);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return [...groups].map(([key, ofGroup]) => groupOf(key, ofGroup));
}

function groupOf(key: string, items: readonly QueueItem[]): ItemGroup {
  return { key, items, moneyAtRiskFen: items.reduce((sum, { moneyAtRiskFen }) => sum + moneyAtRiskFen, 0) };
}

const CITY_DIGITS = 4;

const KEYS: Readonly<Record<Grouping, (item: QueueItem) => string>> = {
  institution: ({ institutions }) => institutions[0]?.institutionId ?? "",
  city: ({ careRegions }) => careRegions[0]?.slice(0, CITY_DIGITS) ?? "",
  rule: ({ rules }) => rules[0] ?? "",
  assignee: ({ assignee }) => assignee ?? "",
};
