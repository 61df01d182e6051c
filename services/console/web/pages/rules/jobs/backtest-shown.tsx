/** What a backtest found: whom a version would hit more or less, with examples. */

import { Alert, Card, Descriptions, Flex, type TableColumnsType } from "antd";
import { Link } from "react-router-dom";
import type { StoppedShares } from "../../../../../../schemas/backtest.js";
import type { LinkedBacktest } from "../../../../../../schemas/http/rules-jobs.js";
import { EmptyState } from "../../../parts/page-state.js";
import { ActionTag, RuleTag } from "../../../parts/tags.js";
import { InstantText, Money, RegionName } from "../../../parts/values.js";
import { WideTable } from "../../../parts/wide-table.js";
import { useWords } from "../../../words/words.js";
import { percentText } from "../parts/parameter-text.js";
import { rulesWords } from "../words.js";

type RuleRow = { readonly rule: string } & LinkedBacktest["rules"][string];
type Example = RuleRow["examples"][number];

export function BacktestShown({ backtest }: { readonly backtest: LinkedBacktest }) {
  const words = useWords(rulesWords);
  const rows = Object.entries(backtest.rules)
    .map(([rule, counts]) => ({ rule, ...counts }))
    .filter(({ gained, lost }) => gained + lost > 0)
    .sort((a, b) => b.gained + b.lost - (a.gained + a.lost));
  return (
    <Flex vertical gap={16}>
      {backtest.notes.length > 0 && (
        <Alert type="info" showIcon title={words.notes} description={backtest.notes.join("; ")} />
      )}
      <Summary backtest={backtest} />
      <Card size="small">
        {rows.length === 0 ? <EmptyState>{words.unchanged}</EmptyState> : <RuleRows rows={rows} />}
      </Card>
    </Flex>
  );
}

function Summary({ backtest }: { readonly backtest: LinkedBacktest }) {
  const words = useWords(rulesWords);
  const { swipes, shares, peopleStronger, peopleWeaker, money } = backtest;
  return (
    <Descriptions size="small" bordered column={{ xs: 1, md: 2 }}>
      <Descriptions.Item label={words.swipes}>{swipes.toLocaleString("zh-CN")}</Descriptions.Item>
      <Descriptions.Item label={words.alertedMoney}>
        <Money fen={money.alertedFen.baseline} /> → <Money fen={money.alertedFen.draft} />
      </Descriptions.Item>
      <Descriptions.Item label={words.stopsBaseline}>{stopsText(shares.baseline)}</Descriptions.Item>
      <Descriptions.Item label={words.stopsDraft}>{stopsText(shares.draft)}</Descriptions.Item>
      <Descriptions.Item label={words.peopleStronger}>{peopleStronger}</Descriptions.Item>
      <Descriptions.Item label={words.peopleWeaker}>{peopleWeaker}</Descriptions.Item>
    </Descriptions>
  );
}

function stopsText({ challenge, reject, challengeShare, rejectShare }: StoppedShares): string {
  return `${challenge} (${percentText(challengeShare, 2)}) / ${reject} (${percentText(rejectShare, 2)})`;
}

function RuleRows({ rows }: { readonly rows: readonly RuleRow[] }) {
  const words = useWords(rulesWords);
  return (
    <WideTable
      size="small"
      rowKey="rule"
      pagination={false}
      dataSource={[...rows]}
      width={720}
      expandable={{
        defaultExpandedRowKeys: rows.slice(0, 1).map(({ rule }) => rule),
        expandedRowRender: ({ examples }) => <Examples examples={examples} />,
      }}
      columns={[
        { title: words.rule, render: (_, { rule }) => <RuleTag rule={rule} /> },
        { title: words.gained, align: "right", dataIndex: "gained" },
        { title: words.lost, align: "right", dataIndex: "lost" },
        { title: words.gainedMoney, align: "right", render: (_, row) => <Money fen={row.gainedFen} /> },
        { title: words.lostMoney, align: "right", render: (_, row) => <Money fen={row.lostFen} /> },
        { title: words.clearedGained, align: "right", render: (_, row) => row.cleared.gained },
        { title: words.confirmedLost, align: "right", render: (_, row) => row.confirmed.lost },
      ]}
    />
  );
}

function Examples({ examples }: { readonly examples: readonly Example[] }) {
  const words = useWords(rulesWords);
  if (examples.length === 0) return <EmptyState>{words.noExamples}</EmptyState>;
  const columns: TableColumnsType<Example> = [
    { title: words.occurredAt, render: (_, { occurredAt }) => <InstantText at={occurredAt} /> },
    { title: words.change, render: (_, { change }) => words[change] },
    {
      title: words.answer,
      render: (_, { baselineAction, draftAction }) => (
        <>
          <ActionTag action={baselineAction} />→ <ActionTag action={draftAction} />
        </>
      ),
    },
    { title: words.money, align: "right", render: (_, { atRiskFen }) => <Money fen={atRiskFen} /> },
    { title: words.region, render: (_, { careRegion }) => <RegionName code={careRegion} /> },
    { title: words.look, render: (_, example) => <Look {...example} /> },
  ];
  return (
    <WideTable
      size="small"
      rowKey="decisionId"
      pagination={false}
      dataSource={[...examples]}
      columns={columns}
    />
  );
}

function Look({ caseId, eventId }: Example) {
  const words = useWords(rulesWords);
  return (
    <Flex gap={8}>
      {caseId !== null && <Link to={`/cases/${encodeURIComponent(caseId)}`}>{words.toCase}</Link>}
      <Link to={`/search?q=${encodeURIComponent(eventId)}`}>{words.toEvent}</Link>
    </Flex>
  );
}
