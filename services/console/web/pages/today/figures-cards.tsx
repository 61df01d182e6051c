/** Today's figures: answers, minutes, rules, regions. */

import { useQuery } from "@tanstack/react-query";
import { Button, Card, Flex, Statistic, Typography } from "antd";
import { useMemo } from "react";
import { Link } from "react-router-dom";
import type { CityFiguresAnswer, Figures, RuleFigures } from "../../../../../schemas/http/figures.js";
import type { DayFigures, Pulse } from "../../../../../schemas/http/overview.js";
import { OVERVIEW_ROUTES as ROUTES } from "../../../../../schemas/http/overview-routes.js";
import { ask } from "../../app/ask.js";
import { regionCentre, regionName, useRegionName, useRegions } from "../../app/regions.js";
import { useMay } from "../../app/session.js";
import { barsOption } from "../../parts/charts/bars-option.js";
import { Chart } from "../../parts/charts/chart.js";
import { type Bubble, mapOption } from "../../parts/charts/map-option.js";
import { everyMinute, timeOption } from "../../parts/charts/time-option.js";
import { ACTION_COLOURS } from "../../parts/colours.js";
import { EmptyState } from "../../parts/page-state.js";
import { RuleTag } from "../../parts/tags.js";
import { Money, yuanText } from "../../parts/values.js";
import { actionWords } from "../../words/domain.js";
import { filled, LANGUAGE_TAGS, useLanguage, useWords } from "../../words/words.js";
import { Heading } from "./needs-card.js";
import { todayWords } from "./today-words.js";

type City = CityFiguresAnswer["cities"][number];
const ACTIONS = ["approve", "review", "challenge", "reject"] as const;

export function MinutesCard({ pulse }: { readonly pulse: Pulse }) {
  const words = useWords(todayWords);
  const actions = useWords(actionWords);
  const language = useLanguage();
  const points = useMemo(() => {
    const clock = new Intl.DateTimeFormat(LANGUAGE_TAGS[language], {
      timeZone: "Asia/Shanghai",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    });
    return everyMinute(pulse.minutes, pulse.range, (ms) => clock.format(ms));
  }, [pulse.minutes, pulse.range, language]);
  const option = useMemo(
    () => timeOption(points, { ...actions, swipes: words.swipes }),
    [points, actions, words],
  );
  return (
    <Card size="small" title={<Heading>{words.minutes}</Heading>}>
      <Chart
        label={words.minutes}
        option={option}
        table={{
          columns: ["", words.swipes, ...ACTIONS.map((action) => actions[action])],
          rows: points
            .filter(({ swipes }) => swipes > 0)
            .map((point) => [point.label, point.swipes, ...ACTIONS.map((action) => point[action])]),
        }}
      />
    </Card>
  );
}

/** Of the regions that are chosen, or of all of them. */
export function AnswersCard({ of, query }: { readonly of: Figures; readonly query: string }) {
  const words = useWords(todayWords);
  const actions = useWords(actionWords);
  const maySeeRows = useMay("cases.read");
  return (
    <Card size="small" title={<Heading>{words.answers}</Heading>}>
      <div style={{ display: "grid", gridTemplateColumns: "repeat(auto-fit, minmax(110px, 1fr))", gap: 12 }}>
        <Statistic title={words.swipes} value={of.swipes} />
        {ACTIONS.map((action) => (
          <Statistic
            key={action}
            title={
              maySeeRows ? (
                <Link to={`/analytics/rows?action=${action}&${query}`}>{actions[action]}</Link>
              ) : (
                actions[action]
              )
            }
            value={of[action]}
            styles={{ content: { color: ACTION_COLOURS[action] } }}
          />
        ))}
        <Statistic
          title={words.stopped}
          value={yuanText(of.challengedFen + of.rejectedFen)}
          prefix="¥"
          styles={{ content: { fontSize: 20 } }}
        />
      </div>
    </Card>
  );
}

const RULES_SHOWN = 10;

