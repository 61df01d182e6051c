/** What runs, what is under way, and every version there ever was. */

import { Alert, App, Button, Card, Flex, Popconfirm, Typography } from "antd";
import { Link, useNavigate } from "react-router-dom";
import type { RulesStatus } from "../../../../../../schemas/http/rules.js";
import { RULES_ROUTES } from "../../../../../../schemas/http/rules-routes.js";
import { ask } from "../../../app/ask.js";
import { useMay } from "../../../app/session.js";
import { PageHead } from "../../../parts/page-head.js";
import { EmptyState, QueryState } from "../../../parts/page-state.js";
import { filled, useWords } from "../../../words/words.js";
import { useChange, useStartJob, useStatus, useVersions } from "../parts/rule-queries.js";
import { RulesNav } from "../parts/rules-nav.js";
import { rulesWords } from "../words.js";
import { ActivationUnderWay } from "./activation-under-way.js";
import { VersionTable } from "./version-table.js";

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
        {open !== null && <ActivationUnderWay open={open} />}
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
