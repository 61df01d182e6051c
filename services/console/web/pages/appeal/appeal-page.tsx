/** An appeal: what the holder says, what is known of each swipe, deadlines, what was done; and its handling. */

import { Card, Col, Descriptions, Flex, Row, Tag, Typography } from "antd";
import { Link, useParams } from "react-router-dom";
import type { AppealDetail } from "../../../../../schemas/http/appeals.js";
import { PageHead } from "../../parts/page-head.js";
import { QueryState } from "../../parts/page-state.js";
import { InstantText } from "../../parts/values.js";
import { useWords } from "../../words/words.js";
import { useRecordWord } from "../case/bilingual.js";
import { useAppeal } from "./appeal-query.js";
import { appealStateWords, appealWords } from "./appeal-words.js";
import { ClaimedSwipes } from "./claimed-swipes.js";
import { Deadlines } from "./deadlines.js";
import { Documents, Papers } from "./documents.js";
import { HandlingPanel } from "./handling-panel.js";

export default function AppealPage() {
  const { appealId = "" } = useParams();
  const query = useAppeal(appealId);
  return <QueryState query={query}>{(found) => <FoundAppeal key={appealId} found={found} />}</QueryState>;
}

function FoundAppeal({ found }: { readonly found: AppealDetail }) {
  const words = useWords(appealWords);
  const states = useWords(appealStateWords);
  return (
    <>
      <PageHead
        title={
          <Flex gap={8} wrap align="center">
            {words.appeals} {found.number} <Tag>{states[found.state]}</Tag>
          </Flex>
        }
        actions={<Link to={`/cases/${encodeURIComponent(found.caseId)}`}>{words.case}</Link>}
      />
      <Row gutter={[16, 16]}>
        <Col xs={24} xl={16}>
          <Flex vertical gap={12}>
            <Statement found={found} />
            <Card size="small" title={words.swipes}>
              <ClaimedSwipes found={found} />
            </Card>
            <DecisionPart found={found} />
            <Card size="small" title={words.documents}>
              <Documents found={found} />
            </Card>
            <Card size="small" title={words.history}>
              <History found={found} />
            </Card>
          </Flex>
        </Col>
        <Col xs={24} xl={8}>
          <Flex vertical gap={12}>
            <HandlingPanel found={found} />
            <Card size="small" title={words.deadlines}>
              <Deadlines deadlines={found.deadlines} />
            </Card>
            <Card size="small" title={words.papers}>
              <Papers found={found} />
            </Card>
          </Flex>
        </Col>
      </Row>
    </>
  );
}

/** As the holder typed it. */
function Typed({ children }: { readonly children: string }) {
  return (
    <Typography.Paragraph style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere", margin: 0 }}>
      <bdi>{children}</bdi>
    </Typography.Paragraph>
  );
}

function Statement({ found }: { readonly found: AppealDetail }) {
  const words = useWords(appealWords);
  return (
    <Card size="small" title={words.statement}>
      <Typed>{found.statement}</Typed>
      {found.reconsiderationReasons !== null && (
        <>
          <Typography.Title level={3} style={{ fontSize: 14 }}>
            {words.reconsiderationReasons}
          </Typography.Title>
          <Typed>{found.reconsiderationReasons}</Typed>
        </>
      )}
      <Typography.Text type="secondary">
        {found.hasAgent && `${words.agent} · `}
        {words.account} {found.bankAccountTail ?? "—"}
      </Typography.Text>
    </Card>
  );
}

function DecisionPart({ found: { decision } }: { readonly found: AppealDetail }) {
  const words = useWords(appealWords);
  if (decision === null) return null;
  const result = {
    upheld: words.resultUpheld,
    partly: words.resultPartly,
    rejected: words.resultRejected,
  }[decision.result];
  return (
    <Card size="small" title={words.decision}>
      <Descriptions
        size="small"
        column={1}
        items={[
          { key: "result", label: words.outcome, children: <strong>{result}</strong> },
          {
            key: "at",
            label: words.time,
            children: <InstantText at={decision.decidedAt} withSeconds={false} />,
          },
          { key: "why", label: words.because, children: <Typed>{decision.reasons}</Typed> },
          {
            key: "remedies",
            label: words.remedies,
            children: (
              <ul style={{ margin: 0, paddingInlineStart: 20 }}>
                {decision.remedies.map((remedy) => (
                  <li key={remedy}>{remedy}</li>
                ))}
              </ul>
            ),
          },
        ]}
      />
    </Card>
  );
}

function History({ found: { history } }: { readonly found: AppealDetail }) {
  const word = useRecordWord();
  return (
    <ol style={{ listStyle: "none", padding: 0, margin: 0 }}>
      {[...history].reverse().map(({ version, at, type, by, text }) => (
        <li key={version} style={{ borderTop: "1px solid #e3e7ec", padding: "8px 0" }}>
          <InstantText at={at} /> <strong>{word(type)}</strong> {by.join("、")}
          {text !== null && <Typed>{text}</Typed>}
        </li>
      ))}
    </ol>
  );
}
