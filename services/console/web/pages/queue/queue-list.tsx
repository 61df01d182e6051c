/** Cases in their order, or in groups with their sums. */

import { Typography } from "antd";
import type { QueueItem } from "../../../../../schemas/http/queue.js";
import { useRegionName } from "../../app/regions.js";
import { yuanText } from "../../parts/values.js";
import { filled, useWords } from "../../words/words.js";
import { type Grouping, groupItems, type ItemGroup } from "./group-items.js";
import { QueueRow } from "./queue-row.js";
import type { RuleTitles } from "./rule-titles.js";
import { queueWords } from "./words.js";

interface ListProps {
  readonly items: readonly QueueItem[];
  readonly nowMs: number;
  readonly grouping: Grouping | null;
  readonly titles: RuleTitles;
  readonly activeId: string | null;
  readonly selected: ReadonlySet<string>;
  readonly onActive: (caseId: string) => void;
  /** null: who looks may not work. */
  readonly onSelect: ((caseId: string, isSelected: boolean) => void) | null;
}

export function QueueList(props: ListProps) {
  const { items, grouping } = props;
  const words = useWords(queueWords);
  return (
    <>
      <Columns />
      {groupItems(items, grouping).map((group) => (
        <section key={group.key} aria-label={grouping === null ? words.list : undefined}>
          {grouping !== null && <GroupHead group={group} grouping={grouping} titles={props.titles} />}
          <ul className="queue-list">
            {group.items.map((item) => (
              <QueueRow
                key={item.caseId}
                item={item}
                nowMs={props.nowMs}
                titles={props.titles}
                isActive={item.caseId === props.activeId}
                isSelected={props.selected.has(item.caseId)}
                onActive={() => props.onActive(item.caseId)}
                onSelect={props.onSelect && ((isSelected) => props.onSelect?.(item.caseId, isSelected))}
              />
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

/** In every row the same is said by what stands in it. */
function Columns() {
  const words = useWords(queueWords);
  return (
    <div className="queue-columns" aria-hidden>
      <span />
      <span>{words.severity}</span>
      <span>{words.cases}</span>
      <span>{words.place}</span>
      <span className="queue-money">{words.money}</span>
      <span>{words.clock}</span>
      <span>{words.work}</span>
      <span>{words.signs}</span>
    </div>
  );
}

function GroupHead({
  group,
  grouping,
  titles,
}: {
  readonly group: ItemGroup;
  readonly grouping: Grouping;
  readonly titles: RuleTitles;
}) {
  const words = useWords(queueWords);
  const regionName = useRegionName();
  const { key, items, moneyAtRiskFen } = group;
  const names: Readonly<Record<Grouping, () => string>> = {
    institution: () => items[0]?.institutions[0]?.name ?? key,
    city: () => regionName(key),
    rule: () => `${key} ${titles(key)}`,
    assignee: () => key,
  };
  const unknown = grouping === "assignee" ? words.nobody : words.unknown;
  return (
    <Typography.Title level={2} className="queue-group" style={{ fontSize: 15 }}>
      <bdi>{key === "" ? unknown : names[grouping]()}</bdi>
      <span>{filled(words.groupSum, { count: items.length, money: yuanText(moneyAtRiskFen) })}</span>
    </Typography.Title>
  );
}
