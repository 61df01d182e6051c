/** One finding: what was counted, with which query and numbers, and the events it rests on. */

import { useQuery } from "@tanstack/react-query";
import { Card, Collapse, Descriptions, Flex, Typography } from "antd";
import type { ReactNode } from "react";
import { Link, useParams } from "react-router-dom";
import type { FindingDetail } from "../../../../../schemas/http/subjects.js";
import { FINDING_ROUTES } from "../../../../../schemas/http/subjects-routes.js";
import { ask } from "../../app/ask.js";
import { PageHead } from "../../parts/page-head.js";
import { QueryState } from "../../parts/page-state.js";
import { PartTitle } from "../../parts/part-title.js";
import { RowList } from "../../parts/row-list.js";
import { CaseLink, InstitutionLink, PersonLink, SubjectLink } from "../../parts/subjects/subject-links.js";
import { SeverityTag } from "../../parts/tags.js";
import { InstantText, RegionName } from "../../parts/values.js";
import { filled, LANGUAGE_TAGS, useLanguage, useWords } from "../../words/words.js";
import { factWords, findingWords, patrolWords } from "./finding-words.js";

export default function FindingPage() {
  const { findingId = "" } = useParams();
  const query = useQuery({
    queryKey: ["finding", findingId],
    queryFn: ({ signal }) => ask(FINDING_ROUTES.finding, { path: { id: findingId }, signal }),
  });
  return <QueryState query={query}>{(finding) => <Finding finding={finding} />}</QueryState>;
}

function Finding({ finding }: { readonly finding: FindingDetail }) {
  const patrols = useWords(patrolWords);
  return (
    <>
      <PageHead title={patrols[finding.patrol]} note={finding.findingId} />
      <Flex vertical gap={16}>
        <Card>
          <Summary finding={finding} />
        </Card>
        <Ground finding={finding} />
        <Evidence finding={finding} />
      </Flex>
    </>
  );
}

function Summary({ finding }: { readonly finding: FindingDetail }) {
  const words = useWords(findingWords);
  const tag = LANGUAGE_TAGS[useLanguage()];
  const { subjectKind, subject, institutionId } = finding;
  const item = (key: keyof typeof words, children: ReactNode) => ({ key, label: words[key], children });
  return (
    <Descriptions
      column={{ xs: 1, lg: 2 }}
      items={[
        { ...item("found", <strong>{finding.text[tag]}</strong>), span: "filled" as const },
        item("severity", <SeverityTag severity={finding.severity} />),
        item("subject", <SubjectLink kind={subjectKind} subject={subject} institutionId={institutionId} />),
        item(
          "at",
          institutionId === null ? (
            "—"
          ) : (
            <span>
              <InstitutionLink institutionId={institutionId} /> <RegionName code={finding.region} />
            </span>
          ),
        ),
        item("case", finding.caseId === null ? "—" : <CaseLink caseId={finding.caseId} />),
        item("window", finding.window),
        item(
          "firstAt",
          <span>
            <InstantText at={finding.firstAt} /> – <InstantText at={finding.lastAt} />
          </span>,
        ),
        item("firstSeen", <InstantText at={finding.firstSeenAt} />),
        item(
          "lastSeen",
          <span>
            <InstantText at={finding.lastSeenAt} /> ({words.seen} {finding.timesSeen})
          </span>,
        ),
        { ...item("sees", finding.sees[tag]), span: "filled" as const },
        { ...item("next", finding.next[tag]), span: "filled" as const },
        { ...item("basis", finding.basis[tag]), span: "filled" as const },
      ]}
    />
  );
}

function Ground({ finding }: { readonly finding: FindingDetail }) {
  const words = useWords(findingWords);
  const names: Readonly<Record<string, string>> = useWords(factWords);
  return (
    <Card>
      <Descriptions
        title={<PartTitle>{words.facts}</PartTitle>}
        column={{ xs: 1, md: 3 }}
        items={Object.entries(finding.facts).map(([name, value]) => ({
          key: name,
          label: names[name] ?? name,
          children: value,
        }))}
      />
      <Collapse
        style={{ marginTop: 12 }}
        items={[
          {
            key: "parameters",
            label: words.parameters,
            children: <Code text={pretty(finding.parameters)} />,
          },
          { key: "query", label: words.query, children: <Code text={finding.query} /> },
        ]}
      />
      <Descriptions
        style={{ marginTop: 12 }}
        column={1}
        items={[
          {
            key: "query",
            label: words.queryHash,
            children: <span className="code">{finding.querySha256}</span>,
          },
          {
            key: "evidence",
            label: words.evidenceHash,
            children: <span className="code">{finding.evidenceSha256}</span>,
          },
        ]}
      />
    </Card>
  );
}

function Code({ text }: { readonly text: string }) {
  return (
    // Long lines are scrolled with the keyboard too.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached.
    <pre className="code" tabIndex={0} style={{ margin: 0, overflow: "auto", maxHeight: 420 }}>
      {text}
    </pre>
  );
}

function pretty(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

function Evidence({ finding }: { readonly finding: FindingDetail }) {
  const words = useWords(findingWords);
  const { evidence, evidenceCount } = finding;
  return (
    <Card title={words.evidence}>
      {evidence.length < evidenceCount && (
        <Typography.Paragraph type="secondary">
          {filled(words.evidenceCut, { count: evidenceCount, shown: evidence.length })}
        </Typography.Paragraph>
      )}
      <RowList
        label={words.evidence}
        rows={evidence}
        keyOf={({ at, eventId, personKey }) => `${at} ${personKey} ${eventId}`}
        columns={[
          { key: "at", title: words.time, of: ({ at }) => <InstantText at={at} /> },
          {
            key: "event",
            title: words.event,
            of: ({ eventId }) => (
              <Link className="code" title={words.search} to={`/search?q=${encodeURIComponent(eventId)}`}>
                {eventId}
              </Link>
            ),
          },
          { key: "person", title: words.person, of: ({ personKey }) => <PersonLink personKey={personKey} /> },
          {
            key: "institution",
            title: words.at,
            of: ({ institutionId }) => <InstitutionLink institutionId={institutionId} />,
          },
        ]}
      />
    </Card>
  );
}
