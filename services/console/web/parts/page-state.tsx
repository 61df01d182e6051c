/** What stands where content is not: loading, nothing there, refused, broken. Each says what to do next. */

import { FileSearchOutlined, LockOutlined } from "@ant-design/icons";
import { Alert, Button, Empty, Result, Skeleton, Space, Typography } from "antd";
import { type ReactNode, useEffect, useState } from "react";
import { Link } from "react-router-dom";
import type { Permission } from "../../../../schemas/console/access.js";
import { Refused } from "../app/ask.js";
import { permissionWords } from "../words/domain.js";
import { shellWords } from "../words/shell.js";
import { filled, useWords } from "../words/words.js";

/** From here on it is long, and can be cancelled where the caller says how. */
const LONG_MS = 4_000;

export function LoadingState({ onCancel }: { readonly onCancel?: () => void }) {
  const words = useWords(shellWords);
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), LONG_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div role="status" aria-live="polite" aria-label={words.loading} style={{ padding: 24 }}>
      <Skeleton active title paragraph={{ rows: 4 }} />
      {isLong && onCancel !== undefined && (
        <Space>
          {words.loadingLong}
          <Button size="small" onClick={onCancel}>
            {words.cancel}
          </Button>
        </Space>
      )}
    </div>
  );
}

export function EmptyState({
  children,
  action,
}: {
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}) {
  const words = useWords(shellWords);
  return (
    <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={children ?? words.empty}>
      {action}
    </Empty>
  );
}

export function NoPermissionState({ permission }: { readonly permission: Permission }) {
  const words = useWords(shellWords);
  const permissions = useWords(permissionWords);
  return (
    <Result
      icon={<LockOutlined />}
      title={<PageTitle text={words.noPermissionTitle} />}
      subTitle={filled(words.noPermission, { permission: permissions[permission] })}
      extra={<Link to="/">{words.toToday}</Link>}
    />
  );
}

export function NotFoundState() {
  const words = useWords(shellWords);
  return (
    <Result
      icon={<FileSearchOutlined />}
      title={<PageTitle text={words.notFoundTitle} />}
      subTitle={words.notFound}
      extra={<Link to="/">{words.toToday}</Link>}
    />
  );
}

/** A page that is nothing else has this as its heading. */
function PageTitle({ text }: { readonly text: string }) {
  return (
    <Typography.Title level={1} style={{ fontSize: 22, margin: 0 }}>
      {text}
    </Typography.Title>
  );
}

interface ErrorProps {
  readonly error: unknown;
  readonly onRetry?: () => void;
}

/** In the place of a part of a page; a page of its own uses it too. */
export function ErrorState({ error, onRetry }: ErrorProps) {
  const words = useWords(shellWords);
  if (error instanceof Refused && error.status === 404) return <NotFoundState />;
  const { title, text } = toldOf(error, words);
  return (
    <Alert
      type="error"
      showIcon
      title={title}
      description={text}
      action={
        onRetry && (
          <Button size="small" onClick={onRetry}>
            {words.retry}
          </Button>
        )
      }
    />
  );
}

function toldOf(error: unknown, words: (typeof shellWords)["zh"]): { title: string; text: string } {
  if (!(error instanceof Refused))
    return { title: words.failedTitle, text: error instanceof Error ? error.message : String(error) };
  switch (error.code) {
    case "AWAY":
      return { title: words.awayTitle, text: words.away };
    case "STORE_AWAY":
      return { title: words.storeAwayTitle, text: words.storeAway };
    case "INTERNAL":
      return { title: words.failedTitle, text: filled(words.failed, { code: error.code }) };
    default:
      return { title: words.failedTitle, text: `${error.detail} (${error.code})` };
  }
}

/** A query's states around what shows its answer. */
export function QueryState<Data>({
  query,
  children,
  isEmpty,
  empty,
}: {
  readonly query: {
    readonly data: Data | undefined;
    readonly error: unknown;
    readonly isPending: boolean;
    readonly refetch: () => unknown;
  };
  readonly children: (data: Data) => ReactNode;
  readonly isEmpty?: (data: Data) => boolean;
  readonly empty?: ReactNode;
}) {
  const { data, error, isPending, refetch } = query;
  if (data !== undefined && !(error instanceof Refused && error.status === 404)) {
    return (
      <>
        {error !== null && error !== undefined && <ErrorState error={error} onRetry={() => void refetch()} />}
        {isEmpty?.(data) === true ? (empty ?? <EmptyState />) : children(data)}
      </>
    );
  }
  if (isPending) return <LoadingState />;
  return <ErrorState error={error} onRetry={() => void refetch()} />;
}