/** Of the city where one is chosen and may be asked for. */
export function TopRulesCard({ day, city }: { readonly day: DayFigures; readonly city: string }) {
  const words = useWords(todayWords);
  const isAsked = useMay("analytics.read") && city !== "";
  const ofCity = useQuery({
    queryKey: ["today-rules", city, day.range.from],
    queryFn: ({ signal }) => ask(ROUTES.rules, { query: { ...day.range, care: city }, signal }),
    enabled: isAsked,
  });
  const all = isAsked ? (ofCity.data?.rules ?? []) : day.rules;
  const rules = all.filter(({ mode }) => mode === "live").slice(0, RULES_SHOWN);
  const option = useMemo(() => rulesOption(rules, words), [rules, words]);
  return (
    <Card size="small" title={<Heading>{words.topRules}</Heading>}>
      {rules.length === 0 ? (
        <EmptyState />
      ) : (
        <Chart
          label={words.topRules}
          height={320}
          option={option}
          table={{
            columns: [words.rule, words.hits, words.stoppedHits],
            rows: rules.map((one) => [
              <RuleTag key={one.rule} rule={one.rule} />,
              one.swipes,
              stoppedOf(one),
            ]),
          }}
        />
      )}
    </Card>
  );
}

function stoppedOf({ challenge, reject }: Pick<RuleFigures, "challenge" | "reject">): number {
  return challenge + reject;
}

function rulesOption(rules: readonly RuleFigures[], words: { hits: string; stoppedHits: string }) {
  return barsOption(
    rules.map(({ rule }) => rule),
    [
      { name: words.stoppedHits, colour: ACTION_COLOURS.reject, values: rules.map(stoppedOf) },
      {
        name: words.hits,
        colour: "#8fa8c8",
        values: rules.map((one) => one.swipes - stoppedOf(one)),
      },
    ],
  );
}

interface RegionsProps {
  readonly cities: readonly City[];
  readonly city: string;
  readonly onChoose: (city: string) => void;
  /** For links: the range. */
  readonly query: string;
}

export function RegionsCard({ cities, city, onChoose, query }: RegionsProps) {
  const words = useWords(todayWords);
  const actions = useWords(actionWords);
  const name = useRegionName();
  const bubbles = useBubbles(cities, city);
  const option = useMemo(
    () => (canvas: { width: number; height: number }) => mapOption(bubbles, canvas),
    [bubbles],
  );
  return (
    <Card
      size="small"
      title={<Heading>{words.map}</Heading>}
      extra={
        city !== "" && (
          <Button size="small" onClick={() => onChoose("")}>
            {words.clear}
          </Button>
        )
      }
    >
      {bubbles.length === 0 ? (
        <EmptyState />
      ) : (
        <Chart
          label={words.map}
          height={320}
          option={option}
          onPress={(data) => {
            const { code } = data as { readonly code: string };
            onChoose(code === city ? "" : code);
          }}
          table={{
            columns: [words.city, words.swipes, ...ACTIONS.map((action) => actions[action]), words.stopped],
            rows: cities.map((one) => [
              <Button key={one.city} type="link" size="small" onClick={() => onChoose(one.city)}>
                {name(one.city)}
              </Button>,
              one.swipes,
              ...ACTIONS.map((action) => one[action]),
              <Money key="money" fen={one.challengedFen + one.rejectedFen} />,
            ]),
          }}
        />
      )}
      <Flex gap={12} wrap align="center">
        <Typography.Text type="secondary" style={{ fontSize: 13 }}>
          {city === "" ? words.mapHint : filled(words.chosen, { city: name(city) })}
        </Typography.Text>
        {city !== "" && <CityLinks city={city} query={query} />}
      </Flex>
    </Card>
  );
}

function CityLinks({ city, query }: { readonly city: string; readonly query: string }) {
  const words = useWords(todayWords);
  const [mayRows, mayTrend] = [useMay("cases.read"), useMay("analytics.read")];
  return (
    <>
      {mayRows && <Link to={`/analytics/rows?care=${city}&${query}`}>{words.rows}</Link>}
      {mayTrend && <Link to={`/analytics/trend?care=${city}`}>{words.trend}</Link>}
    </>
  );
}

function useBubbles(cities: readonly City[], chosen: string): readonly Bubble[] {
  const regions = useRegions();
  const words = useWords(todayWords);
  const actions = useWords(actionWords);
  return useMemo(
    () =>
      cities.flatMap((one) => {
        const centre = regionCentre(regions, one.city);
        if (centre === null) return [];
        const name = regionName(regions, one.city);
        const lines = [
          name,
          `${words.swipes}: ${one.swipes}`,
          ...ACTIONS.map((action) => `${actions[action]}: ${one[action]}`),
        ];
        const share = one.swipes === 0 ? 0 : stoppedOf(one) / one.swipes;
        return [
          { code: one.city, name, ...centre, value: one.swipes, share, isChosen: one.city === chosen, lines },
        ];
      }),
    [cities, chosen, regions, words, actions],
  );
}
