import type { PersonAnswer } from "../../../../../schemas/http/subjects.js";
import { RowList } from "../../parts/row-list.js";
import { CaseLink, InstitutionLink } from "../../parts/subjects/subject-links.js";
import { ActionTag, RuleTag, SeverityTag } from "../../parts/tags.js";
import { InstantText, Money } from "../../parts/values.js";
import { useWords } from "../../words/words.js";
import { personWords } from "./person-words.js";

export function AlertsTab({ alerts }: Pick<PersonAnswer, "alerts">) {
  const words = useWords(personWords);
  const states = { standing: words.standingAlert, replaced: words.replaced, withdrawn: words.withdrawn };
  return (
    <RowList
      label={words.tabAlerts}
      rows={alerts}
      keyOf={({ alertId }) => alertId}
      empty={words.noAlerts}
      columns={[
        { key: "time", title: words.alertTime, of: ({ occurredAt }) => <InstantText at={occurredAt} /> },
        { key: "decision", title: words.decision, of: ({ action }) => <ActionTag action={action} /> },
        { key: "severity", title: words.severity, of: ({ severity }) => <SeverityTag severity={severity} /> },
        {
          key: "rules",
          title: words.rules,
          of: ({ rules }) => rules.map((rule) => <RuleTag key={rule} rule={rule} />),
        },
        {
          key: "amount",
          title: words.amount,
          isNumber: true,
          of: ({ totalFen }) => <Money fen={totalFen} />,
        },
        {
          key: "institution",
          title: words.institution,
          of: ({ institutionId }) =>
            institutionId === null ? "—" : <InstitutionLink institutionId={institutionId} />,
        },
        { key: "tail", title: words.tail, of: ({ cardTail }) => cardTail ?? "—" },
        { key: "state", title: words.alertState, of: ({ state }) => states[state] },
        { key: "case", title: words.case, of: ({ caseId }) => <CaseLink caseId={caseId} /> },
      ]}
    />
  );
}
