/** A person by token: cards, cases, alerts, what happened, messages, appeals. Masked. */

import { useQuery } from "@tanstack/react-query";
import { Alert, Card, Descriptions, Flex } from "antd";
import type { ReactNode } from "react";
import { useParams } from "react-router-dom";
import type { PersonAnswer } from "../../../../../schemas/http/subjects.js";
import { PERSON_ROUTES } from "../../../../../schemas/http/subjects-routes.js";
import { ask } from "../../app/ask.js";
import { PageHead } from "../../parts/page-head.js";
import { QueryState } from "../../parts/page-state.js";
import { PartTabs } from "../../parts/part-tabs.js";
import { CaseRows } from "../../parts/subjects/case-rows.js";
import { useUrlQuery } from "../../parts/url-state.js";
import { RegionName, Token, yuanText } from "../../parts/values.js";
import { useWords } from "../../words/words.js";
import { AlertsTab } from "./alerts-tab.js";
import { AppealsTab } from "./appeals-tab.js";
import { CardsTab } from "./cards-tab.js";
import { MessagesTab } from "./messages-tab.js";
import { personWords } from "./person-words.js";
import { TimelineTab } from "./timeline-tab.js";

const TOKEN_SHOWN = 32;

export default function PersonPage() {
  const { personKey = "" } = useParams();
  const query = useQuery({
    queryKey: ["person", personKey],
    queryFn: ({ signal }) => ask(PERSON_ROUTES.person, { path: { key: personKey }, signal }),
  });
  return <QueryState query={query}>{(person) => <Person person={person} />}</QueryState>;
}

function Person({ person }: { readonly person: PersonAnswer }) {
  const words = useWords(personWords);
  return (
    <>
      <PageHead
        title={
          <>
            {words.title}{" "}
            <span style={{ fontSize: 15 }}>
              <Token value={person.personKey} shown={TOKEN_SHOWN} />
            </span>
          </>
        }
        note={words.masked}
      />
      <Flex vertical gap={16}>
        {!person.isWhole && <Alert type="info" showIcon title={words.elsewhere} />}
        <Card>
          <Summary person={person} />
        </Card>
        <Card>
          <Parts person={person} />
        </Card>
      </Flex>
    </>
  );
}

function Summary({ person }: { readonly person: PersonAnswer }) {
  const words = useWords(personWords);
  const { insuredRegion, formerKeys } = person;
  return (
    <Descriptions
      column={{ xs: 1, md: 3 }}
      items={[
        {
          key: "region",
          label: words.insuredRegion,
          children: insuredRegion === null ? "—" : <RegionName code={insuredRegion} />,
        },
        { key: "limits", label: words.limits, children: <Limits limits={person.limits} /> },
        {
          key: "former",
          label: words.formerKeys,
          children: formerKeys.length === 0 ? "—" : formerKeys.map((key) => <Token key={key} value={key} />),
        },
      ]}
    />
  );
}

function Limits({ limits }: Pick<PersonAnswer, "limits">) {
  const words = useWords(personWords);
  const { homeOnly, dailyFen, noNight } = limits;
  const told = [
    ...(homeOnly ? [words.homeOnly] : []),
    ...(dailyFen === null ? [] : [`${words.daily} ¥${yuanText(dailyFen)}`]),
    ...(noNight ? [words.noNight] : []),
  ];
  return <>{told.length === 0 ? words.noLimits : told.join("；")}</>;
}

/** Of a person who is insured elsewhere only what is of here. */
function Parts({ person }: { readonly person: PersonAnswer }) {
  const words = useWords(personWords);
  const [{ tab = "cases" }, change] = useUrlQuery();
  const part = (key: string, label: string, children: ReactNode) => ({ key, label, children });
  const own = [
    part("cards", words.tabCards, <CardsTab person={person} />),
    part("messages", words.tabSms, <MessagesTab person={person} />),
    part("appeals", words.tabAppeals, <AppealsTab person={person} />),
  ];
  return (
    <PartTabs
      label={words.title}
      open={tab}
      onOpen={(chosen) => change({ tab: chosen })}
      parts={[
        part("cases", `${words.tabCases} (${person.cases.length})`, <CaseRows cases={person.cases} />),
        part("alerts", words.tabAlerts, <AlertsTab alerts={person.alerts} />),
        part("timeline", words.tabTimeline, <TimelineTab personKey={person.personKey} />),
        ...(person.isWhole ? own : []),
      ]}
    />
  );
}
