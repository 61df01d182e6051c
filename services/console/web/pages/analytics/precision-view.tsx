/** What became of the findings of each rule. Counted in the background; its age is shown. */

import { useQuery } from "@tanstack/react-query";
import { Alert, Card, Flex, Table, Typography } from "antd";
import { Link } from "react-router-dom";
import type { PrecisionAnswer } from "../../../../../schemas/http/analytics.js";
import { OVERVIEW_ROUTES as ROUTES } from "../../../../../schemas/http/overview-routes.js";
import { ask } from "../../app/ask.js";
import { useMay } from "../../app/session.js";
import { EmptyState, LoadingState, QueryState } from "../../parts/page-state.js";
import { RuleTag } from "../../parts/tags.js";
import { instantText, Money, RegionName } from "../../parts/values.js";
import { actionWords } from "../../words/domain.js";
import { filled, useLanguage, useWords } from "../../words/words.js";
import { analyticsWords } from "./analytics-words.js";
import { CsvLink } from "./figure-state.js";

const ASK_AGAIN_MS = 3_000;
type Precision = PrecisionAnswer["rules"][number];

export function PrecisionView() {
  const query = useQuery({
    queryKey: ["precision"],
    queryFn: ({ signal }) => ask(ROUTES.precision, { signal }),
    refetchInterval: ({ state }) => (state.data?.state === "counting" ? ASK_AGAIN_MS : false),
  });
  return <QueryState query={query}>{(answer) => <Precision answer={answer} />}</QueryState>;
}

function Precision({ answer }: { readonly answer: PrecisionAnswer }) {
  const words = useWords(analyticsWords);
  const language = useLanguage();
  if (answer.state === "counting")
    return (
      <>
        <Alert type="info" showIcon title={words.counting} />
        <LoadingState />
      </>
    );
  return (
    <Card size="small">
      {answer.state === "away" && (
        <Alert type="warning" showIcon title={words.countFailed} style={{ marginBottom: 12 }} />
      )}
      <Flex justify="space-between" wrap gap={8} style={{ marginBottom: 8 }}>
        <Typography.Text type="secondary">
          {answer.asOf !== null && filled(words.precisionNote, { at: instantText(answer.asOf, language) })}
        </Typography.Text>
        <CsvLink figure="precision" query={{}} />
      </Flex>
      {answer.rules.length === 0 ? <EmptyState /> : <PrecisionTable rules={answer.rules} />}
    </Card>
  );
}

function PrecisionTable({ rules }: { readonly rules: readonly Precision[] }) {
  const words = useWords(analyticsWords);
  const actions = useWords(actionWords);
  const mayRows = useMay("cases.read");
  const number = (title: string, field: keyof Precision & ("people" | "peopleConfirmed")) => ({
    title,
    dataIndex: field,
    align: "right" as const,
    sorter: (a: Precision, b: Precision) => a[field] - b[field],
  });
  return (
    <Table<Precision>
      size="small"
      rowKey={({ rule, region }) => `${rule}/${region}`}
      dataSource={[...rules]}
      pagination={{ pageSize: 25, hideOnSinglePage: true, showSizeChanger: false }}
      scroll={{ x: "max-content" }}
      columns={[
        { title: words.rule, render: (_, { rule }) => <RuleTag rule={rule} /> },
        { title: words.insured, render: (_, { region }) => <RegionName code={region} /> },
        {
          title: words.findings,
          align: "right",
          sorter: (a, b) => a.findings - b.findings,
          render: (_, { rule, region, findings }) =>
            mayRows ? (
              <Link to={`/analytics/rows?${new URLSearchParams({ rule, insured: region })}`}>{findings}</Link>
            ) : (
              findings
            ),
        },
        number(words.people, "people"),
        number(words.confirmed, "peopleConfirmed"),
        { title: words.honest, dataIndex: "peopleHonest", align: "right" },
        {
          title: words.precisionShare,
          align: "right",
          sorter: (a, b) => (a.precision ?? -1) - (b.precision ?? -1),
          render: (_, { precision }) => <Share share={precision} />,
        },
        { title: actions.challenge, dataIndex: "challenged", align: "right" },
        { title: actions.reject, dataIndex: "rejected", align: "right" },
        {
          title: words.falseBlock,
          align: "right",
          sorter: (a, b) => (a.falseBlockRate ?? -1) - (b.falseBlockRate ?? -1),
          render: (_, { falseBlockRate }) => <Share share={falseBlockRate} />,
        },
        {
          title: words.honestStopped,
          align: "right",
          render: (_, { honestStoppedFen }) => <Money fen={honestStoppedFen} />,
        },
        {
          title: words.prevented,
          align: "right",
          render: (_, { preventedFen }) => <Money fen={preventedFen} />,
        },
      ]}
    />
  );
}

function Share({ share }: { readonly share: number | null }) {
  const words = useWords(analyticsWords);
  if (share === null) return <Typography.Text type="secondary">{words.noVerdict}</Typography.Text>;
  return <>{(share * 100).toFixed(1)}%</>;
}
