/** What runs, what is under way, and every version there ever was. */

import { Alert, App, Button, Card, Flex, Popconfirm, Progress, Tag, Typography } from "antd";
import { Link, useNavigate } from "react-router-dom";
import type { OpenActivation, RulesStatus, VersionSummary } from "../../../../../../schemas/http/rules.js";
import { RULES_ROUTES } from "../../../../../../schemas/http/rules-routes.js";
import { ask } from "../../../app/ask.js";
import { useMay } from "../../../app/session.js";
import { PageHead } from "../../../parts/page-head.js";
import { EmptyState, QueryState } from "../../../parts/page-state.js";
import { InstantText } from "../../../parts/values.js";
import { filled, useWords } from "../../../words/words.js";
import { useChange, useStartJob, useStatus, useVersions } from "../parts/rule-queries.js";
import { ToneTag, VersionStateTag } from "../parts/rule-tags.js";
import { RulesNav } from "../parts/rules-nav.js";
import { WideTable } from "../parts/wide-table.js";
import { rulesWords } from "../words.js";

/** Links within a text are told from it by more than their colour. */
const UNDERLINED = { textDecoration: "underline" } as const;

export default function VersionsPage() {
  const words = useWords(rulesWords);
  const status = useStatus();
  const versions = useVersions();
  return (
    <>
      <PageHead title={words.versions} actions={status.data && <Actions status={status.data} />} />
      <RulesNav />
      <Flex vertical gap={16}>
        <QueryState query={status}>{(answer) => <Status status={answer} />}</QueryState>
        <QueryState
          query={versions}
          isEmpty={(answer) => answer.versions.length === 0}
          empty={<EmptyState>{words.noVersions}</EmptyState>}
        >
          {(answer) => <VersionTable versions={answer.versions} />}
        </QueryState>
      </Flex>
    </>
  );
}

function Status({
  status: { running, shadowVersion, open, lastRefused, alarms },
}: {
  readonly status: RulesStatus;
}) {
  const words = useWords(rulesWords);
  return (
    <Flex vertical gap={12}>
      {alarms.length > 0 && (
        <Alert
          type="error"
          showIcon
          title={words.alarms}
          description={alarms.map((alarm) => <div key={alarm}>{alarm}</div>)}
        />
      )}
      <Card size="small">
        <Flex gap={16} wrap align="center">
          <span>
            {words.running}{" "}
            {running === null ? (
              "—"
            ) : (
              <Link style={UNDERLINED} to={`/rules/versions/${running.version}`}>
                {running.version}
              </Link>
            )}
          </span>
          <span>
            {words.shadow}{" "}
            {shadowVersion === null ? (
              words.none
            ) : (
              <Link style={UNDERLINED} to={`/rules/versions/${shadowVersion}`}>
                {shadowVersion}
              </Link>
            )}
          </span>
        </Flex>
        {open !== null && <Activation open={open} />}
        {lastRefused !== null && (
          <Typography.Text type="danger">
            {filled(words.activationOf, { sequence: lastRefused.sequence, version: lastRefused.version })}：
            {lastRefused.reason}
          </Typography.Text>
        )}
      </Card>
    </Flex>
  );
}

function Activation({ open }: { readonly open: OpenActivation }) {
  const words = useWords(rulesWords);
  const percent = open.partitions.length === 0 ? 0 : (open.answered / open.partitions.length) * 100;
  return (
    <section aria-label={words.activation} style={{ marginTop: 12 }}>
      {filled(words.activationOf, { sequence: open.sequence, version: open.version })}
      <Progress
        percent={percent}
        format={() => `${open.answered} / ${open.partitions.length}`}
        aria-label={words.activation}
      />
      <Flex gap={4} wrap>
        {open.partitions.map(({ partition, answer }) => (
          <ToneTag
            key={partition}
            tone={answer === "activated" ? "success" : answer === null ? "default" : "error"}
          >
            {filled(words.partition, { partition })}{" "}
            {answer === "activated" ? words.partitionActivated : (answer ?? words.partitionSilent)}
          </ToneTag>
        ))}
      </Flex>
      <Typography.Text type="secondary">
        {filled(words.waiting, { seconds: open.waitingSeconds })} {open.trouble}
      </Typography.Text>
    </section>
  );
}

function Actions({ status: { shadowVersion } }: { readonly status: RulesStatus }) {
  const words = useWords(rulesWords);
  const { message } = App.useApp();
  const navigate = useNavigate();
  const mayPublish = useMay("rules.publish");
  const mayDraft = useMay("rules.draft");
  const rollback = useChange(
    () => ask(RULES_ROUTES.rollback, { body: {} }),
    ({ version, activation }) =>
      void message.info(
        activation === null
          ? filled(words.rollbackWaits, { version: version.version })
          : words.startedActivation,
      ),
  );
  const end = useChange(() => ask(RULES_ROUTES.shadow, { body: { version: null } }));
  const compare = useStartJob((job) => navigate(`/rules/jobs/${job}`));
  return (
    <>
      {mayDraft && shadowVersion !== null && (
        <>
          <Button loading={compare.isPending} onClick={() => compare.mutate({ kind: "shadow" })}>
            {words.compareShadow}
          </Button>
          <Button loading={end.isPending} onClick={() => end.mutate(undefined)}>
            {words.endShadow}
          </Button>
        </>
      )}
      {mayPublish && (
        <Popconfirm title={words.rollbackAsk} onConfirm={() => rollback.mutate(undefined)}>
          <Button danger loading={rollback.isPending}>
            {words.rollback}
          </Button>
        </Popconfirm>
      )}
    </>
  );
}

const ORIGINS = {
  draft: "originDraft",
  rollback: "originRollback",
  breaker: "originBreaker",
  found: "originFound",
} as const;

function VersionTable({ versions }: { readonly versions: readonly VersionSummary[] }) {
  const words = useWords(rulesWords);
  return (
    <WideTable
      size="small"
      rowKey="version"
      dataSource={[...versions]}
      width={700}
      pagination={{ pageSize: 20, hideOnSinglePage: true, showSizeChanger: false }}
      columns={[
        {
          title: words.version,
          width: 80,
          render: (_, { version }) => <Link to={`/rules/versions/${version}`}>{version}</Link>,
        },
        {
          title: words.state,
          width: 170,
          render: (_, { state, isInShadow, origin }) => (
            <>
              <VersionStateTag state={state} />
              {isInShadow && <ToneTag tone="purple">{words.inShadow}</ToneTag>}
              {origin !== "draft" && <Tag>{words[ORIGINS[origin]]}</Tag>}
            </>
          ),
        },
        { title: words.author, width: 120, dataIndex: "author" },
        {
          title: words.createdAt,
          width: 170,
          render: (_, { createdAt }) => <InstantText at={createdAt} withSeconds={false} />,
        },
        { title: words.comments, dataIndex: "comment" },
      ]}
    />
  );
}
