/** Regions beside each other: by where the care is, or by where they are insured. */

import { Card, Segmented, Table } from "antd";
import { Link } from "react-router-dom";
import type { CityFiguresAnswer } from "../../../../../schemas/http/figures.js";
import { OVERVIEW_ROUTES as ROUTES } from "../../../../../schemas/http/overview-routes.js";
import { ask } from "../../app/ask.js";
import { useRegionName } from "../../app/regions.js";
import { useMay } from "../../app/session.js";
import { barsOption } from "../../parts/charts/bars-option.js";
import { Chart } from "../../parts/charts/chart.js";
import { ACTION_COLOURS } from "../../parts/colours.js";
import { Money } from "../../parts/values.js";
import { actionWords } from "../../words/domain.js";
import { useWords } from "../../words/words.js";
import { analyticsWords } from "./analytics-words.js";
import { CsvLink, Figure } from "./figure-state.js";
import { type Field, FilterBar, Labelled } from "./filter-bar.js";
import { rowsAddress, useAsked } from "./use-asked.js";

const FIELDS: readonly Field[] = ["institutionKind", "kind"];
const ACTIONS = ["approve", "review", "challenge", "reject"] as const;
const STOPPING = ["review", "challenge", "reject"] as const;
const CHARTED_MAX = 15;
type City = CityFiguresAnswer["cities"][number];

export function RegionsView() {
  const words = useWords(analyticsWords);
  const { query, change, asked } = useAsked(FIELDS);
  const by = query.by === "insured" ? "insured" : "care";
  const given = { ...asked, by };
  return (
    <>
      <FilterBar fields={FIELDS} query={query} change={change}>
        <Labelled label={words.bucket}>
          <Segmented
            aria-label={words.bucket}
            value={by}
            onChange={(chosen) => change({ by: chosen })}
            options={[
              { value: "care", label: words.care },
              { value: "insured", label: words.insured },
            ]}
          />
        </Labelled>
      </FilterBar>
      <Figure
        queryKey={["cities", given]}
        load={(signal) => ask(ROUTES.cities, { query: given, signal })}
        isEmpty={({ cities }) => cities.length === 0}
      >
        {({ cities }) => <Cities cities={cities} by={by} asked={given} />}
      </Figure>
    </>
  );
}

interface CitiesProps {
  readonly cities: readonly City[];
  readonly by: "care" | "insured";
  readonly asked: Readonly<Record<string, string>>;
}

function stopsOf({ review, challenge, reject }: City): number {
  return review + challenge + reject;
}

function Cities({ cities, by, asked }: CitiesProps) {
  const words = useWords(analyticsWords);
  const actions = useWords(actionWords);
  const name = useRegionName();
  const sorted = [...cities].sort((a, b) => stopsOf(b) - stopsOf(a));
  const charted = sorted.slice(0, CHARTED_MAX);
  return (
    <Card size="small">
      <CsvLink figure="cities" query={asked} />
      <Chart
        label={words.regions}
        height={Math.max(160, charted.length * 28 + 60)}
        option={barsOption(
          charted.map(({ city }) => name(city)),
          STOPPING.map((action) => ({
            name: actions[action],
            colour: ACTION_COLOURS[action],
            values: charted.map((one) => one[action]),
          })),
        )}
        table={{
          columns: [words.city, ...STOPPING.map((action) => actions[action])],
          rows: charted.map((one) => [name(one.city), ...STOPPING.map((action) => one[action])]),
        }}
      />
      <CitiesTable cities={sorted} by={by} asked={asked} />
    </Card>
  );
}

function CitiesTable({ cities, by, asked: { by: _by, ...asked } }: CitiesProps) {
  const words = useWords(analyticsWords);
  const actions = useWords(actionWords);
  const name = useRegionName();
  const mayRows = useMay("cases.read");
  return (
    <Table<City>
      size="small"
      rowKey="city"
      dataSource={[...cities]}
      pagination={{ pageSize: 20, hideOnSinglePage: true, showSizeChanger: false }}
      scroll={{ x: "max-content" }}
      columns={[
        {
          title: words.city,
          render: (_, { city }) =>
            mayRows && city !== "" ? (
              <Link to={rowsAddress(asked, { [by]: city })}>{name(city)}</Link>
            ) : (
              name(city)
            ),
        },
        { title: words.swipes, dataIndex: "swipes", align: "right", sorter: (a, b) => a.swipes - b.swipes },
        ...ACTIONS.map((action) => ({
          title: actions[action],
          dataIndex: action,
          align: "right" as const,
          sorter: (a: City, b: City) => a[action] - b[action],
        })),
        {
          title: words.stopped,
          align: "right",
          sorter: (a, b) => a.challengedFen + a.rejectedFen - b.challengedFen - b.rejectedFen,
          render: (_, one) => <Money fen={one.challengedFen + one.rejectedFen} />,
        },
      ]}
    />
  );
}
