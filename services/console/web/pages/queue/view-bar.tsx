/** Views of the queue: the ones that everybody has, one's own and shared ones, each with how many cases it has. */

import { CloseOutlined, SaveOutlined } from "@ant-design/icons";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Checkbox, Flex, Form, Input, Modal } from "antd";
import { useState } from "react";
import { Link } from "react-router-dom";
import type { QueueView } from "../../../../../schemas/http/queue.js";
import { QUEUE_ROUTES } from "../../../../../schemas/http/queue-routes.js";
import { ask, Refused } from "../../app/ask.js";
import { filled, useWords } from "../../words/words.js";
import { queueWords } from "./words.js";

const VIEWS_KEY = ["queue-views"] as const;
/** A count is looked at in passing. */
const COUNT_FRESH_MS = 60_000;

const COMMON = [
  { word: "viewAll", query: "" },
  { word: "viewUnassigned", query: "assignee=none" },
  { word: "viewMine", query: "assignee=me" },
  { word: "viewCritical", query: "severity=critical" },
  { word: "viewConfirm", query: "state=triage" },
] as const;

/** @param shown the address's query, without what is no filter. */
export function ViewBar({ shown }: { readonly shown: string }) {
  const words = useWords(queueWords);
  const queries = useQueryClient();
  const { data } = useQuery({
    queryKey: VIEWS_KEY,
    queryFn: ({ signal }) => ask(QUEUE_ROUTES.views, { signal }),
  });
  const remove = useMutation({
    mutationFn: ({ viewId }: QueueView) => ask(QUEUE_ROUTES.removeView, { path: { view: viewId } }),
    onSuccess: (views) => queries.setQueryData(VIEWS_KEY, views),
  });
  const views = data?.views ?? [];
  const isKnown = [...COMMON, ...views].some(({ query }) => query === shown);
  return (
    <nav aria-label={words.views} style={{ marginBottom: 12 }}>
      <Flex wrap gap={8} align="center">
        {COMMON.map(({ word, query }) => (
          <ViewLink key={word} name={words[word]} query={query} shown={shown} />
        ))}
        {views.map((view) => (
          <span key={view.viewId} style={{ whiteSpace: "nowrap" }}>
            <ViewLink
              name={view.isOwn ? view.name : filled(words.viewOf, { name: view.name, owner: view.owner })}
              query={view.query}
              shown={shown}
            />
            {view.isOwn && (
              <Button
                type="text"
                size="small"
                icon={<CloseOutlined />}
                aria-label={filled(words.viewDelete, { name: view.name })}
                onClick={() => remove.mutate(view)}
              />
            )}
          </span>
        ))}
        {!isKnown && <SaveView query={shown} />}
      </Flex>
    </nav>
  );
}

function ViewLink({
  name,
  query,
  shown,
}: {
  readonly name: string;
  readonly query: string;
  readonly shown: string;
}) {
  const { data } = useQuery({
    queryKey: ["queue-count", query],
    queryFn: ({ signal }) =>
      ask(QUEUE_ROUTES.count, { query: Object.fromEntries(new URLSearchParams(query)), signal }),
    staleTime: COUNT_FRESH_MS,
  });
  const count = data === undefined ? "" : ` ${data.count}${data.isMore ? "+" : ""}`;
  return (
    <Link
      to={query === "" ? "/queue" : `/queue?${query}`}
      className="queue-view"
      aria-current={query === shown ? "page" : undefined}
    >
      {name}
      <span className="queue-quiet">{count}</span>
    </Link>
  );
}

interface Typed {
  readonly name: string;
  readonly isShared?: boolean;
}

function SaveView({ query }: { readonly query: string }) {
  const words = useWords(queueWords);
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const save = useMutation({
    mutationFn: ({ name, isShared = false }: Typed) =>
      ask(QUEUE_ROUTES.saveView, { body: { name, query, isShared } }),
    onSuccess: (views) => {
      queries.setQueryData(VIEWS_KEY, views);
      setOpen(false);
      void message.success(words.viewSaved);
    },
    onError: (error) => void message.error(error instanceof Refused ? error.detail : String(error)),
  });
  return (
    <>
      <Button size="small" icon={<SaveOutlined />} onClick={() => setOpen(true)}>
        {words.saveView}
      </Button>
      <Modal
        open={isOpen}
        title={words.saveView}
        footer={null}
        onCancel={() => setOpen(false)}
        destroyOnHidden
      >
        <Form<Typed> layout="vertical" onFinish={(typed) => save.mutate(typed)}>
          <Form.Item
            name="name"
            label={words.viewName}
            rules={[{ required: true, max: 40, whitespace: true }]}
          >
            <Input autoFocus />
          </Form.Item>
          <Form.Item name="isShared" valuePropName="checked">
            <Checkbox>{words.viewShare}</Checkbox>
          </Form.Item>
          <Button type="primary" htmlType="submit" loading={save.isPending}>
            {words.send}
          </Button>
        </Form>
      </Modal>
    </>
  );
}
