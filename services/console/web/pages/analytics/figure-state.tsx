/** A figure's states: counting with a way to stop it, stopped, refused, nothing there. */

import { DownloadOutlined } from "@ant-design/icons";
import { type QueryKey, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Flex, Typography } from "antd";
import type { ReactNode } from "react";
import type { EXPORTED_FIGURES } from "../../../../../schemas/http/analytics.js";
import { OVERVIEW_ROUTES as ROUTES } from "../../../../../schemas/http/overview-routes.js";
import { addressOf } from "../../app/ask.js";
import { EmptyState, ErrorState, LoadingState } from "../../parts/page-state.js";
import type { Query } from "../../parts/url-state.js";
import { shellWords } from "../../words/shell.js";
import { useWords } from "../../words/words.js";
import { analyticsWords } from "./analytics-words.js";

interface FigureProps<Answer> {
  readonly queryKey: QueryKey;
  readonly load: (signal: AbortSignal) => Promise<Answer>;
  readonly isEmpty: (answer: Answer) => boolean;
  readonly children: (answer: Answer) => ReactNode;
}

export function Figure<Answer>({ queryKey, load, isEmpty, children }: FigureProps<Answer>) {
  const words = useWords(analyticsWords);
  const shell = useWords(shellWords);
  const queries = useQueryClient();
  const { data, error, isFetching, isPending, refetch } = useQuery({
    queryKey,
    queryFn: ({ signal }) => load(signal),
  });
  if (data !== undefined) return isEmpty(data) ? <NoData /> : children(data);
  if (error !== null) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (isPending && !isFetching)
    return (
      <EmptyState action={<Button onClick={() => void refetch()}>{shell.retry}</Button>}>
        {words.cancelled}
      </EmptyState>
    );
  return <LoadingState onCancel={() => void queries.cancelQueries({ queryKey })} />;
}

function NoData() {
  const words = useWords(analyticsWords);
  return (
    <EmptyState>
      {words.noData}
      <br />
      <Typography.Text type="secondary">{words.noDataHint}</Typography.Text>
    </EmptyState>
  );
}

export function CsvLink({
  figure,
  query,
}: {
  readonly figure: (typeof EXPORTED_FIGURES)[number];
  readonly query: Query;
}) {
  const words = useWords(analyticsWords);
  return (
    <Flex justify="flex-end">
      <Button
        size="small"
        icon={<DownloadOutlined />}
        href={addressOf(ROUTES.exportFigures, { path: { figure }, query })}
        download={`kadun-${figure}.csv`}
      >
        {words.csv}
      </Button>
    </Flex>
  );
}
