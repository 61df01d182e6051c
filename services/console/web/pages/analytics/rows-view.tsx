/** The rows behind a figure, newest first, page after page. */

import { DownloadOutlined } from "@ant-design/icons";
import { Button, Card, Flex, Table, Typography } from "antd";
import { Link } from "react-router-dom";
import type { DecisionRow } from "../../../../../schemas/http/figures.js";
import { OVERVIEW_ROUTES as ROUTES } from "../../../../../schemas/http/overview-routes.js";
import { addressOf, ask } from "../../app/ask.js";
import { useKeysetList } from "../../parts/keyset-list.js";
import { EmptyState, ErrorState, LoadingState } from "../../parts/page-state.js";
import { ActionTag, RuleTag } from "../../parts/tags.js";
import { InstantText, instantText, Money, RegionName, Token } from "../../parts/values.js";
import { actionWords, swipeKindWords } from "../../words/domain.js";
import { filled, useLanguage, useWords } from "../../words/words.js";
import { analyticsWords } from "./analytics-words.js";
import { type Field, FilterBar } from "./filter-bar.js";
import { useAsked } from "./use-asked.js";

const FIELDS: readonly Field[] = [
  "action",
  "rule",
  "care",
  "insured",
  "institution",
  "institutionKind",
  "kind",
];
const PAGE_ROWS = 50;

export function RowsView() {
  const words = useWords(analyticsWords);
  const language = useLanguage();
  const { query, change, asked } = useAsked(FIELDS);
  const list = useKeysetList<Page>({
    queryKey: ["decisions", asked],
    load: (after, signal) => load(asked, after, signal),
  });
  const searchedTo = list.pages.at(-1)?.searchedTo ?? null;
  return (
    <>
      <FilterBar fields={FIELDS} query={query} change={change} />
      {list.isPending && <LoadingState />}
      {list.error !== null && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
      {list.data !== undefined && (
        <Card size="small">
          <Flex justify="flex-end" style={{ marginBottom: 8 }}>
            <Button
              size="small"
              icon={<DownloadOutlined />}
              href={addressOf(ROUTES.exportDecisions, { query: asked })}
              download="kadun-decisions.csv"
            >
              {words.csvRows}
            </Button>
          </Flex>
          {list.items.length === 0 && !list.hasNextPage ? (
            <EmptyState>{words.noData}</EmptyState>
          ) : (
            <Rows rows={list.items} />
          )}
          <Flex gap={12} align="center" justify="center" style={{ marginTop: 12 }} wrap>
            {searchedTo !== null && list.hasNextPage && (
              <Typography.Text type="secondary">
                {filled(words.searchedTo, { at: instantText(searchedTo, language) })}
              </Typography.Text>
            )}
            {list.hasNextPage ? (
              <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                {words.more}
              </Button>
            ) : (
              list.items.length > 0 && <Typography.Text type="secondary">{words.end}</Typography.Text>
            )}
          </Flex>
        </Card>
      )}
    </>
  );
}

interface Page {
  readonly items: readonly DecisionRow[];
  readonly after: string | null;
  readonly searchedTo: string | null;
}

async function load(
  asked: Readonly<Record<string, string>>,
  after: string | null,
  signal: AbortSignal,
): Promise<Page> {
  const { rows, ...page } = await ask(ROUTES.decisions, {
    query: { ...asked, after, limit: PAGE_ROWS },
    signal,
  });
  return { items: rows, ...page };
}

function Rows({ rows }: { readonly rows: readonly DecisionRow[] }) {
  const words = useWords(analyticsWords);
  const kinds = useWords(swipeKindWords);
  return (
    <Table<DecisionRow>
      size="small"
      rowKey="decisionId"
      dataSource={[...rows]}
      pagination={false}
      scroll={{ x: "max-content" }}
      columns={[
        { title: words.time, render: (_, { at }) => <InstantText at={at} /> },
        { title: words.action, render: (_, row) => <Answer row={row} /> },
        {
          title: words.rules,
          render: (_, row) => row.rules.map((rule) => <RuleTag key={rule} rule={rule} />),
        },
        { title: words.kind, render: (_, { kind }) => kinds[kind] },
        { title: words.amount, align: "right", render: (_, { totalFen }) => <Money fen={totalFen} /> },
        {
          title: words.person,
          render: (_, row) => (
            <Link to={`/persons/${encodeURIComponent(row.personKey)}`} className="code">
              {row.personKey.slice(0, 12)} ·{row.cardTail}
            </Link>
          ),
        },
        {
          title: words.name,
          render: (_, row) => (
            <Link to={`/institutions/${encodeURIComponent(row.institutionId)}`}>
              <bdi>{row.institutionName || row.institutionId}</bdi>
            </Link>
          ),
        },
        { title: words.care, render: (_, { careRegion }) => <RegionName code={careRegion} /> },
        { title: words.insured, render: (_, { insuredRegion }) => <RegionName code={insuredRegion} /> },
        { title: words.event, render: (_, { eventId }) => <Token value={eventId} /> },
      ]}
    />
  );
}

function Answer({ row }: { readonly row: DecisionRow }) {
  const words = useWords(analyticsWords);
  const actions = useWords(actionWords);
  return (
    <>
      <ActionTag action={row.action} />
      {row.effectiveAction !== row.action && (
        <Typography.Text type="secondary">
          {filled(words.effective, { action: actions[row.effectiveAction] })}
        </Typography.Text>
      )}
    </>
  );
}
