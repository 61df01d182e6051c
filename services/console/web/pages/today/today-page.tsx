/** Today: what needs me, then how things stand. */

import { Badge, Col, Flex, Row, Typography } from "antd";
import type { CityFiguresAnswer, Figures } from "../../../../../schemas/http/figures.js";
import type { OverviewAnswer } from "../../../../../schemas/http/overview.js";
import { PageHead } from "../../parts/page-head.js";
import { EmptyState, QueryState } from "../../parts/page-state.js";
import { useUrlQuery } from "../../parts/url-state.js";
import { instantText } from "../../parts/values.js";
import { filled, useLanguage, useWords } from "../../words/words.js";
import { Alarms } from "./alarms.js";
import { AnswersCard, MinutesCard, RegionsCard, TopRulesCard } from "./figures-cards.js";
import { HealthCard } from "./health-card.js";
import { HeldPart, lastKnown } from "./held.js";
import { NeedsCard } from "./needs-card.js";
import { todayWords } from "./today-words.js";
import { type LiveMode, useLiveOverview } from "./use-live-overview.js";

export default function TodayPage() {
  const words = useWords(todayWords);
  const { query, mode, asOf } = useLiveOverview();
  return (
    <>
      <PageHead title={words.title} actions={<Freshness mode={mode} asOf={asOf} />} />
      {query.data !== undefined && <Alarms overview={query.data} />}
      <Flex vertical gap={16}>
        <NeedsCard />
        <QueryState query={query}>
          {(overview) => <FiguresOfToday overview={overview} asOf={asOf} />}
        </QueryState>
      </Flex>
    </>
  );
}

function Freshness({ mode, asOf }: { readonly mode: LiveMode; readonly asOf: string | null }) {
  const words = useWords(todayWords);
  const language = useLanguage();
  return (
    <Flex gap={12} wrap>
      <Badge
        status={mode === "live" ? "success" : "warning"}
        text={mode === "live" ? words.live : words.polling}
      />
      {asOf !== null && (
        <Typography.Text type="secondary">
          {filled(words.asOf, { at: instantText(asOf, language) })}
        </Typography.Text>
      )}
    </Flex>
  );
}

function FiguresOfToday({
  overview,
  asOf,
}: {
  readonly overview: OverviewAnswer;
  readonly asOf: string | null;
}) {
  const words = useWords(todayWords);
  const [{ city = "" }, change] = useUrlQuery();
  const day = lastKnown(overview.day);
  const nowMs = asOf === null ? 0 : Date.parse(asOf);
  const query = new URLSearchParams(
    day === null ? {} : { from: day.range.from, to: day.range.to },
  ).toString();
  return (
    <>
      <HeldPart part={overview.pulse} store={words.analyticsAway}>
        {(pulse) =>
          pulse.newestAt === null ? (
            <EmptyState>
              {words.noSwipes}
              <br />
              {words.noSwipesHint}
            </EmptyState>
          ) : (
            <Row gutter={[16, 16]}>
              <Col xs={24} xl={9}>
                {day !== null && <AnswersCard of={sumOf(day.cities, city)} query={cityQuery(city, query)} />}
              </Col>
              <Col xs={24} xl={15}>
                <MinutesCard pulse={pulse} />
              </Col>
              {day !== null && (
                <>
                  <Col xs={24} xl={15}>
                    <RegionsCard
                      cities={day.cities}
                      city={city}
                      query={query}
                      onChoose={(chosen) => change({ city: chosen })}
                    />
                  </Col>
                  <Col xs={24} xl={9}>
                    <TopRulesCard day={day} city={city} />
                  </Col>
                </>
              )}
            </Row>
          )
        }
      </HeldPart>
      <HealthCard overview={overview} nowMs={nowMs} />
    </>
  );
}

function cityQuery(city: string, query: string): string {
  return city === "" ? query : `care=${city}&${query}`;
}

type City = CityFiguresAnswer["cities"][number];

/** Of one city, or of all: each swipe has one city of care. */
function sumOf(cities: readonly City[], chosen: string): Figures {
  const sum = {
    swipes: 0,
    approve: 0,
    review: 0,
    challenge: 0,
    reject: 0,
    atRiskFen: 0,
    reviewedFen: 0,
    challengedFen: 0,
    rejectedFen: 0,
  };
  for (const one of cities) {
    if (chosen !== "" && one.city !== chosen) continue;
    for (const field of Object.keys(sum) as (keyof Figures)[]) sum[field] += one[field];
  }
  return sum;
}
