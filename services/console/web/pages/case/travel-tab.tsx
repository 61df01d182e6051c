/** Where the card was used: a map, and the same as a table with distance, time and speed. */

import { Button, Table, Tag, Typography } from "antd";
import { regionCentre, regionName, useRegions } from "../../app/regions.js";
import { EmptyState, ErrorState, LoadingState } from "../../parts/page-state.js";
import { InstantText } from "../../parts/values.js";
import { filled, useWords, type Words } from "../../words/words.js";
import { Name } from "./name.js";
import { useTimeline } from "./timeline-tab.js";
import { TravelMap } from "./travel-map.js";
import { type Leg, legsOf, stopsOf, tooFastPairs } from "./travel-path.js";
import { Wide } from "./wide.js";

const words: Words<
  | "map"
  | "basis"
  | "from"
  | "to"
  | "km"
  | "time"
  | "speed"
  | "fast"
  | "none"
  | "more"
  | "travel"
  | "minutes"
  | "same"
> = {
  zh: {
    map: "刷卡地点示意图：{stops} 次刷卡，{legs} 段行程",
    basis:
      "有终端坐标的用坐标，否则用统筹区中心点。直线距离；红线为系统判定两次刷卡无法由同一人完成的一段（R12）。",
    from: "自",
    to: "至",
    km: "距离（公里）",
    time: "间隔",
    speed: "所需时速（公里）",
    fast: "R12",
    none: "没有可定位的跨地点刷卡",
    more: "加载更早的刷卡",
    travel: "行程列表",
    minutes: "{count} 分钟",
    same: "同时",
  },
  en: {
    map: "Places of {stops} swipes, {legs} journeys",
    basis:
      "By the terminal's coordinates where there are some, else by the region's centre. Straight lines; red ones the judge found that one person cannot have made (R12).",
    from: "From",
    to: "To",
    km: "Distance (km)",
    time: "Time between",
    speed: "Speed needed (km/h)",
    fast: "R12",
    none: "No swipes at different places",
    more: "Load earlier swipes",
    travel: "Journeys",
    minutes: "{count} min",
    same: "at once",
  },
};

export default function TravelTab({ caseId }: { readonly caseId: string }) {
  const said = useWords(words);
  const regions = useRegions();
  const list = useTimeline(caseId, "swipe,pin");
  if (list.isPending) return <LoadingState />;
  if (list.isError && list.pages.length === 0)
    return <ErrorState error={list.error} onRetry={() => void list.refetch()} />;
  const swipes = list.items.filter((entry) => entry.type === "swipe");
  const stops = stopsOf(swipes, (region) => regionCentre(regions, region));
  const legs = legsOf(stops, tooFastPairs(swipes));
  return (
    <>
      {stops.length === 0 ? (
        <EmptyState>{said.none}</EmptyState>
      ) : (
        <>
          <TravelMap
            stops={stops}
            legs={legs}
            label={filled(said.map, { stops: stops.length, legs: legs.length })}
            nameOf={(code) => regionName(regions, code)}
          />
          <Typography.Paragraph type="secondary">{said.basis}</Typography.Paragraph>
          <LegTable legs={legs} nameOf={(code) => regionName(regions, code)} />
        </>
      )}
      {list.hasNextPage && (
        <Button block loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {said.more}
        </Button>
      )}
    </>
  );
}

function LegTable({
  legs,
  nameOf,
}: {
  readonly legs: readonly Leg[];
  readonly nameOf: (code: string) => string;
}) {
  const said = useWords(words);
  return (
    <Wide label={said.travel}>
      <Table<Leg>
        size="small"
        rowKey={({ from, to }) => `${from.eventId} ${to.eventId}`}
        dataSource={[...legs].reverse()}
        pagination={{ pageSize: 20, hideOnSinglePage: true }}
        columns={[
          {
            title: said.from,
            render: (_, leg) => <StopText stop={leg.from} name={nameOf(leg.from.careRegion)} />,
          },
          { title: said.to, render: (_, leg) => <StopText stop={leg.to} name={nameOf(leg.to.careRegion)} /> },
          { title: said.km, align: "right", render: (_, { km }) => km.toFixed(1) },
          {
            title: said.time,
            align: "right",
            render: (_, { minutes }) => filled(said.minutes, { count: Math.round(minutes) }),
          },
          {
            title: said.speed,
            align: "right",
            render: (_, { kmh, isTooFast }) => (
              <>
                {kmh === null ? said.same : Math.round(kmh)}{" "}
                {isTooFast && (
                  <Tag color="#b3202c" variant="solid">
                    {said.fast}
                  </Tag>
                )}
              </>
            ),
          },
        ]}
      />
    </Wide>
  );
}

function StopText({ stop, name }: { readonly stop: Leg["from"]; readonly name: string }) {
  return (
    <>
      <Name>{stop.institutionName}</Name> · {name}
      <br />
      <InstantText at={stop.at} />
    </>
  );
}
