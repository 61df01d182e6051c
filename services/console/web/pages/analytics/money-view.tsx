/** Money that was stopped, along time. */

import { Card, Flex, Statistic, Typography } from "antd";
import { OVERVIEW_ROUTES as ROUTES } from "../../../../../schemas/http/overview-routes.js";
import { ask } from "../../app/ask.js";
import { Chart } from "../../parts/charts/chart.js";
import { moneyOption } from "../../parts/charts/time-option.js";
import { Money, yuanText } from "../../parts/values.js";
import { actionWords } from "../../words/domain.js";
import { useWords } from "../../words/words.js";
import { analyticsWords } from "./analytics-words.js";
import { bucketLabel } from "./asked-range.js";
import { CsvLink, Figure } from "./figure-state.js";
import { type Field, FilterBar } from "./filter-bar.js";
import { useBucket } from "./trend-view.js";
import { useAsked } from "./use-asked.js";

const FIELDS: readonly Field[] = ["care", "insured", "institutionKind", "rule"];
const SUMS = ["atRiskFen", "reviewedFen", "challengedFen", "rejectedFen"] as const;

export function MoneyView() {
  const words = useWords(analyticsWords);
  const actions = useWords(actionWords);
  const { query, change, asked } = useAsked(FIELDS);
  const bucket = useBucket(query, asked);
  const given = { ...asked, bucket };
  const names = [words.atRisk, words.reviewed, words.challenged, words.rejected];
  return (
    <>
      <FilterBar fields={FIELDS} query={query} change={change} />
      <Figure
        queryKey={["trend", given]}
        load={(signal) => ask(ROUTES.trend, { query: given, signal })}
        isEmpty={({ buckets }) => buckets.length === 0}
      >
        {({ buckets }) => (
          <Card size="small">
            <Flex gap={24} wrap style={{ marginBottom: 12 }}>
              {SUMS.map((field, at) => (
                <Statistic
                  key={field}
                  title={names[at]}
                  value={yuanText(buckets.reduce((sum, one) => sum + one[field], 0))}
                />
              ))}
            </Flex>
            <CsvLink figure="trend" query={given} />
            <Chart
              label={words.money}
              height={340}
              option={moneyOption(
                buckets.map((one) => ({ ...one, label: bucketLabel(one.from, bucket) })),
                actions,
              )}
              table={{
                columns: [words.time, ...names],
                rows: buckets.map((one) => [
                  bucketLabel(one.from, bucket),
                  ...SUMS.map((field) => <Money key={field} fen={one[field]} />),
                ]),
              }}
            />
            <Typography.Text type="secondary">{words.stoppedNote}</Typography.Text>
          </Card>
        )}
      </Figure>
    </>
  );
}
