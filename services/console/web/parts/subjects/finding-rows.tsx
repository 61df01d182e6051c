/** What patrols found, in words that say what was counted. */

import { Link } from "react-router-dom";
import type { FindingSummary } from "../../../../../schemas/http/subjects.js";
import { LANGUAGE_TAGS, useLanguage, useWords } from "../../words/words.js";
import { RowList } from "../row-list.js";
import { SeverityTag } from "../tags.js";
import { InstantText, RegionName } from "../values.js";
import { CaseLink, SubjectLink } from "./subject-links.js";
import { subjectWords } from "./subject-words.js";

export function FindingRows({ findings }: { readonly findings: readonly FindingSummary[] }) {
  const words = useWords(subjectWords);
  const language = useLanguage();
  return (
    <RowList
      label={words.findings}
      rows={findings}
      keyOf={({ findingId }) => findingId}
      empty={words.noFindings}
      columns={[
        { key: "patrol", title: words.patrol, of: ({ patrol }) => patrol },
        { key: "severity", title: words.severity, of: ({ severity }) => <SeverityTag severity={severity} /> },
        {
          key: "found",
          title: words.found,
          of: ({ findingId, text }) => (
            <Link to={`/findings/${encodeURIComponent(findingId)}`}>{text[LANGUAGE_TAGS[language]]}</Link>
          ),
        },
        {
          key: "subject",
          title: words.subject,
          of: ({ subjectKind, subject, institutionId }) => (
            <SubjectLink kind={subjectKind} subject={subject} institutionId={institutionId} />
          ),
        },
        { key: "region", title: words.region, of: ({ region }) => <RegionName code={region} /> },
        { key: "window", title: words.window, of: ({ window }) => window },
        { key: "evidence", title: words.evidence, isNumber: true, of: ({ evidenceCount }) => evidenceCount },
        { key: "seen", title: words.lastSeen, of: ({ lastSeenAt }) => <InstantText at={lastSeenAt} /> },
        {
          key: "case",
          title: words.case,
          of: ({ caseId }) => (caseId === null ? "—" : <CaseLink caseId={caseId} />),
        },
      ]}
    />
  );
}
