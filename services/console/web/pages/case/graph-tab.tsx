/** Persons, terminals, institutions and agents around the case's person: two hops, as a picture and as a table. */

import { useQuery } from "@tanstack/react-query";
import { Alert, Segmented, Table, Typography } from "antd";
import { lazy, Suspense } from "react";
import { Link } from "react-router-dom";
import { CASE_PAGE_ROUTES } from "../../../../../schemas/http/case-page-routes.js";
import { ask } from "../../app/ask.js";
import { EmptyState, LoadingState, QueryState } from "../../parts/page-state.js";
import { useUrlQuery } from "../../parts/url-state.js";
import { Token } from "../../parts/values.js";
import { useWords, type Words } from "../../words/words.js";
import { type GraphNode, nodeWords } from "./graph-words.js";
import { Name } from "./name.js";
import { Wide } from "./wide.js";

const LinksPicture = lazy(() => import("./links-picture.js"));

const words: Words<
  "days" | "cut" | "none" | "kind" | "name" | "hop" | "swipes" | "stopped" | "table" | "about"
> = {
  zh: {
    days: "时间范围（天）",
    cut: "关联较多，仅显示次数最多的一部分。",
    none: "这段时间没有关联",
    kind: "类型",
    name: "对象",
    hop: "层级",
    swipes: "刷卡次数",
    stopped: "核验或拒绝",
    table: "关联对象列表",
    about: "同到一处只说明到过，不说明任何人做了什么。",
  },
  en: {
    days: "Range (days)",
    cut: "There are more; those with the most swipes are shown.",
    none: "Nothing shared within this time",
    kind: "Kind",
    name: "What",
    hop: "Hop",
    swipes: "Swipes",
    stopped: "Challenged or rejected",
    table: "What is linked",
    about: "To have been at one place says no more than that.",
  },
};
/** An institution has many swipes: more than a month is not looked through. */
const RANGES = [7, 14, 31];

export default function GraphTab({ caseId }: { readonly caseId: string }) {
  const said = useWords(words);
  const [{ days = "31" }, setQuery] = useUrlQuery();
  const query = useQuery({
    queryKey: ["case-graph", caseId, days],
    queryFn: ({ signal }) => ask(CASE_PAGE_ROUTES.graph, { path: { id: caseId }, query: { days }, signal }),
  });
  return (
    <>
      <Segmented
        aria-label={said.days}
        value={days}
        options={RANGES.map((range) => ({ value: String(range), label: `${range}` }))}
        onChange={(chosen) => setQuery({ days: chosen === "31" ? "" : chosen })}
      />{" "}
      <Typography.Text type="secondary">
        {said.days} · {said.about}
      </Typography.Text>
      <QueryState
        query={query}
        isEmpty={({ nodes }) => nodes.length < 2}
        empty={<EmptyState>{said.none}</EmptyState>}
      >
        {(graph) => (
          <>
            {graph.isCut && <Alert type="info" title={said.cut} style={{ marginBlock: 8 }} />}
            <Suspense fallback={<LoadingState />}>
              <LinksPicture graph={graph} />
            </Suspense>
            <NodeTable nodes={graph.nodes} />
          </>
        )}
      </QueryState>
    </>
  );
}

function NodeTable({ nodes }: { readonly nodes: readonly GraphNode[] }) {
  const said = useWords(words);
  const kinds = useWords(nodeWords);
  return (
    <Wide label={said.table}>
      <Table<GraphNode>
        size="small"
        rowKey={({ kind, key }) => `${kind}:${key}`}
        dataSource={[...nodes]}
        pagination={{ pageSize: 20, hideOnSinglePage: true }}
        columns={[
          { title: said.kind, render: (_, { kind }) => kinds[kind] },
          { title: said.name, render: (_, node) => <NodeName node={node} /> },
          { title: said.hop, align: "right", dataIndex: "hop" },
          { title: said.swipes, align: "right", dataIndex: "swipes", sorter: (a, b) => a.swipes - b.swipes },
          {
            title: said.stopped,
            align: "right",
            dataIndex: "stopped",
            sorter: (a, b) => a.stopped - b.stopped,
          },
        ]}
      />
    </Wide>
  );
}

function NodeName({ node: { kind, key, name } }: { readonly node: GraphNode }) {
  const shown = <Name>{name || key}</Name>;
  switch (kind) {
    case "person":
      return <Link to={`/persons/${encodeURIComponent(key)}`}>{key.slice(0, 12)}…</Link>;
    case "institution":
      return <Link to={`/institutions/${encodeURIComponent(key)}`}>{shown}</Link>;
    case "terminal":
      return shown;
    case "agent":
      return <Token value={key} />;
  }
}
