/** What needs me now: before every figure. */

import { CheckCircleOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Badge, Card, Flex, Typography } from "antd";
import { Link } from "react-router-dom";
import { NEED_COUNT_MAX, type Need, type NeedItem } from "../../../../../schemas/http/overview.js";
import { OVERVIEW_ROUTES as ROUTES } from "../../../../../schemas/http/overview-routes.js";
import { ask } from "../../app/ask.js";
import { QueryState } from "../../parts/page-state.js";
import { SeverityTag } from "../../parts/tags.js";
import { InstantText, RegionName } from "../../parts/values.js";
import { caseStateWords } from "../../words/domain.js";
import { filled, useLanguage, useWords } from "../../words/words.js";
import { durationText } from "./duration-text.js";
import { needWords, todayWords } from "./today-words.js";

const EVERY_MS = 30_000;
/** Of a kind; the rest is behind its link. */
const SHOWN_MAX = 5;

export function NeedsCard() {
  const words = useWords(todayWords);
  const query = useQuery({
    queryKey: ["overview-needs"],
    queryFn: ({ signal }) => ask(ROUTES.needs, { signal }),
    refetchInterval: EVERY_MS,
  });
  return (
    <Card size="small" title={<Heading>{words.needs}</Heading>}>
      <QueryState query={query} isEmpty={({ needs }) => needs.length === 0} empty={<NoNeeds />}>
        {({ needs, asOf }) => (
          <div
            style={{ display: "grid", gridTemplateColumns: "repeat(auto-fill, minmax(280px, 1fr))", gap: 16 }}
          >
            {needs.map((need) => (
              <NeedList key={need.kind} need={need} nowMs={Date.parse(asOf)} />
            ))}
          </div>
        )}
      </QueryState>
    </Card>
  );
}

export function Heading({ children }: { readonly children: string }) {
  return (
    <Typography.Title level={2} style={{ fontSize: 16, margin: 0 }}>
      {children}
    </Typography.Title>
  );
}

function NoNeeds() {
  const words = useWords(todayWords);
  return (
    <Flex gap={8} align="center">
      <CheckCircleOutlined style={{ color: "#2f7d4f", fontSize: 18 }} />
      {words.noNeeds}
    </Flex>
  );
}

const URGENT: readonly Need["kind"][] = ["deadline-missed", "case-overdue", "appeal-due"];

function NeedList({ need, nowMs }: { readonly need: Need; readonly nowMs: number }) {
  const words = useWords(todayWords);
  const kinds = useWords(needWords);
  const shown = need.items.slice(0, SHOWN_MAX);
  return (
    <section aria-label={kinds[need.kind]}>
      <Flex gap={8} align="center" style={{ marginBottom: 4 }}>
        <Typography.Text strong>{kinds[need.kind]}</Typography.Text>
        <Badge
          count={need.count}
          overflowCount={NEED_COUNT_MAX}
          color={URGENT.includes(need.kind) ? "#b3202c" : "#1d4f91"}
        />
      </Flex>
      <ul style={{ listStyle: "none", margin: 0, padding: 0 }}>
        {shown.map((item) => (
          <li key={item.id} style={{ padding: "6px 0", borderTop: "1px solid #e3e7ec" }}>
            <NeedLine kind={need.kind} item={item} nowMs={nowMs} />
          </li>
        ))}
      </ul>
      {need.count > shown.length && (
        <Link to={LIST_OF[need.kind]}>
          {filled(words.more, {
            count: need.count > NEED_COUNT_MAX ? `${NEED_COUNT_MAX}+` : need.count - shown.length,
          })}
        </Link>
      )}
    </section>
  );
}

const LIST_OF: Readonly<Record<Need["kind"], string>> = {
  "deadline-missed": "/appeals",
  "appeal-due": "/appeals",
  "case-overdue": "/queue?assignee=me",
  "phone-call": "/queue",
  proposal: "/queue",
  unmasking: "/queue",
  "rules-draft": "/rules",
};

function pageOf(kind: Need["kind"], item: NeedItem): string {
  switch (kind) {
    case "deadline-missed":
    case "appeal-due":
      return `/appeals/${encodeURIComponent(item.id)}`;
    case "rules-draft":
      return `/rules?version=${encodeURIComponent(item.id)}`;
    case "case-overdue":
    case "phone-call":
    case "proposal":
    case "unmasking":
      return `/cases/${encodeURIComponent(item.caseId ?? "")}`;
    default:
      return kind satisfies never;
  }
}

function NeedLine({
  kind,
  item,
  nowMs,
}: {
  readonly kind: Need["kind"];
  readonly item: NeedItem;
  readonly nowMs: number;
}) {
  return (
    <Flex vertical gap={2}>
      <Flex gap={6} wrap align="center">
        {item.severity !== null && <SeverityTag severity={item.severity} />}
        <Link to={pageOf(kind, item)}>
          <NeedTitle kind={kind} item={item} />
        </Link>
        {item.region !== "" && <RegionName code={item.region} />}
      </Flex>
      <Typography.Text type="secondary" style={{ fontSize: 13 }}>
        {item.by !== null && <By name={item.by} />}
        {item.dueAt === null ? (
          <InstantText at={item.since} withSeconds={false} />
        ) : (
          <Due at={item.dueAt} nowMs={nowMs} />
        )}
      </Typography.Text>
    </Flex>
  );
}

/** Whatever signs a name has, they turn nothing that stands beside it. */
function By({ name }: { readonly name: string }) {
  const words = useWords(todayWords);
  const [before, after] = words.by.split("{name}");
  return (
    <>
      {before}
      <bdi>{name}</bdi>
      {after} ·{" "}
    </>
  );
}

function NeedTitle({ kind, item }: { readonly kind: Need["kind"]; readonly item: NeedItem }) {
  const states = useWords(caseStateWords);
  switch (kind) {
    case "deadline-missed":
    case "appeal-due":
      return <>{item.what}</>;
    case "rules-draft":
      return <>v{item.what}</>;
    case "proposal":
      return (
        <>
          → {states[item.what as keyof typeof states] ?? item.what} · {shortOf(item.caseId)}
        </>
      );
    case "case-overdue":
    case "phone-call":
    case "unmasking":
      return <>{shortOf(item.caseId)}</>;
    default:
      return kind satisfies never;
  }
}

/** Of a case id: enough to tell it apart, with its number at the end. */
function shortOf(caseId: string | null): string {
  if (caseId === null || caseId.length <= 16) return caseId ?? "";
  return `${caseId.slice(0, 8)}…${caseId.slice(-3)}`;
}

function Due({ at, nowMs }: { readonly at: string; readonly nowMs: number }) {
  const words = useWords(todayWords);
  const language = useLanguage();
  const leftMs = Date.parse(at) - nowMs;
  const duration = durationText(Math.abs(leftMs), language);
  return leftMs < 0 ? (
    <Typography.Text type="danger">{filled(words.overdue, { duration })}</Typography.Text>
  ) : (
    filled(words.left, { duration })
  );
}
