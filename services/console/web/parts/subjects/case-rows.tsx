/** Cases of a person or a place. */

import type { SubjectCase } from "../../../../../schemas/http/subjects.js";
import { useWords } from "../../words/words.js";
import { RowList } from "../row-list.js";
import { ActionTag, CaseStateTag, SeverityTag } from "../tags.js";
import { InstantText, Money, RegionName } from "../values.js";
import { CaseLink, SubjectLink } from "./subject-links.js";
import { subjectWords } from "./subject-words.js";

export function CaseRows({ cases }: { readonly cases: readonly SubjectCase[] }) {
  const words = useWords(subjectWords);
  return (
    <RowList
      label={words.cases}
      rows={cases}
      keyOf={({ caseId }) => caseId}
      empty={words.noCases}
      columns={[
        { key: "case", title: words.case, of: ({ caseId }) => <CaseLink caseId={caseId} /> },
        {
          key: "subject",
          title: words.subject,
          of: ({ subjectKind, subject }) => <SubjectLink kind={subjectKind} subject={subject} />,
        },
        {
          key: "severity",
          title: words.severity,
          of: (one) => <SeverityTag severity={one.highestSeverity} />,
        },
        { key: "action", title: words.action, of: (one) => <ActionTag action={one.strongestAction} /> },
        { key: "state", title: words.state, of: ({ state }) => <CaseStateTag state={state} /> },
        {
          key: "money",
          title: words.money,
          isNumber: true,
          of: ({ moneyAtRiskFen }) => <Money fen={moneyAtRiskFen} />,
        },
        { key: "alerts", title: words.alerts, isNumber: true, of: ({ alerts }) => alerts },
        { key: "region", title: words.region, of: ({ region }) => <RegionName code={region} /> },
        { key: "last", title: words.lastAlertAt, of: ({ lastAlertAt }) => <InstantText at={lastAlertAt} /> },
        { key: "assignee", title: words.assignee, of: ({ assignee }) => assignee ?? words.nobody },
      ]}
    />
  );
}
