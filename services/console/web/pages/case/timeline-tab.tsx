/** Everything that happened, newest first, filtered by kind; the filter stands in the address. */

import { Alert, Button, Flex, Tag } from "antd";
import {
  type CaseTimelineEntry,
  TIMELINE_KINDS,
  type TimelineKind,
} from "../../../../../schemas/http/case-page.js";
import { CASE_PAGE_ROUTES } from "../../../../../schemas/http/case-page-routes.js";
import { ask } from "../../app/ask.js";
import { type KeysetPage, useKeysetList } from "../../parts/keyset-list.js";
import { EmptyState, ErrorState, LoadingState } from "../../parts/page-state.js";
import { useUrlQuery } from "../../parts/url-state.js";
import { useWords } from "../../words/words.js";
import { caseWords } from "./case-words.js";
import { kindWords } from "./entry-words.js";
import { OneEntry } from "./timeline-entry.js";

export function TimelineTab({ caseId }: { readonly caseId: string }) {
  const words = useWords(caseWords);
  const [{ kinds = "" }, setQuery] = useUrlQuery();
  const chosen = TIMELINE_KINDS.filter((kind) => kinds.split(",").includes(kind));
  return (
    <>
      <KindFilter chosen={chosen} onChange={(next) => setQuery({ kinds: next.join(",") })} />
      <Entries key={chosen.join()} caseId={caseId} kinds={chosen.join(",")} emptyText={words.nothing} />
    </>
  );
}

function KindFilter({
  chosen,
  onChange,
}: {
  readonly chosen: readonly TimelineKind[];
  readonly onChange: (chosen: readonly TimelineKind[]) => void;
}) {
  const words = useWords(caseWords);
  const kinds = useWords(kindWords);
  return (
    <Flex wrap gap={4} role="group" aria-label={words.filter} style={{ marginBottom: 12 }}>
      <Tag.CheckableTag checked={chosen.length === 0} onChange={() => onChange([])}>
        {words.all}
      </Tag.CheckableTag>
      {TIMELINE_KINDS.map((kind) => (
        <Tag.CheckableTag
          key={kind}
          checked={chosen.includes(kind)}
          onChange={(isChosen) =>
            onChange(isChosen ? [...chosen, kind] : chosen.filter((other) => other !== kind))
          }
        >
          {kinds[kind]}
        </Tag.CheckableTag>
      ))}
    </Flex>
  );
}

interface TimelineItems extends KeysetPage<CaseTimelineEntry> {
  readonly isJournalAway: boolean;
}

export function useTimeline(caseId: string, kinds: string) {
  return useKeysetList<TimelineItems>({
    queryKey: ["case-timeline", caseId, kinds],
    load: async (after, signal) => {
      const page = await ask(CASE_PAGE_ROUTES.timeline, {
        path: { id: caseId },
        query: { after, kinds },
        signal,
      });
      return { items: page.entries, after: page.after, isJournalAway: page.isJournalAway };
    },
  });
}

function Entries({
  caseId,
  kinds,
  emptyText,
}: {
  readonly caseId: string;
  readonly kinds: string;
  readonly emptyText: string;
}) {
  const words = useWords(caseWords);
  const list = useTimeline(caseId, kinds);
  if (list.isPending) return <LoadingState />;
  if (list.isError && list.pages.length === 0)
    return <ErrorState error={list.error} onRetry={() => void list.refetch()} />;
  const isAway = list.pages.some(({ isJournalAway }) => isJournalAway);
  return (
    <>
      {isAway && <Alert type="warning" showIcon title={words.journalAway} style={{ marginBottom: 12 }} />}
      {list.items.length === 0 && <EmptyState>{list.hasNextPage ? words.lookedOn : emptyText}</EmptyState>}
      <ol style={{ listStyle: "none", margin: 0, padding: 0 }}>
        {list.items.map((entry) => (
          <OneEntry key={entryKey(entry)} entry={entry} />
        ))}
      </ol>
      {list.isError && <ErrorState error={list.error} onRetry={() => void list.fetchNextPage()} />}
      {list.hasNextPage && (
        <Button block loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {words.more}
        </Button>
      )}
    </>
  );
}

function entryKey(entry: CaseTimelineEntry): string {
  return "position" in entry ? entry.position : entry.id;
}
