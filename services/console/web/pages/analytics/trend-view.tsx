/** Swipes and answers along time, of all or of one rule. */

import { Card } from "antd";
import { Link } from "react-router-dom";
import { type BucketFigures, TREND_BUCKETS } from "../../../../../schemas/http/figures.js";
import { OVERVIEW_ROUTES as ROUTES } from "../../../../../schemas/http/overview-routes.js";
import { ask } from "../../app/ask.js";
import { Chart } from "../../parts/charts/chart.js";
import { timeOption } from "../../parts/charts/time-option.js";
import { Money } from "../../parts/values.js";
import { actionWords } from "../../words/domain.js";
import { useWords } from "../../words/words.js";
import { analyticsWords, bucketWords } from "./analytics-words.js";
import { bucketFor, bucketLabel } from "./asked-range.js";
import { CsvLink, Figure } from "./figure-state.js";
import { Choice, type Field, FilterBar } from "./filter-bar.js";
import { rowsAddress, useAsked } from "./use-asked.js";

const FIELDS: readonly Field[] = ["care", "insured", "institutionKind", "kind", "rule"];
const ACTIONS = ["approve", "review", "challenge", "reject"] as const;
type Bucket = (typeof TREND_BUCKETS)[number];

/** The bucket that the address names, or the one that suits the range. */
export function useBucket(query: Readonly<Record<string, string>>, asked: Readonly<Record<string, string>>) {
  const range = { from: asked.from ?? "", to: asked.to ?? "" };
  return TREND_BUCKETS.find((one) => one === query.bucket) ?? bucketFor(range);
}

export function TrendView() {
  const words = useWords(analyticsWords);
  const buckets = useWords(bucketWords);
  const { query, change, asked } = useAsked(FIELDS);
  const bucket = useBucket(query, asked);
  const given = { ...asked, bucket };
  return (
    <>
      <FilterBar fields={FIELDS} query={query} change={change}>
        <Choice
          label={words.bucket}
          value={bucket}
          change={(chosen) => change({ bucket: chosen })}
          of={TREND_BUCKETS}
          words={buckets}
          hasAny={false}
        />
      </FilterBar>
      <Figure
        queryKey={["trend", given]}
        load={(signal) => ask(ROUTES.trend, { query: given, signal })}
        isEmpty={(answer) => answer.buckets.length === 0}
      >
        {(answer) => (
          <Card size="small">
            <CsvLink figure="trend" query={given} />
            <Trend buckets={answer.buckets} bucket={bucket} asked={asked} />
          </Card>
        )}
      </Figure>
    </>
  );
}

interface TrendProps {
  readonly buckets: readonly BucketFigures[];
  readonly bucket: Bucket;
  readonly asked: Readonly<Record<string, string>>;
}

function Trend({ buckets, bucket, asked }: TrendProps) {
  const words = useWords(analyticsWords);
  const actions = useWords(actionWords);
  const points = buckets.map((one) => ({ ...one, label: bucketLabel(one.from, bucket) }));
  return (
    <Chart
      label={words.trend}
      height={380}
      option={timeOption(points, { ...actions, swipes: words.swipes })}
      table={{
        columns: [
          words.time,
          words.swipes,
          ...ACTIONS.map((action) => actions[action]),
          words.atRisk,
          words.stopped,
        ],
        rows: points.map((one, at) => [
          <Link key="rows" to={rowsAddress(asked, stretchOf(buckets, at, asked.to ?? ""))}>
            {one.label}
          </Link>,
          one.swipes,
          ...ACTIONS.map((action) => one[action]),
          <Money key="risk" fen={one.atRiskFen} />,
          <Money key="stopped" fen={one.challengedFen + one.rejectedFen} />,
        ]),
      }}
    />
  );
}

/** From one bucket's begin to the next one's: buckets without swipes between them are in it, and add nothing. */
function stretchOf(buckets: readonly BucketFigures[], at: number, end: string) {
  return { from: buckets[at]!.from, to: buckets[at + 1]?.from ?? end };
}
