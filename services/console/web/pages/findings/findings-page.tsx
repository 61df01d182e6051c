/** Patrol findings, seen last first; filters stand in the address. */

import { Flex, Input, Select } from "antd";
import { SEVERITIES } from "../../../../../schemas/fields.js";
import { FINDING_ROUTES } from "../../../../../schemas/http/subjects-routes.js";
import { PATROL_IDS } from "../../../../../schemas/patrols.js";
import { ask } from "../../app/ask.js";
import { useKeysetList } from "../../parts/keyset-list.js";
import { MoreButton } from "../../parts/more-button.js";
import { PageHead } from "../../parts/page-head.js";
import { EmptyState, QueryState } from "../../parts/page-state.js";
import { FindingRows } from "../../parts/subjects/finding-rows.js";
import { subjectWords } from "../../parts/subjects/subject-words.js";
import { type Query, useUrlQuery } from "../../parts/url-state.js";
import { severityWords } from "../../words/domain.js";
import { useWords } from "../../words/words.js";
import { findingWords, patrolWords } from "./finding-words.js";

const SUBJECT_KINDS = ["institution", "terminal", "operator", "agent", "trace-code", "card"] as const;

export default function FindingsPage() {
  const words = useWords(findingWords);
  const [query, change] = useUrlQuery();
  const list = useKeysetList({
    queryKey: ["findings", query],
    load: async (after, signal) => {
      const page = await ask(FINDING_ROUTES.findings, { query: { ...query, after }, signal });
      return { items: page.findings, after: page.after, searchedTo: page.searchedTo };
    },
  });
  const findings = list.pages.flatMap(({ items }) => items);
  return (
    <>
      <PageHead title={words.title} note={words.note} />
      <Filters query={query} change={change} />
      <QueryState query={list}>
        {() => (
          <>
            {findings.length === 0 ? (
              <EmptyState>{list.hasNextPage ? words.noneYet : words.none}</EmptyState>
            ) : (
              <FindingRows findings={findings} />
            )}
            <MoreButton list={list} searchedTo={list.pages.at(-1)?.searchedTo ?? null} />
          </>
        )}
      </QueryState>
    </>
  );
}

interface FilterProps {
  readonly query: Query;
  readonly change: (changes: Query) => void;
}

function Filters({ query, change }: FilterProps) {
  const words = useWords(findingWords);
  const patrols = useWords(patrolWords);
  const severities = useWords(severityWords);
  const kinds = useWords(subjectWords);
  return (
    <Flex wrap gap={8} style={{ marginBottom: 16 }} role="search">
      <Choice
        name="patrol"
        label={words.patrol}
        options={PATROL_IDS.map((id) => ({ value: id, label: patrols[id] }))}
        {...{ query, change }}
      />
      <Choice
        name="severity"
        label={words.severity}
        options={SEVERITIES.map((one) => ({ value: one, label: severities[one] }))}
        {...{ query, change }}
      />
      <Choice
        name="subjectKind"
        label={words.subjectKind}
        options={SUBJECT_KINDS.map((one) => ({ value: one, label: kinds[one] }))}
        {...{ query, change }}
      />
      <Input.Search
        key={query.institution ?? ""}
        defaultValue={query.institution ?? ""}
        aria-label={words.institution}
        placeholder={words.institution}
        style={{ width: 220 }}
        onSearch={(text) => change({ institution: text.trim() })}
      />
    </Flex>
  );
}

function Choice({
  name,
  label,
  options,
  query,
  change,
}: FilterProps & {
  readonly name: string;
  readonly label: string;
  readonly options: { value: string; label: string }[];
}) {
  return (
    <Select
      aria-label={label}
      placeholder={label}
      allowClear
      value={query[name] ?? null}
      options={options}
      style={{ minWidth: 170 }}
      onChange={(value: string | null | undefined) => change({ [name]: value ?? "" })}
    />
  );
}
