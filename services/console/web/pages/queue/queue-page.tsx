/** The queue of cases: found by filters and views, worked on with keys, one by one or many at once. */

import "./queue.css";
import { ReloadOutlined } from "@ant-design/icons";
import { Button, type InputRef, Select } from "antd";
import { useCallback, useRef, useState } from "react";
import { useNavigate } from "react-router-dom";
import { QUEUE_QUERY_MEANINGS } from "../../../../../schemas/console/queue-filter.js";
import type { QueueCommand } from "../../../../../schemas/http/queue.js";
import { useMay } from "../../app/session.js";
import { PageHead } from "../../parts/page-head.js";
import { QueryState } from "../../parts/page-state.js";
import { useUrlQuery } from "../../parts/url-state.js";
import { useWords } from "../../words/words.js";
import { FilterBar } from "./filter-bar.js";
import { GROUPINGS, type Grouping } from "./group-items.js";
import { KeysHelp } from "./keys-help.js";
import { OperationNotes } from "./operation-notes.js";
import { QueueEnd } from "./queue-end.js";
import { QueueList } from "./queue-list.js";
import { useRules } from "./rule-titles.js";
import { SelectionBar } from "./selection-bar.js";
import { useCursor } from "./use-cursor.js";
import { useOperations } from "./use-operations.js";
import { useQueue } from "./use-queue.js";
import { useQueueKeys } from "./use-queue-keys.js";
import { ViewBar } from "./view-bar.js";
import { queueWords } from "./words.js";

const FILTERS = Object.keys(QUEUE_QUERY_MEANINGS);
const GROUP_WORDS = {
  institution: "byInstitution",
  city: "byCity",
  rule: "byRule",
  assignee: "byAssignee",
} as const satisfies Record<Grouping, string>;

export default function QueuePage() {
  const words = useWords(queueWords);
  const mayWork = useMay("cases.work");
  const navigate = useNavigate();
  const [query, change] = useUrlQuery();
  const asked = Object.fromEntries(
    FILTERS.flatMap((name) => (query[name] === undefined ? [] : [[name, query[name]]])),
  );
  const list = useQueue(asked);
  const rules = useRules();
  const [isHelping, setHelping] = useState(false);
  const textField = useRef<InputRef>(null);
  const cursor = useCursor(list.items);
  const { refetch } = list;
  const onEnded = useCallback(() => void refetch(), [refetch]);
  const operations = useOperations({ isAllowed: mayWork, onEnded });
  const press = (command: QueueCommand) => {
    if (!mayWork || cursor.pressed.length === 0 || operations.isPressing) return;
    operations.press(cursor.pressed, command);
    cursor.clear();
  };
  useQueueKeys({
    move: cursor.move,
    open: () => cursor.active !== null && navigate(`/cases/${encodeURIComponent(cursor.active.caseId)}`),
    assign: () => press({ kind: "assign" }),
    triage: () => press({ kind: "triage" }),
    select: () => mayWork && cursor.active !== null && cursor.toggle(cursor.active.caseId),
    undo: operations.undo,
    filter: () => textField.current?.focus(),
    help: () => setHelping(true),
  });
  const grouping = GROUPINGS.find((one) => one === query.group) ?? null;
  const isFiltered = Object.keys(asked).some((name) => name !== "sort");
  const clearFilters = () => change(Object.fromEntries(FILTERS.map((name) => [name, ""])));
  return (
    <>
      <PageHead
        title={words.title}
        note={words.note}
        actions={
          <>
            <Select
              aria-label={words.group}
              value={grouping ?? ""}
              style={{ minWidth: 120 }}
              options={[
                { value: "", label: words.byNone },
                ...GROUPINGS.map((value) => ({ value, label: words[GROUP_WORDS[value]] })),
              ]}
              onChange={(group) => change({ group })}
            />
            <Button icon={<ReloadOutlined />} loading={list.isRefetching} onClick={() => void refetch()}>
              {words.refresh}
            </Button>
            <Button aria-keyshortcuts="?" onClick={() => setHelping(true)}>
              {words.help}
            </Button>
          </>
        }
      />
      <ViewBar shown={new URLSearchParams(asked as Record<string, string>).toString()} />
      <FilterBar
        query={query}
        change={change}
        rules={rules}
        textRef={textField}
        isFiltered={isFiltered}
        onClear={clearFilters}
      />
      <OperationNotes operations={operations} />
      <QueryState query={list}>
        {() => (
          <>
            {list.items.length > 0 && (
              <QueueList
                items={list.items}
                nowMs={list.nowMs}
                grouping={grouping}
                titles={rules.titles}
                activeId={cursor.active?.caseId ?? null}
                selected={cursor.selected}
                onActive={cursor.activate}
                onSelect={mayWork ? (caseId) => cursor.toggle(caseId) : null}
              />
            )}
            <QueueEnd list={list} isFiltered={isFiltered} onClear={clearFilters} />
          </>
        )}
      </QueryState>
      {mayWork && cursor.selected.size > 0 && (
        <SelectionBar count={cursor.pressed.length} onPress={press} onClear={cursor.clear} />
      )}
      <KeysHelp isOpen={isHelping} onClose={() => setHelping(false)} />
    </>
  );
}
