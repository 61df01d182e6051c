/** Ways to the pages of persons, institutions, terminals, cases and findings. */

import { Link } from "react-router-dom";
import { useWords } from "../../words/words.js";
import { subjectWords } from "./subject-words.js";

/** Of a token or an id, what tells it apart. */
const SHOWN = 16;

export function PersonLink({ personKey }: { readonly personKey: string }) {
  return (
    <Link className="code" to={`/persons/${encodeURIComponent(personKey)}`} title={personKey}>
      {shortened(personKey)}
    </Link>
  );
}

export function InstitutionLink({
  institutionId,
  name = null,
}: {
  readonly institutionId: string;
  readonly name?: string | null;
}) {
  return (
    <Link to={`/institutions/${encodeURIComponent(institutionId)}`} title={institutionId}>
      {/* Whatever signs a name has, they turn nothing round but itself. */}
      <bdi>{name === null || name === "" ? institutionId : name}</bdi>
    </Link>
  );
}

export function TerminalLink({
  institutionId,
  terminalId,
}: {
  readonly institutionId: string;
  readonly terminalId: string;
}) {
  const path = `/institutions/${encodeURIComponent(institutionId)}/terminals/${encodeURIComponent(terminalId)}`;
  return <Link to={path}>{terminalId}</Link>;
}

export function CaseLink({ caseId }: { readonly caseId: string }) {
  return (
    <Link className="code" to={`/cases/${encodeURIComponent(caseId)}`} title={caseId}>
      {shortenedCase(caseId)}
    </Link>
  );
}

/** @param institutionId of the subject, where it is of one: its terminals are named behind it. */
export function SubjectLink({
  kind,
  subject,
  institutionId = null,
}: {
  readonly kind: string;
  readonly subject: string;
  readonly institutionId?: string | null;
}) {
  const words: Readonly<Record<string, string>> = useWords(subjectWords);
  return (
    <span>
      {words[kind] ?? kind} <SubjectName kind={kind} subject={subject} institutionId={institutionId} />
    </span>
  );
}

function SubjectName({
  kind,
  subject,
  institutionId,
}: {
  readonly kind: string;
  readonly subject: string;
  readonly institutionId: string | null;
}) {
  if (kind === "person") return <PersonLink personKey={subject} />;
  if (kind === "institution") return <InstitutionLink institutionId={subject} />;
  if (kind === "terminal" && institutionId !== null && subject.startsWith(`${institutionId}/`))
    return (
      <TerminalLink institutionId={institutionId} terminalId={subject.slice(institutionId.length + 1)} />
    );
  return (
    <span className="code" title={subject}>
      {shortened(subject)}
    </span>
  );
}

function shortened(text: string): string {
  return text.length > SHOWN + 2 ? `${text.slice(0, SHOWN)}…` : text;
}

/** The number behind a person's token tells the cases of one apart. */
function shortenedCase(caseId: string): string {
  const cut = caseId.lastIndexOf("-");
  return cut < SHOWN ? caseId : `${caseId.slice(0, SHOWN)}…${caseId.slice(cut)}`;
}
