/** A case: what happened, why it was judged so, where, with whom; and the work on it. The part that is open stands in the address. */

import { Card, Col, Grid, Row, Tabs } from "antd";
import { lazy, type ReactNode, Suspense } from "react";
import { useParams } from "react-router-dom";
import type { CaseDetail } from "../../../../../schemas/http/cases.js";
import { LoadingState, QueryState } from "../../parts/page-state.js";
import { useUrlQuery } from "../../parts/url-state.js";
import { useWords } from "../../words/words.js";
import { CaseHead } from "./case-head.js";
import { useCase, useCaseChanges } from "./case-query.js";
import { caseWords } from "./case-words.js";
import { TimelineTab } from "./timeline-tab.js";
import { WorkPanel } from "./work-panel.js";

const TravelTab = lazy(() => import("./travel-tab.js"));
const GraphTab = lazy(() => import("./graph-tab.js"));
const EvidenceTab = lazy(() => import("./evidence-tab.js"));

const FIRST = "timeline";

export default function CasePage() {
  const { caseId = "" } = useParams();
  const query = useCase(caseId);
  return <QueryState query={query}>{(found) => <FoundCase key={caseId} found={found} />}</QueryState>;
}

function FoundCase({ found }: { readonly found: CaseDetail }) {
  const isWide = Grid.useBreakpoint().xl ?? true;
  // Here, so that a conflict outlives a window that becomes narrower.
  const work = <WorkPanel found={found} changes={useCaseChanges(found)} />;
  return (
    <>
      <CaseHead found={found} />
      {isWide ? (
        <Row gutter={16} wrap={false}>
          <Col flex="auto" style={{ minWidth: 0 }}>
            <Parts found={found} />
          </Col>
          <Col flex="360px">{work}</Col>
        </Row>
      ) : (
        <Parts found={found} work={work} />
      )}
    </>
  );
}

/** @param work where there is no room beside the parts: as one of them. */
function Parts({ found, work }: { readonly found: CaseDetail; readonly work?: ReactNode }) {
  const words = useWords(caseWords);
  const [{ tab = FIRST }, setQuery] = useUrlQuery();
  const { caseId, subjectKind } = found;
  const isPerson = subjectKind === "person";
  const items = [
    { key: FIRST, label: words.timeline, children: <TimelineTab caseId={caseId} /> },
    ...(work === undefined ? [] : [{ key: "work", label: words.work, children: work }]),
    ...(isPerson
      ? [
          { key: "travel", label: words.travel, children: <TravelTab caseId={caseId} /> },
          { key: "graph", label: words.graph, children: <GraphTab caseId={caseId} /> },
        ]
      : []),
    { key: "evidence", label: words.evidence, children: <EvidenceTab found={found} /> },
  ];
  const active = items.some(({ key }) => key === tab) ? tab : FIRST;
  return (
    <Card size="small">
      <Tabs
        activeKey={active}
        destroyOnHidden
        onChange={(chosen) => setQuery({ tab: chosen === FIRST ? "" : chosen }, { push: true })}
        items={items.map((item) => ({
          ...item,
          children: <Suspense fallback={<LoadingState />}>{item.children}</Suspense>,
        }))}
      />
    </Card>
  );
}
