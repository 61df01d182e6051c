/** What happened to the person, newest first; a case's page has each decision's reasons. */

import { Space } from "antd";
import type { TimelineEntry } from "../../../../../schemas/http/figures.js";
import { PERSON_ROUTES } from "../../../../../schemas/http/subjects-routes.js";
import { ask } from "../../app/ask.js";
import { useKeysetList } from "../../parts/keyset-list.js";
import { MoreButton } from "../../parts/more-button.js";
import { QueryState } from "../../parts/page-state.js";
import { RowList } from "../../parts/row-list.js";
import { InstitutionLink } from "../../parts/subjects/subject-links.js";
import { Answered } from "../../parts/subjects/swipe-rows.js";
import { RuleTag } from "../../parts/tags.js";
import { InstantText, Money, RegionName, Token } from "../../parts/values.js";
import { swipeKindWords } from "../../words/domain.js";
import { useWords } from "../../words/words.js";
import { personWords, statusActionWords } from "./person-words.js";

export function TimelineTab({ personKey }: { readonly personKey: string }) {
  const words = useWords(personWords);
  const list = useKeysetList({
    queryKey: ["person-timeline", personKey],
    load: async (after, signal) => {
      const page = await ask(PERSON_ROUTES.timeline, { path: { key: personKey }, query: { after }, signal });
      return { items: page.entries, after: page.after };
    },
  });
  const entries = list.pages.flatMap(({ items }) => items);
  return (
    <QueryState query={list}>
      {() => (
        <>
          <RowList<TimelineEntry>
            label={words.tabTimeline}
            rows={entries}
            keyOf={({ position, eventId }) => `${position} ${eventId}`}
            empty={words.noTimeline}
            columns={[
              { key: "time", title: words.alertTime, of: ({ at }) => <InstantText at={at} /> },
              { key: "entry", title: words.entry, of: (entry) => <Kind entry={entry} /> },
              { key: "detail", title: words.detail, of: (entry) => <Detail entry={entry} /> },
              { key: "event", title: words.event, of: ({ eventId }) => <Token value={eventId} shown={24} /> },
            ]}
          />
          <MoreButton list={list} />
        </>
      )}
    </QueryState>
  );
}

function Kind({ entry }: { readonly entry: TimelineEntry }) {
  const kinds = useWords(swipeKindWords);
  const actions: Readonly<Record<string, string>> = useWords(statusActionWords);
  switch (entry.type) {
    case "swipe":
      return <>{kinds[entry.kind]}</>;
    case "card-status":
      return <>{actions[entry.action] ?? entry.action}</>;
    case "person-fact":
      return <>{entry.fact}</>;
    case "feedback":
      return <>{entry.verdict}</>;
    case "other":
      return <>{entry.recordType}</>;
    default:
      return entry satisfies never;
  }
}

function Detail({ entry }: { readonly entry: TimelineEntry }) {
  switch (entry.type) {
    case "swipe":
      return (
        <Space wrap size={6}>
          <Money fen={entry.totalFen} />
          {entry.decision !== null && <Answered row={entry.decision} />}
          {entry.decision?.rules.map((rule) => (
            <RuleTag key={rule} rule={rule} />
          ))}
          <InstitutionLink institutionId={entry.institutionId} name={entry.institutionName} />
          <RegionName code={entry.careRegion} />
          {entry.cardTail}
        </Space>
      );
    case "card-status":
      return (
        <Space wrap size={6}>
          {entry.cardTail}
          <RegionName code={entry.region} />
          {entry.transition !== null && `${entry.transition.from} → ${entry.transition.to}`}
        </Space>
      );
    case "person-fact":
      return (
        <Space wrap size={6}>
          {entry.filingKind}
          <RegionName code={entry.region} />
          <InstantText at={entry.from} />
          <InstantText at={entry.to} />
        </Space>
      );
    case "feedback":
      return <RuleTag rule={entry.rule} />;
    case "other":
      return <>—</>;
    default:
      return entry satisfies never;
  }
}
