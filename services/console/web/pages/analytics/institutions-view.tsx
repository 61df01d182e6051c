/** Institutions in the order of a figure; each leads to its rows. */

import { Card, Table, Tag } from "antd";
import { Link } from "react-router-dom";
import { INSTITUTION_RANKINGS, type InstitutionFigures } from "../../../../../schemas/http/figures.js";
import { OVERVIEW_ROUTES as ROUTES } from "../../../../../schemas/http/overview-routes.js";
import { ask } from "../../app/ask.js";
import { useMay } from "../../app/session.js";
import { Money, RegionName } from "../../parts/values.js";
import { actionWords, institutionKindWords } from "../../words/domain.js";
import { useWords } from "../../words/words.js";
import { analyticsWords, rankingWords } from "./analytics-words.js";
import { CsvLink, Figure } from "./figure-state.js";
import { Choice, type Field, FilterBar } from "./filter-bar.js";
import { rowsAddress, useAsked } from "./use-asked.js";

const FIELDS: readonly Field[] = ["care", "institutionKind"];
const STOPPING = ["review", "challenge", "reject"] as const;

export function InstitutionsView() {
  const words = useWords(analyticsWords);
  const rankings = useWords(rankingWords);
  const { query, change, asked } = useAsked(FIELDS);
  const by = INSTITUTION_RANKINGS.find((one) => one === query.by) ?? "stops";
  const given = { ...asked, by };
  return (
    <>
      <FilterBar fields={FIELDS} query={query} change={change}>
        <Choice
          label={words.by}
          value={by}
          change={(chosen) => change({ by: chosen })}
          of={INSTITUTION_RANKINGS}
          words={rankings}
          hasAny={false}
        />
      </FilterBar>
      <Figure
        queryKey={["institutions", given]}
        load={(signal) => ask(ROUTES.institutions, { query: given, signal })}
        isEmpty={({ institutions }) => institutions.length === 0}
      >
        {({ institutions }) => (
          <Card size="small">
            <CsvLink figure="institutions" query={given} />
            <Institutions institutions={institutions} asked={asked} />
          </Card>
        )}
      </Figure>
    </>
  );
}

interface InstitutionsProps {
  readonly institutions: readonly InstitutionFigures[];
  readonly asked: Readonly<Record<string, string>>;
}

function Institutions({ institutions, asked }: InstitutionsProps) {
  const words = useWords(analyticsWords);
  const actions = useWords(actionWords);
  const kinds = useWords(institutionKindWords);
  const mayRows = useMay("cases.read");
  return (
    <Table<InstitutionFigures>
      size="small"
      rowKey="institutionId"
      dataSource={[...institutions]}
      pagination={{ pageSize: 25, hideOnSinglePage: true, showSizeChanger: false }}
      scroll={{ x: "max-content" }}
      columns={[
        { title: "#", width: 48, render: (_, __, at) => at + 1 },
        {
          title: words.name,
          render: (_, one) => (
            <>
              {mayRows ? (
                <Link to={`/institutions/${encodeURIComponent(one.institutionId)}`}>
                  <bdi>{one.institutionName || one.institutionId}</bdi>
                </Link>
              ) : (
                <bdi>{one.institutionName || one.institutionId}</bdi>
              )}{" "}
              <Tag>{kinds[one.institutionKind]}</Tag>
            </>
          ),
        },
        { title: words.care, render: (_, { careRegion }) => <RegionName code={careRegion} /> },
        {
          title: words.swipes,
          align: "right",
          render: (_, one) =>
            mayRows ? (
              <Link to={rowsAddress(asked, { institution: one.institutionId })}>{one.swipes}</Link>
            ) : (
              one.swipes
            ),
        },
        ...STOPPING.map((action) => ({
          title: actions[action],
          align: "right" as const,
          render: (_: unknown, one: InstitutionFigures) =>
            mayRows && one[action] > 0 ? (
              <Link to={rowsAddress(asked, { institution: one.institutionId, action })}>{one[action]}</Link>
            ) : (
              one[action]
            ),
        })),
        { title: words.rate, align: "right", render: (_, one) => shareText(one.reject / one.swipes) },
        {
          title: words.stopped,
          align: "right",
          render: (_, one) => <Money fen={one.challengedFen + one.rejectedFen} />,
        },
      ]}
    />
  );
}

function shareText(share: number): string {
  return Number.isFinite(share) ? `${(share * 100).toFixed(2)}%` : "—";
}
