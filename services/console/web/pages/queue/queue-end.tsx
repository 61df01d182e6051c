/** Below the last case: more, a search that goes on, or why there is nothing. */

import { Button, Flex } from "antd";
import { EmptyState } from "../../parts/page-state.js";
import { instantText } from "../../parts/values.js";
import { severityWords } from "../../words/domain.js";
import { filled, useLanguage, useWords } from "../../words/words.js";
import type { useQueue } from "./use-queue.js";
import { queueWords } from "./words.js";

interface EndProps {
  readonly list: Pick<
    ReturnType<typeof useQueue>,
    "items" | "searchedTo" | "hasNextPage" | "isFetchingNextPage" | "fetchNextPage"
  >;
  readonly isFiltered: boolean;
  readonly onClear: () => void;
}

export function QueueEnd({ list, isFiltered, onClear }: EndProps) {
  const words = useWords(queueWords);
  const severities = useWords(severityWords);
  const language = useLanguage();
  const { items, searchedTo, hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  if (!hasNextPage && items.length === 0) return <Nothing isFiltered={isFiltered} onClear={onClear} />;
  const to =
    searchedTo === null
      ? ""
      : `${severities[searchedTo.severity]} ${instantText(searchedTo.at, language, false)}`;
  return (
    <Flex vertical align="center" gap={8} style={{ marginTop: 16 }}>
      {items.length === 0 && <EmptyState>{words.noneYet}</EmptyState>}
      {items.length > 0 && (
        <span className="queue-quiet">{filled(words.shown, { count: items.length })}</span>
      )}
      {hasNextPage && (
        <Button loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {searchedTo === null ? words.more : filled(words.goOn, { to })}
        </Button>
      )}
    </Flex>
  );
}

function Nothing({ isFiltered, onClear }: Pick<EndProps, "isFiltered" | "onClear">) {
  const words = useWords(queueWords);
  return (
    <EmptyState action={isFiltered && <Button onClick={onClear}>{words.clearFilters}</Button>}>
      <div>{words.nothingTitle}</div>
      <div className="queue-quiet">{isFiltered ? words.nothingHint : words.calmHint}</div>
    </EmptyState>
  );
}
