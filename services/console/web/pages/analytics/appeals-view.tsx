/** Appeals by when they were submitted: how many, how long, with what outcome. */

import { Alert, Card, Col, Row, Statistic } from "antd";
import { Link } from "react-router-dom";
import type { AppealFigures } from "../../../../../schemas/http/analytics.js";
import { OVERVIEW_ROUTES as ROUTES } from "../../../../../schemas/http/overview-routes.js";
import { ask } from "../../app/ask.js";
import { barsOption } from "../../parts/charts/bars-option.js";
import { BLUE } from "../../parts/charts/base-option.js";
import { Chart } from "../../parts/charts/chart.js";
import { filled, useWords } from "../../words/words.js";
import { analyticsWords, appealStateWords, resultWords } from "./analytics-words.js";
import { Figure } from "./figure-state.js";
import { type Field, FilterBar } from "./filter-bar.js";
import { useAsked } from "./use-asked.js";

const FIELDS: readonly Field[] = [];

export function AppealsView() {
  const { query, change, asked } = useAsked(FIELDS);
  return (
    <>
      <FilterBar fields={FIELDS} query={query} change={change} />
      <Figure
        queryKey={["appeal-figures", asked]}
        load={(signal) => ask(ROUTES.appeals, { query: asked, signal })}
        isEmpty={({ appeals }) => appeals === 0}
      >
        {(figures) => <Appeals figures={figures} />}
      </Figure>
    </>
  );
}

function Appeals({ figures }: { readonly figures: AppealFigures }) {
  const words = useWords(analyticsWords);
  const states = useWords(appealStateWords);
  const results = useWords(resultWords);
  const shown: readonly (readonly [string, number | string])[] = [
    [words.submitted, figures.appeals],
    [words.decided, figures.results.reduce((sum, { appeals }) => sum + appeals, 0)],
    [words.daysToAccept, daysText(figures.daysToAccept)],
    [words.daysToDecide, daysText(figures.daysToDecide)],
    [words.claimedSwipes, figures.claimedSwipes],
    [words.upheldSwipes, figures.upheldSwipes],
    [words.reconsidered, figures.reconsidered],
    [words.missed, figures.missed],
  ];
  return (
    <>
      {figures.isCut && (
        <Alert type="info" showIcon title={filled(words.isCut, { count: figures.appeals })} />
      )}
      <Card size="small" style={{ marginBottom: 16 }}>
        <Row gutter={[16, 16]}>
          {shown.map(([title, value]) => (
            <Col key={title} xs={12} md={6}>
              <Statistic title={title} value={value} />
            </Col>
          ))}
        </Row>
      </Card>
      <Row gutter={[16, 16]}>
        <Col xs={24} lg={12}>
          <Counts
            title={words.states}
            of={figures.states.map(({ state, appeals }) => ({ name: states[state], appeals, state }))}
          />
        </Col>
        <Col xs={24} lg={12}>
          <Counts
            title={words.results}
            of={figures.results.map(({ result, appeals }) => ({
              name: results[result],
              appeals,
              state: null,
            }))}
          />
        </Col>
      </Row>
    </>
  );
}

interface CountsProps {
  readonly title: string;
  readonly of: readonly { readonly name: string; readonly appeals: number; readonly state: string | null }[];
}

function Counts({ title, of }: CountsProps) {
  const words = useWords(analyticsWords);
  return (
    <Card size="small" title={title}>
      <Chart
        label={title}
        height={Math.max(140, of.length * 30 + 50)}
        option={barsOption(
          of.map(({ name }) => name),
          [{ name: title, colour: BLUE, values: of.map(({ appeals }) => appeals) }],
        )}
        table={{
          columns: [title, words.appeals],
          rows: of.map(({ name, appeals, state }) => [
            state === null ? (
              name
            ) : (
              <Link key={state} to={`/appeals?state=${state}`}>
                {name}
              </Link>
            ),
            appeals,
          ]),
        }}
      />
    </Card>
  );
}

function daysText(days: AppealFigures["daysToDecide"]): string {
  return days === null ? "—" : `${days.median} / ${days.longest}`;
}
