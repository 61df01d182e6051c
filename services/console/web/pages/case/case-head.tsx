/** What a case is at a glance. */

import { Card, Descriptions, Flex } from "antd";
import { Link } from "react-router-dom";
import type { CaseDetail } from "../../../../../schemas/http/cases.js";
import { PageHead } from "../../parts/page-head.js";
import { ActionTag, CaseStateTag, SeverityTag } from "../../parts/tags.js";
import { InstantText, Money, RegionName, Token } from "../../parts/values.js";
import { useWords } from "../../words/words.js";
import { caseWords, subjectKindWords } from "./case-words.js";
import { UnmaskPart } from "./unmask-part.js";

export function CaseHead({ found }: { readonly found: CaseDetail }) {
  const words = useWords(caseWords);
  const kinds: Readonly<Record<string, string>> = useWords(subjectKindWords);
  const { caseId, code, subjectKind, subject } = found;
  return (
    <>
      <PageHead
        title={
          <Flex gap={8} wrap align="center">
            {words.case} {code ?? caseId.slice(0, 12)}
            <CaseStateTag state={found.state} />
            <SeverityTag severity={found.highestSeverity} />
            <ActionTag action={found.strongestAction} />
          </Flex>
        }
        actions={subjectKind === "person" && <UnmaskPart caseId={caseId} />}
      />
      <Card size="small" style={{ marginBottom: 12 }}>
        <Descriptions
          size="small"
          column={{ xs: 1, sm: 2, lg: 3, xl: 4 }}
          items={[
            {
              key: "subject",
              label: kinds[subjectKind] ?? words.subject,
              children: <SubjectLink kind={subjectKind} subject={subject} />,
            },
            { key: "money", label: words.money, children: <Money fen={found.moneyAtRiskFen} /> },
            { key: "alerts", label: words.alerts, children: `${found.standing} / ${found.alerts}` },
            { key: "assignee", label: words.assignee, children: found.assignee ?? words.nobody },
            { key: "region", label: words.region, children: <RegionName code={found.region} /> },
            {
              key: "opened",
              label: words.openedAt,
              children: <InstantText at={found.openedAt} withSeconds={false} />,
            },
            {
              key: "last",
              label: words.lastAlertAt,
              children: <InstantText at={found.lastAlertAt} withSeconds={false} />,
            },
            { key: "code", label: words.code, children: code ?? "—" },
          ]}
        />
      </Card>
    </>
  );
}

function SubjectLink({ kind, subject }: { readonly kind: string; readonly subject: string }) {
  const words = useWords(caseWords);
  const key = encodeURIComponent(subject);
  switch (kind) {
    case "person":
      return (
        <Flex gap={8} wrap>
          <Token value={subject} />
          <Link to={`/persons/${key}`}>{words.person}</Link>
        </Flex>
      );
    case "institution":
      return (
        <Link to={`/institutions/${key}`}>
          <bdi>{subject}</bdi>
        </Link>
      );
    default:
      return <Token value={subject} shown={32} />;
  }
}
