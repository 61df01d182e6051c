/** Appeals by state; the filter stands in the address. */

import { Button, Card, Flex, Select, Tag } from "antd";
import { Link } from "react-router-dom";
import { APPEAL_STATES, type AppealState } from "../../../../../schemas/appeal.js";
import { DEADLINE_KINDS } from "../../../../../schemas/appeal-deadlines.js";
import type { AppealSummary } from "../../../../../schemas/http/appeals.js";
import { APPEALS_ROUTES } from "../../../../../schemas/http/appeals-routes.js";
import { ask } from "../../app/ask.js";
import { type KeysetPage, useKeysetList } from "../../parts/keyset-list.js";
import { PageHead } from "../../parts/page-head.js";
import { EmptyState, ErrorState, LoadingState } from "../../parts/page-state.js";
import { useUrlQuery } from "../../parts/url-state.js";
import { InstantText } from "../../parts/values.js";
import { useWords } from "../../words/words.js";
import { appealStateWords, appealWords, deadlineWords } from "./appeal-words.js";

/** Drafts are the holder's alone. */
const STATES = APPEAL_STATES.filter((state) => state !== "draft");

export default function AppealsPage() {
  const words = useWords(appealWords);
  const states = useWords(appealStateWords);
  const [{ state = "" }, setQuery] = useUrlQuery();
  return (
    <>
      <PageHead
        title={words.appeals}
        actions={
          <Select
            aria-label={words.state}
            value={state}
            style={{ minWidth: 160 }}
            onChange={(chosen) => setQuery({ state: chosen })}
            options={[
              { value: "", label: words.all },
              ...STATES.map((one) => ({ value: one, label: states[one] })),
            ]}
          />
        }
      />
      <AppealList key={state} state={STATES.find((one) => one === state) ?? null} />
    </>
  );
}

function AppealList({ state }: { readonly state: AppealState | null }) {
  const words = useWords(appealWords);
  const list = useKeysetList<KeysetPage<AppealSummary>>({
    queryKey: ["appeals", state],
    load: async (after, signal) => {
      const page = await ask(APPEALS_ROUTES.list, { query: { after, state }, signal });
      return { items: page.appeals, after: page.after };
    },
  });
  if (list.isPending) return <LoadingState />;
  if (list.isError && list.items.length === 0)
    return <ErrorState error={list.error} onRetry={() => void list.refetch()} />;
  if (list.items.length === 0 && !list.hasNextPage) return <EmptyState>{words.none}</EmptyState>;
  return (
    <Flex vertical gap={8}>
      {list.items.map((appeal) => (
        <OneAppeal key={appeal.appealId} appeal={appeal} />
      ))}
      {list.hasNextPage && (
        <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {words.more}
        </Button>
      )}
    </Flex>
  );
}

function OneAppeal({ appeal }: { readonly appeal: AppealSummary }) {
  const words = useWords(appealWords);
  const states = useWords(appealStateWords);
  const { appealId, number, caseId, state, openedAt, changedAt, missed } = appeal;
  return (
    <Card size="small">
      <Flex gap={12} wrap align="baseline">
        <Link to={`/appeals/${encodeURIComponent(appealId)}`}>
          <strong>{number}</strong>
        </Link>
        <Tag>{states[state]}</Tag>
        <Missed missed={missed} />
        <span>
          {words.openedAt} <InstantText at={openedAt} withSeconds={false} />
        </span>
        <span>
          {words.changedAt} <InstantText at={changedAt} withSeconds={false} />
        </span>
        <Link to={`/cases/${encodeURIComponent(caseId)}`}>{words.case}</Link>
      </Flex>
    </Card>
  );
}

function Missed({ missed }: { readonly missed: readonly string[] }) {
  const words = useWords(appealWords);
  const deadlines = useWords(deadlineWords);
  return missed.map((kind) => {
    const known = DEADLINE_KINDS.find((one) => one === kind);
    return (
      <Tag key={kind} color="#b3202c" variant="solid">
        {words.missed}：{known === undefined ? kind : deadlines[known]}
      </Tag>
    );
  });
}
