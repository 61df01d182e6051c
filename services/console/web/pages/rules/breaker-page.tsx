/** What the breaker counts now, what it lowered and why. */

import { useQuery } from "@tanstack/react-query";
import { Alert, Card, Flex, Typography } from "antd";
import { Link } from "react-router-dom";
import type { BreakerAnswer } from "../../../../../schemas/http/rules-console.js";
import { RULES_CONSOLE_ROUTES as ROUTES } from "../../../../../schemas/http/rules-console-routes.js";
import { ask } from "../../app/ask.js";
import { PageHead } from "../../parts/page-head.js";
import { EmptyState, QueryState } from "../../parts/page-state.js";
import { RuleTag } from "../../parts/tags.js";
import { InstantText } from "../../parts/values.js";
import { WideTable } from "../../parts/wide-table.js";
import { filled, useWords } from "../../words/words.js";
import { percentText } from "./parts/parameter-text.js";
import { LoweredTag } from "./parts/rule-tags.js";
import { RulesNav } from "./parts/rules-nav.js";
import { rulesWords } from "./words.js";

const LOOK_MS = 5_000;

export default function BreakerPage() {
  const words = useWords(rulesWords);
  const breaker = useQuery({
    queryKey: ["rules", "breaker"],
    queryFn: ({ signal }) => ask(ROUTES.breaker, { signal }),
    refetchInterval: LOOK_MS,
  });
  return (
    <>
      <PageHead title={words.breaker} />
      <RulesNav />
      <QueryState query={breaker}>{(answer) => <Shown {...answer} />}</QueryState>
    </>
  );
}

function Shown({ limits, windowSeconds, swipes, rules, lowered, trips }: BreakerAnswer) {
  const words = useWords(rulesWords);
  return (
    <Flex vertical gap={16}>
      {limits === null && <Alert type="warning" showIcon title={words.breakerOff} />}
      {lowered.length > 0 && (
        <Alert
          type="error"
          showIcon
          title={words.lowered}
          description={
            <>
              {lowered.map((rule) => (
                <RuleTag key={rule} rule={rule} />
              ))}
              <p>{words.loweredNote}</p>
            </>
          }
        />
      )}
      <Card size="small">
        {limits !== null && (
          <Typography.Paragraph type="secondary">
            {filled(words.breakerNote, {
              seconds: windowSeconds,
              swipes,
              share: percentText(limits.shareMax),
              times: limits.timesMax,
              anyway: percentText(limits.shareAnyway),
            })}
          </Typography.Paragraph>
        )}
        {rules.length === 0 ? <EmptyState>{words.noStops}</EmptyState> : <Stops rules={rules} />}
      </Card>
      <Card size="small" title={words.trips}>
        {trips.length === 0 ? <EmptyState>{words.noTrips}</EmptyState> : <Trips trips={trips} />}
      </Card>
    </Flex>
  );
}

function Stops({ rules }: Pick<BreakerAnswer, "rules">) {
  const words = useWords(rulesWords);
  return (
    <WideTable
      size="small"
      rowKey="rule"
      pagination={false}
      dataSource={rules}
      columns={[
        {
          title: words.rule,
          render: (_, { rule, isLowered }) => (
            <>
              <RuleTag rule={rule} />
              {isLowered && <LoweredTag />}
            </>
          ),
        },
        { title: words.stops, align: "right", dataIndex: "stops" },
        { title: words.share, align: "right", render: (_, { share }) => percentText(share, 2) },
        {
          title: words.baseline,
          align: "right",
          render: (_, { baselineShare }) =>
            baselineShare === null ? words.unknownBefore : percentText(baselineShare, 2),
        },
      ]}
    />
  );
}

function Trips({ trips }: Pick<BreakerAnswer, "trips">) {
  const words = useWords(rulesWords);
  return (
    <WideTable
      size="small"
      rowKey="version"
      pagination={false}
      dataSource={trips}
      width={560}
      columns={[
        { title: words.createdAt, render: (_, { at }) => <InstantText at={at} /> },
        {
          title: words.version,
          render: (_, { version }) => <Link to={`/rules/versions/${version}`}>{version}</Link>,
        },
        {
          title: words.rule,
          render: (_, { rules }) => rules.map((rule) => <RuleTag key={rule} rule={rule} />),
        },
        { title: words.why, dataIndex: "comment" },
      ]}
    />
  );
}
