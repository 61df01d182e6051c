/** Entries, the latest first; filters stand in the address. */

import { Button, Flex, Input, Typography } from "antd";
import { useId, useState } from "react";
import { Link } from "react-router-dom";
import { AUDIT_ROUTES } from "../../../../../schemas/http/system-routes.js";
import { ask } from "../../app/ask.js";
import { useKeysetList } from "../../parts/keyset-list.js";
import { MoreButton } from "../../parts/more-button.js";
import { EmptyState, QueryState } from "../../parts/page-state.js";
import { RowList } from "../../parts/row-list.js";
import { type Query, useUrlQuery } from "../../parts/url-state.js";
import { InstantText } from "../../parts/values.js";
import { useWords } from "../../words/words.js";
import { type ShownEntry, shownEntry } from "./audit-entry.js";
import { auditWords } from "./audit-words.js";

const FILTERS = ["actor", "action", "subject", "from", "to"] as const;
type Filter = (typeof FILTERS)[number];
const DETAIL_SHOWN = 48;

export function AuditEntries() {
  const words = useWords(auditWords);
  const [query, change] = useUrlQuery();
  const asked = Object.fromEntries(FILTERS.map((name) => [name, askedOf(name, query[name] ?? "")]));
  const list = useKeysetList({
    queryKey: ["audit", asked],
    load: async (after, signal) => {
      const page = await ask(AUDIT_ROUTES.entries, { query: { ...asked, before: after }, signal });
      return {
        items: page.lines.map(shownEntry),
        after: page.before === null ? null : String(page.before),
      };
    },
  });
  const entries = list.pages.flatMap(({ items }) => items);
  return (
    <>
      <Filters key={JSON.stringify(asked)} query={query} change={change} />
      <QueryState query={list}>
        {() => (
          <>
            {entries.length === 0 ? (
              <EmptyState>{list.hasNextPage ? words.noneYet : words.none}</EmptyState>
            ) : (
              <Entries entries={entries} />
            )}
            <MoreButton list={list} />
          </>
        )}
      </QueryState>
    </>
  );
}

/** A moment as the browser's field gives it is Beijing's. */
function askedOf(name: Filter, text: string): string {
  const isMoment = name === "from" || name === "to";
  return isMoment && text !== ""
    ? `${text}${text.length === "2026-01-01T00:00".length ? ":00" : ""}+08:00`
    : text;
}

function Filters({ query, change }: { readonly query: Query; readonly change: (changes: Query) => void }) {
  const words = useWords(auditWords);
  const id = useId();
  const [typed, setTyped] = useState<Query>(
    Object.fromEntries(FILTERS.map((name) => [name, query[name] ?? ""])),
  );
  const hints: Partial<Record<Filter, string>> = { action: words.actionHint, subject: words.subjectHint };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        change(Object.fromEntries(FILTERS.map((name) => [name, (typed[name] ?? "").trim()])));
      }}
    >
      <Flex wrap gap={8} align="end" style={{ marginBottom: 16 }}>
        {FILTERS.map((name) => (
          <label key={name} htmlFor={`${id}-${name}`}>
            <Typography.Text type="secondary">{words[name]}</Typography.Text>
            <Input
              id={`${id}-${name}`}
              value={typed[name] ?? ""}
              placeholder={hints[name] ?? ""}
              {...((name === "from" || name === "to") && { type: "datetime-local" })}
              style={{ width: 196, display: "flex", height: 32 }}
              onChange={(event) => setTyped({ ...typed, [name]: event.target.value })}
            />
          </label>
        ))}
        <Button type="primary" htmlType="submit">
          {words.search}
        </Button>
      </Flex>
    </form>
  );
}

function Entries({ entries }: { readonly entries: readonly ShownEntry[] }) {
  const words = useWords(auditWords);
  return (
    <RowList
      label={words.tabEntries}
      rows={entries}
      keyOf={({ line }) => line}
      columns={[
        { key: "seq", title: words.seq, isNumber: true, of: ({ seq }) => seq ?? "?" },
        { key: "time", title: words.time, of: ({ at }) => <InstantText at={at} /> },
        { key: "actor", title: words.actor, of: ({ actor }) => actor },
        { key: "action", title: words.action, of: ({ action }) => <span className="code">{action}</span> },
        { key: "subject", title: words.subject, of: ({ subject }) => <Subject subject={subject} /> },
        { key: "detail", title: words.detail, of: (entry) => <Detail entry={entry} /> },
      ]}
    />
  );
}

function Subject({ subject }: { readonly subject: string }) {
  const [kind, ...rest] = subject.split(":");
  const id = rest.join(":");
  const pages: Readonly<Record<string, string>> = { case: "cases", appeal: "appeals", person: "persons" };
  const page = pages[kind ?? ""];
  if (page === undefined || id === "") return <span className="code">{subject}</span>;
  return (
    <Link className="code" to={`/${page}/${encodeURIComponent(id)}`}>
      {subject}
    </Link>
  );
}

/** The line itself is behind it. */
function shortened(text: string): string {
  return text.length > DETAIL_SHOWN ? `${text.slice(0, DETAIL_SHOWN)}…` : text;
}

function Detail({ entry }: { readonly entry: ShownEntry }) {
  const words = useWords(auditWords);
  if (entry.seq === null) return <Typography.Text type="danger">{words.broken}</Typography.Text>;
  return (
    <details>
      <summary>{shortened(entry.details.join("；")) || words.line}</summary>
      <div className="code" style={{ whiteSpace: "pre-wrap", maxWidth: 640 }}>
        {entry.line}
      </div>
    </details>
  );
}
