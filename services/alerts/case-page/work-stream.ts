/**
 * What people and the office did about a case, and what patrols found, as one stream: newest first, by keyset. A page reads at
 * most `limit` rows of each kind.
 */

import { type Kysely, type RawBuilder, sql } from "kysely";
import type { CaseWorkEntry } from "../../../schemas/http/case-page.js";
import { formatInstant } from "../../../schemas/instant.js";
import { type StreamRow, streamEntry } from "./stream-entry.js";

export interface StreamAsked {
  readonly caseId: string;
  /** null where the case is of no person. */
  readonly personKey: string | null;
  readonly before: { readonly at: string; readonly id: string } | null;
  readonly kinds: readonly CaseWorkEntry["type"][];
  readonly limit: number;
}

/** @throws DatabaseError. */
export async function caseStream<Tables>(
  tables: Kysely<Tables>,
  asked: StreamAsked,
): Promise<readonly CaseWorkEntry[]> {
  const parts = [...new Set(asked.kinds.flatMap((kind) => PARTS[kind]))].map((part) => part(asked));
  if (parts.length === 0) return [];
  const all = sql.join(
    parts.map((part) => pageOf(part, asked)),
    sql` union all `,
  );
  const { rows } = await sql<StreamRow>`
    select * from (${all}) as entries order by at desc, id collate "C" desc limit ${asked.limit}`.execute(
    tables,
  );
  return rows
    .map((row) => streamEntry(row, formatInstant(row.at.getTime())))
    .filter(({ type }) => asked.kinds.includes(type));
}

type Part = (asked: StreamAsked) => RawBuilder<unknown>;

function pageOf(part: RawBuilder<unknown>, { before, limit }: StreamAsked): RawBuilder<unknown> {
  const behind =
    before === null
      ? sql`true`
      : sql`(at, id collate "C") < (${before.at}::timestamptz, ${before.id} collate "C")`;
  return sql`(select * from (${part}) as part where ${behind} order by at desc, id collate "C" desc limit ${limit})`;
}

/** Notes are changes of the case with a text of their own. */
const historyPart =
  (onlyNotes: boolean): Part =>
  ({ caseId }) =>
    sql`
    select ${onlyNotes ? "note" : "work"} as kind, 'work-' || lpad(h.version::text, 9, '0') as id, h.at,
      jsonb_build_object('version', h.version, 'actor', h.actor, 'action', h.action, 'detail', h.detail,
        'reason', h.reason, 'noteId', n.note_id, 'text', n.text, 'struckBy', n.struck_by,
        'struckAtMs', floor(extract(epoch from n.struck_at) * 1000), 'struckReason', n.struck_reason) as data
    from case_history h
    left join case_notes n
      on h.action = 'noted' and n.case_id = h.case_id and n.note_id = (h.detail ->> 'noteId')::integer
    where h.case_id = ${caseId} and (h.action = 'noted') = ${onlyNotes}`;

/** One-time codes say nothing about a case, and whoever read one could enter as the holder. */
const smsPart: Part = ({ personKey }) => sql`
  select 'sms' as kind, 'sms-' || sms_id as id, created_at as at,
    jsonb_build_object('situation', template, 'text', text, 'status', status, 'reason', reason) as data
  from sms where person_key = ${personKey} and not is_secret`;

const answerPart: Part = ({ caseId }) => sql`
  select 'answer' as kind, 'answer-' || decision_id as id,
    timestamptz 'epoch' + answered_at_ms * interval '1 millisecond' as at,
    jsonb_build_object('decisionId', decision_id, 'answer', answer) as data
  from citizen_answers where case_id = ${caseId}`;

const custodyPart: Part = ({ caseId }) => sql`
  select 'custody' as kind, 'custody-' || lpad(seq::text, 9, '0') as id, (line::jsonb ->> 'at')::timestamptz as at,
    line::jsonb as data
  from evidence_custody where case_id = ${caseId}`;

const shownPart: Part = ({ caseId }) => sql`
  select 'custody' as kind, 'shown-' || lpad(audit_seq::text, 9, '0') as id, at,
    jsonb_build_object('actor', person, 'action', 'person-shown', 'reason', reason, 'subject', '') as data
  from case_unmaskings where case_id = ${caseId}`;

/** What the holder has not submitted is the holder's alone. */
const appealPart: Part = ({ caseId }) => sql`
  select 'appeal' as kind, 'appeal-' || e.appeal_id || '-' || lpad(e.version::text, 9, '0') as id, e.at,
    jsonb_build_object('appealId', a.appeal_id, 'event', e.event ->> 'type', 'state', a.state) as data
  from appeals a join appeal_events e on e.appeal_id = a.appeal_id
  where a.case_id = ${caseId} and a.state <> 'draft'`;

const findingPart: Part = ({ caseId }) => sql`
  select 'finding' as kind, 'finding-' || f.finding_id as id, a.occurred_at as at,
    jsonb_build_object('findingId', f.finding_id, 'patrol', f.patrol, 'severity', f.severity,
      'institutionId', f.institution_id, 'facts', f.facts, 'settings', f.parameters -> 'settings',
      'evidenceCount', f.evidence_count) as data
  from alerts a join patrol_findings f on f.finding_id = a.finding_id
  where a.case_id = ${caseId} and a.finding_id is not null and a.occurred_at is not null`;

const PARTS: Readonly<Record<CaseWorkEntry["type"], readonly Part[]>> = {
  work: [historyPart(false)],
  note: [historyPart(true)],
  sms: [smsPart],
  answer: [answerPart],
  custody: [custodyPart, shownPart],
  appeal: [appealPart],
  finding: [findingPart],
};
