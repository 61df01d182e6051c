/** The filters, as they stand in the address. */

import { Button, Flex, Grid, Input, type InputRef, Segmented, Select } from "antd";
import { type Ref, useState } from "react";
import { CASE_STATES } from "../../../../../schemas/case-transitions.js";
import {
  QUEUE_QUERY_MEANINGS,
  QUEUE_SORTS,
  readQueueFilter,
} from "../../../../../schemas/console/queue-filter.js";
import { ACTIONS, SEVERITIES } from "../../../../../schemas/fields.js";
import { useRegionName, useRegions } from "../../app/regions.js";
import type { Query } from "../../parts/url-state.js";
import { actionWords, caseStateWords, severityWords } from "../../words/domain.js";
import { useWords } from "../../words/words.js";
import { AssigneeChoice } from "./assignee-choice.js";
import { Chosen } from "./chosen.js";
import { FoldedFilters } from "./folded-filters.js";
import { MoreFilters } from "./more-filters.js";
import type { useRules } from "./rule-titles.js";
import { queueWords } from "./words.js";

export interface FilterProps {
  readonly query: Query;
  readonly change: (changes: Query) => void;
}

interface BarProps extends FilterProps {
  readonly rules: ReturnType<typeof useRules>;
  readonly textRef: Ref<InputRef>;
  readonly isFiltered: boolean;
  readonly onClear: () => void;
}

export function FilterBar({ query, change, rules, textRef, isFiltered, onClear }: BarProps) {
  const words = useWords(queueWords);
  const isWide = Grid.useBreakpoint().sm ?? true;
  const choices = (
    <>
      <Choices query={query} change={change} rules={rules} />
      {isFiltered && <Button onClick={onClear}>{words.clearFilters}</Button>}
    </>
  );
  return (
    <search aria-label={words.filters}>
      <Flex wrap gap={8} style={{ marginBottom: 12 }}>
        <TextField key={query.text ?? ""} query={query} change={change} textRef={textRef} />
        {isWide ? choices : <FoldedFilters count={countOf(query)}>{choices}</FoldedFilters>}
        <Segmented
          aria-label={words.sort}
          value={query.sort ?? "priority"}
          options={QUEUE_SORTS.map((value) => ({ value, label: words[value] }))}
          onChange={(sort) => change({ sort: sort === "priority" ? "" : sort })}
          style={{ marginLeft: "auto" }}
        />
      </Flex>
    </search>
  );
}

/** Behind the button: neither the text nor the order, which always show. */
function countOf(query: Query): number {
  const names = Object.keys(QUEUE_QUERY_MEANINGS).filter((name) => name !== "text" && name !== "sort");
  return names.filter((name) => query[name] !== undefined).length;
}

function Choices({ query, change, rules }: FilterProps & Pick<BarProps, "rules">) {
  const words = useWords(queueWords);
  const severities = useWords(severityWords);
  const actions = useWords(actionWords);
  const states = useWords(caseStateWords);
  return (
    <>
      <Chosen
        name="severity"
        label={words.severity}
        options={[...SEVERITIES].reverse().map((value) => ({ value, label: severities[value] }))}
        {...{ query, change }}
      />
      <Chosen
        name="action"
        label={words.action}
        options={ACTIONS.slice(1)
          .reverse()
          .map((value) => ({ value, label: actions[value] }))}
        {...{ query, change }}
      />
      <Chosen
        name="rule"
        label={words.rule}
        options={rules.ids.map((value) => ({ value, label: `${value} ${rules.titles(value)}` }))}
        {...{ query, change }}
      />
      <RegionChoice query={query} change={change} />
      <Chosen
        name="state"
        label={words.state}
        options={CASE_STATES.map((value) => ({ value, label: states[value] }))}
        {...{ query, change }}
      />
      <AssigneeChoice query={query} change={change} />
      <MoreFilters query={query} change={change} />
    </>
  );
}

/** What cases are not known by is said here, before anybody is asked. */
function TextField({ query, change, textRef }: FilterProps & Pick<BarProps, "textRef">) {
  const words = useWords(queueWords);
  const [isWrong, setWrong] = useState(false);
  return (
    <div style={{ flex: "1 1 260px", maxWidth: 340 }}>
      <Input.Search
        ref={textRef}
        allowClear
        defaultValue={query.text ?? ""}
        aria-label={words.text}
        aria-keyshortcuts="/"
        placeholder={words.text}
        status={isWrong ? "error" : ""}
        onSearch={(typed) => {
          const text = typed.trim();
          const isRight = text === "" || readQueueFilter({ text }).kind === "filter";
          setWrong(!isRight);
          if (isRight) change({ text });
        }}
      />
      {isWrong && (
        <div role="alert" className="queue-late">
          {words.textInvalid}
        </div>
      )}
    </div>
  );
}

const CITY_DIGITS = 4;

function RegionChoice({ query, change }: FilterProps) {
  const words = useWords(queueWords);
  const regions = useRegions();
  const name = useRegionName();
  const codes = Object.keys(regions).filter((code) => code.length <= CITY_DIGITS);
  const options = codes.sort().map((value) => {
    const province = value.length === CITY_DIGITS ? `${name(value.slice(0, 2))} ` : "";
    return { value, label: `${province}${name(value)}` };
  });
  return (
    <Select
      aria-label={words.region}
      placeholder={words.region}
      allowClear
      showSearch={{ optionFilterProp: "label" }}
      value={query.region ?? null}
      options={options}
      style={{ minWidth: 150 }}
      popupMatchSelectWidth={260}
      onChange={(value: string | null | undefined) => change({ region: value ?? "" })}
    />
  );
}
