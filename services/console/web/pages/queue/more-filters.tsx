/** Filters that are asked for less often. */

import { Badge, Button, Checkbox, Flex, Input, InputNumber, Popover } from "antd";
import { useId, useState } from "react";
import { useWords } from "../../words/words.js";
import type { FilterProps } from "./filter-bar.js";
import { queueWords } from "./words.js";

const NAMES = ["institution", "moneyMin", "since", "disputed", "degraded"] as const;
const FEN_PER_YUAN = 100;
const YUAN_MAX = 1_000_000_000;

export function MoreFilters({ query, change }: FilterProps) {
  const words = useWords(queueWords);
  const [isOpen, setOpen] = useState(false);
  const set = NAMES.filter((name) => query[name] !== undefined).length;
  return (
    <Popover
      open={isOpen}
      onOpenChange={setOpen}
      trigger="click"
      placement="bottomLeft"
      content={<Fields query={query} change={change} />}
    >
      <Badge count={set} size="small">
        <Button aria-expanded={isOpen}>{words.moreFilters}</Button>
      </Badge>
    </Popover>
  );
}

function Fields({ query, change }: FilterProps) {
  const words = useWords(queueWords);
  const id = useId();
  const moneyMin = query.moneyMin === undefined ? null : Number(query.moneyMin) / FEN_PER_YUAN;
  return (
    <Flex vertical gap={12} style={{ width: 260 }}>
      <div>
        <label htmlFor={`${id}institution`}>{words.institution}</label>
        <Input.Search
          id={`${id}institution`}
          allowClear
          defaultValue={query.institution ?? ""}
          onSearch={(text) => change({ institution: text.trim() })}
        />
      </div>
      <div>
        <label htmlFor={`${id}money`}>{words.moneyMin}</label>
        <InputNumber
          id={`${id}money`}
          min={0}
          max={YUAN_MAX}
          precision={2}
          style={{ width: "100%" }}
          value={moneyMin}
          onChange={(yuan) =>
            change({ moneyMin: yuan === null || yuan === 0 ? "" : String(Math.round(yuan * FEN_PER_YUAN)) })
          }
        />
      </div>
      <div>
        <label htmlFor={`${id}since`}>{words.since}</label>
        {/* The system's own: it is read out and typed into everywhere. */}
        <Input
          id={`${id}since`}
          type="date"
          value={query.since ?? ""}
          onChange={({ target }) => change({ since: target.value })}
        />
      </div>
      <Checkbox
        checked={query.disputed === "1"}
        onChange={({ target }) => change({ disputed: target.checked ? "1" : "" })}
      >
        {words.disputed}
      </Checkbox>
      <Checkbox
        checked={query.degraded === "1"}
        onChange={({ target }) => change({ degraded: target.checked ? "1" : "" })}
      >
        {words.degraded}
      </Checkbox>
    </Flex>
  );
}
