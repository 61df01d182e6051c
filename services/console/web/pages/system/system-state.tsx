/** Processes, checks, lag, feeds, outbox, SMS, proofs, versions. */

import { Alert, Card, Descriptions, Flex, Statistic, Tag, Typography } from "antd";
import type { SystemAnswer } from "../../../../../schemas/http/system.js";
import { RowList } from "../../parts/row-list.js";
import { InstantText, RegionName, Token } from "../../parts/values.js";
import { filled, useWords } from "../../words/words.js";
import { SystemLag } from "./system-lag.js";
import { checkWords, systemWords } from "./system-words.js";

const VERDICT_COLOURS = { ok: "#2f7d4f", warn: "#8a6100", fail: "#b3202c" } as const;

export function SystemState({ state }: { readonly state: SystemAnswer }) {
  const words = useWords(systemWords);
  const refused = state.outbox.refused.length;
  return (
    <Flex vertical gap={16}>
      {refused > 0 && <Alert type="error" showIcon title={filled(words.refusedTitle, { count: refused })} />}
      {state.rebuilding && <Alert type="warning" showIcon title={words.rebuilding} />}
      <Processes state={state} />
      <Card title={words.lag}>
        <SystemLag state={state} />
      </Card>
      <Feeds feeds={state.feeds} />
      <Outbox outbox={state.outbox} />
      <Sms sms={state.sms} />
      <Checks checks={state.checks} />
      <Versions versions={state.versions} />
    </Flex>
  );
}

function Processes({ state }: { readonly state: SystemAnswer }) {
  const words = useWords(systemWords);
  const { office, gateway } = state;
  return (
    <Flex wrap gap={16}>
      <Process title={words.office} seen={office} />
      <Process title={words.gateway} seen={gateway} />
    </Flex>
  );
}

function Process({ title, seen }: { readonly title: string; readonly seen: SystemAnswer["gateway"] }) {
  const words = useWords(systemWords);
  const verdict = seen?.ready === true ? "ok" : "fail";
  const told = seen === null ? words.gatewayAway : seen.ready ? words.ready : words.notReady;
  return (
    <Card title={title} style={{ flex: "1 1 300px" }}>
      <Typography.Text strong style={{ color: VERDICT_COLOURS[verdict] }}>
        {told}
      </Typography.Text>
      {seen?.reasons.map((reason) => (
        <Typography.Paragraph key={reason} style={{ marginBottom: 0 }}>
          {reason}
        </Typography.Paragraph>
      ))}
    </Card>
  );
}

function Checks({ checks }: Pick<SystemAnswer, "checks">) {
  const words = useWords(systemWords);
  const names: Readonly<Record<string, string>> = useWords(checkWords);
  return (
    <Card title={words.checks}>
      <RowList
        label={words.checks}
        rows={checks}
        keyOf={({ name }) => name}
        columns={[
          { key: "name", title: words.check, of: ({ name }) => names[name] ?? name },
          {
            key: "verdict",
            title: words.verdict,
            of: ({ verdict }) => (
              <Tag variant="solid" color={VERDICT_COLOURS[verdict]}>
                {words[verdict]}
              </Tag>
            ),
          },
          { key: "seen", title: words.seen, of: ({ detail }) => <span className="code">{detail}</span> },
          { key: "next", title: words.next, of: ({ next }) => next ?? "—" },
        ]}
      />
    </Card>
  );
}

function Feeds({ feeds }: Pick<SystemAnswer, "feeds">) {
  const words = useWords(systemWords);
  return (
    <Card title={words.feeds}>
      {feeds === null ? (
        <Alert type="warning" showIcon title={words.feedsAway} />
      ) : (
        <RowList
          label={words.feeds}
          rows={feeds}
          keyOf={({ feed }) => feed}
          empty={words.noFeeds}
          columns={[
            {
              key: "feed",
              title: words.feed,
              of: ({ feed }) => (
                <>
                  <RegionName code={feed} /> ({feed})
                </>
              ),
            },
            { key: "last", title: words.lastAt, of: ({ lastAt }) => <InstantText at={lastAt} /> },
          ]}
        />
      )}
    </Card>
  );
}

function Outbox({ outbox }: Pick<SystemAnswer, "outbox">) {
  const words = useWords(systemWords);
  return (
    <Card title={words.outbox} extra={filled(words.pending, { count: outbox.pending })}>
      <RowList
        label={words.outbox}
        rows={outbox.refused}
        keyOf={({ recordId }) => recordId}
        empty={words.noRefused}
        columns={[
          { key: "record", title: words.record, of: ({ recordId }) => <Token value={recordId} shown={24} /> },
          { key: "path", title: words.path, of: ({ path }) => <span className="code">{path}</span> },
          { key: "reason", title: words.reason, of: ({ refusal }) => refusal },
        ]}
      />
    </Card>
  );
}

function Sms({ sms }: Pick<SystemAnswer, "sms">) {
  const words = useWords(systemWords);
  return (
    <Card title={words.sms}>
      <Flex wrap gap={24}>
        <Statistic title={words.queued} value={sms.queued} />
        <Statistic title={words.waiting} value={sms.waiting} />
        <Statistic title={words.smsUnknown} value={sms.unknown} />
        <Statistic title={words.toResolve} value={sms.toResolve} />
        <Statistic title={words.calls} value={sms.calls} />
      </Flex>
    </Card>
  );
}

function Versions({ versions }: Pick<SystemAnswer, "versions">) {
  const words = useWords(systemWords);
  const { program, engine, node, schema, bundle } = versions;
  return (
    <Card title={words.versions}>
      <Descriptions
        column={{ xs: 1, md: 2 }}
        items={[
          { key: "program", label: words.program, children: program },
          { key: "engine", label: words.engine, children: engine },
          { key: "node", label: "Node.js", children: node },
          { key: "schema", label: words.schema, children: schema?.name ?? "—" },
          {
            key: "bundle",
            label: words.bundle,
            children:
              bundle === null ? (
                words.noBundle
              ) : (
                <span>
                  {bundle.version} <Token value={bundle.bundleHash} /> <InstantText at={bundle.activatedAt} />
                </span>
              ),
          },
        ]}
      />
    </Card>
  );
}
