/** Hits by kind, each with the way to its page. */

import { Card, Flex, Typography } from "antd";
import type { ReactNode } from "react";
import { Link } from "react-router-dom";
import type { SearchHit } from "../../../../../schemas/http/subjects.js";
import { RowList } from "../../parts/row-list.js";
import { CaseRows } from "../../parts/subjects/case-rows.js";
import { CaseLink, InstitutionLink, PersonLink } from "../../parts/subjects/subject-links.js";
import { appealStateWords } from "../../parts/subjects/subject-words.js";
import { SwipeRows } from "../../parts/subjects/swipe-rows.js";
import { InstantText, RegionName } from "../../parts/values.js";
import { institutionKindWords } from "../../words/domain.js";
import { useWords } from "../../words/words.js";
import { searchWords } from "./search-words.js";

type Of<Kind extends SearchHit["kind"]> = Extract<SearchHit, { kind: Kind }>;

function ofKind<Kind extends SearchHit["kind"]>(hits: readonly SearchHit[], kind: Kind): readonly Of<Kind>[] {
  return hits.filter((hit): hit is Of<Kind> => hit.kind === kind);
}

export function SearchHits({ hits }: { readonly hits: readonly SearchHit[] }) {
  const words = useWords(searchWords);
  const [cases, events, institutions, appeals, persons] = [
    ofKind(hits, "case"),
    ofKind(hits, "event"),
    ofKind(hits, "institution"),
    ofKind(hits, "appeal"),
    ofKind(hits, "person"),
  ];
  return (
    <Flex vertical gap={12}>
      <Part title={words.cases} count={cases.length}>
        <CaseRows cases={cases.map(({ found }) => found)} />
      </Part>
      <Part title={words.events} count={events.length}>
        {events.map(({ found, caseId }) => (
          <Flex key={found.decisionId} vertical gap={8}>
            <Typography.Text>
              <InstitutionLink institutionId={found.institutionId} name={found.institutionName} />
              {caseId !== null && (
                <>
                  {" · "}
                  <CaseLink caseId={caseId} />
                </>
              )}
            </Typography.Text>
            <SwipeRows rows={[found]} />
          </Flex>
        ))}
      </Part>
      <Part title={words.persons} count={persons.length}>
        {persons.map(({ found }) => (
          <p key={found.personKey} style={{ margin: 0 }}>
            <PersonLink personKey={found.personKey} /> {!found.isWhole && words.elsewhere}
          </p>
        ))}
      </Part>
      <Part title={words.appeals} count={appeals.length}>
        <Appeals appeals={appeals.map(({ found }) => found)} />
      </Part>
      <Part title={words.institutions} count={institutions.length}>
        <Institutions institutions={institutions.map(({ found }) => found)} />
      </Part>
    </Flex>
  );
}

function Part({
  title,
  count,
  children,
}: {
  readonly title: string;
  readonly count: number;
  readonly children: ReactNode;
}) {
  if (count === 0) return null;
  return <Card title={`${title} (${count})`}>{children}</Card>;
}

function Appeals({ appeals }: { readonly appeals: readonly Of<"appeal">["found"][] }) {
  const words = useWords(searchWords);
  const states = useWords(appealStateWords);
  return (
    <RowList
      label={words.appeals}
      rows={appeals}
      keyOf={({ appealId }) => appealId}
      columns={[
        {
          key: "number",
          title: words.number,
          of: ({ appealId, number }) => <Link to={`/appeals/${encodeURIComponent(appealId)}`}>{number}</Link>,
        },
        { key: "state", title: words.state, of: ({ state }) => states[state] },
        { key: "case", title: words.cases, of: ({ caseId }) => <CaseLink caseId={caseId} /> },
        { key: "opened", title: words.openedAt, of: ({ openedAt }) => <InstantText at={openedAt} /> },
      ]}
    />
  );
}

function Institutions({ institutions }: { readonly institutions: readonly Of<"institution">["found"][] }) {
  const words = useWords(searchWords);
  const kinds = useWords(institutionKindWords);
  return (
    <RowList
      label={words.institutions}
      rows={institutions}
      keyOf={({ institutionId }) => institutionId}
      columns={[
        {
          key: "name",
          title: words.name,
          of: ({ institutionId, name }) => <InstitutionLink institutionId={institutionId} name={name} />,
        },
        {
          key: "id",
          title: words.id,
          of: ({ institutionId }) => <span className="code">{institutionId}</span>,
        },
        { key: "kind", title: words.kind, of: ({ kind }) => (kind === null ? "—" : kinds[kind]) },
        { key: "region", title: words.region, of: ({ region }) => <RegionName code={region} /> },
      ]}
    />
  );
}
