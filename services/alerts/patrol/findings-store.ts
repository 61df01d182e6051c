/**
 * What patrols found and how far they are, in the database of alerts.
 *
 * Owns: patrol_progress, patrol_queries, patrol_findings; alerts and cases of findings.
 *
 * 1. Findings and progress move in one transaction: after a crash the same stretch is looked at again.
 * 2. A finding's id follows from patrol, subject and window. Found again it is seen once more; what it says is replaced
 *    where it says something else now, with the run that said so. It is never there twice, and its alert neither, also
 *    where the subject has another name by now.
 */

import { Kysely, sql, type Transaction } from "kysely";
import type { Parameters } from "../../../platform/analytics/analytics-database.js";
import type { OpenDatabase } from "../../../platform/database/database.js";
import { insertMissing } from "../../../platform/database/insert-rows.js";
import type { Severity } from "../../../schemas/fields.js";
import { formatInstant } from "../../../schemas/instant.js";
import type { PatrolId, PatrolSettings } from "../../../schemas/patrols.js";
import { recount } from "../cases/open-cases.js";
import type { AlertsTables } from "../tables.js";
import type { Finding } from "./finding.js";
import type { LocatedFinding } from "./finding-regions.js";
import { underFirstName } from "./first-name.js";
import type { PatrolQuery } from "./patrol-sql.js";
import { FINDING_ALERT_COLUMNS, type FindingAlertRow } from "./patrol-tables.js";
import type { Standing } from "./stretch.js";
import { openSubjectCases, type Subject } from "./subject-cases.js";

export interface PatrolProgress {
  readonly standing: Standing;
  readonly recordsMax: number;
}

/** As run: the patrol's numbers, and what the query was given. */
export interface RunParameters {
  readonly settings: PatrolSettings["parameters"];
  readonly query: Parameters;
}

export interface FoundBatch {
  readonly query: PatrolQuery;
  readonly severity: Severity;
  readonly parameters: RunParameters;
  readonly findings: readonly LocatedFinding[];
  readonly progress: PatrolProgress;
  readonly seenAtMs: number;
}

export interface StoredCounts {
  /** Findings that were not there. */
  readonly fresh: number;
  readonly again: number;
  readonly cases: number;
}

type Trx = Transaction<AlertsTables>;

export class FindingsStore {
  readonly database: Kysely<AlertsTables>;

  constructor(database: OpenDatabase) {
    this.database = new Kysely<AlertsTables>({ dialect: database.dialect });
  }

  async progress(patrol: PatrolId): Promise<PatrolProgress | null> {
    const row = await this.database
      .selectFrom("patrol_progress")
      .selectAll()
      .where("patrol", "=", patrol)
      .executeTakeFirst();
    if (row === undefined) return null;
    const standing = { nextOffsets: row.next_offsets, clockMs: row.clock_ms };
    return { standing, recordsMax: row.records_max };
  }

  async saveProgress(patrol: PatrolId, progress: PatrolProgress): Promise<void> {
    await putProgress(this.database, patrol, progress);
  }

  /** Lets every patrol look at everything again. What was found stays. */
  async forgetProgress(): Promise<void> {
    await this.database.deleteFrom("patrol_progress").execute();
  }

  store(batch: FoundBatch): Promise<StoredCounts> {
    return this.database.transaction().execute(async (trx) => {
      await putProgress(trx, batch.query.patrol.id, batch.progress);
      if (batch.findings.length === 0) return { fresh: 0, again: 0, cases: 0 };
      await putQuery(trx, batch.query);
      const findings = await underFirstName(trx, batch.findings);
      const fresh = await putFindings(trx, { ...batch, findings });
      const isFresh = new Set(fresh);
      const raising = findings.filter(({ findingId }) => isFresh.has(findingId));
      const cases = await raiseFindings(
        trx,
        raising.map((finding) => raisedOf(finding, batch.severity)),
      );
      return { fresh: fresh.length, again: findings.length - fresh.length, cases };
    });
  }
}

async function putProgress(
  database: Kysely<AlertsTables>,
  patrol: PatrolId,
  { standing, recordsMax }: PatrolProgress,
): Promise<void> {
  const row = {
    next_offsets: JSON.stringify(standing.nextOffsets),
    clock_ms: standing.clockMs,
    records_max: recordsMax,
  };
  await database
    .insertInto("patrol_progress")
    .values({ patrol, ...row })
    .onConflict((conflict) => conflict.column("patrol").doUpdateSet(row))
    .execute();
}

async function putQuery(trx: Trx, { patrol, sql: query, sha256 }: PatrolQuery): Promise<void> {
  await trx
    .insertInto("patrol_queries")
    .values({ query_sha256: sha256, patrol: patrol.id, query })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** @returns the ids of those that were not there. */
async function putFindings(trx: Trx, batch: FoundBatch): Promise<readonly string[]> {
  const rows = JSON.stringify(batch.findings.map((finding) => rowOf(finding, batch)));
  const { rows: stored } = await sql<{ finding_id: string; is_new: boolean }>`
    insert into patrol_findings as held (finding_id, patrol, subject_kind, subject_key, window_key, severity, institution_id, region,
      facts, evidence, evidence_count, evidence_sha256, query_sha256, parameters, first_at, last_at, first_seen_at, last_seen_at)
    select finding_id, patrol, subject_kind, subject_key, window_key, severity, institution_id, region,
      facts, evidence, evidence_count, evidence_sha256, query_sha256, parameters, first_at, last_at, seen_at, seen_at
    from jsonb_to_recordset(${rows}::text::jsonb) as given(finding_id text, patrol text, subject_kind text, subject_key text,
      window_key text, severity text, institution_id text, region text, facts jsonb, evidence jsonb, evidence_count bigint,
      evidence_sha256 text, query_sha256 text, parameters jsonb, first_at timestamptz, last_at timestamptz,
      seen_at timestamptz)
    on conflict (finding_id) do update set
      times_seen = held.times_seen + 1,
      last_seen_at = greatest(held.last_seen_at, excluded.last_seen_at),
      severity = excluded.severity, institution_id = excluded.institution_id, facts = excluded.facts,
      evidence = excluded.evidence, evidence_count = excluded.evidence_count, evidence_sha256 = excluded.evidence_sha256,
      first_at = excluded.first_at, last_at = excluded.last_at,
      query_sha256 = case when held.evidence_sha256 = excluded.evidence_sha256 then held.query_sha256
        else excluded.query_sha256 end,
      parameters = case when held.evidence_sha256 = excluded.evidence_sha256 then held.parameters
        else excluded.parameters end
    returning finding_id, times_seen = 1 as is_new`.execute(trx);
  return stored.filter(({ is_new }) => is_new).map(({ finding_id }) => finding_id);
}

function rowOf(finding: LocatedFinding, { query, severity, parameters, seenAtMs }: FoundBatch) {
  return {
    finding_id: finding.findingId,
    patrol: finding.patrol,
    subject_kind: finding.subjectKind,
    subject_key: finding.subject,
    window_key: finding.window,
    severity,
    institution_id: finding.institutionId,
    region: finding.region,
    facts: finding.facts,
    evidence: finding.evidence,
    evidence_count: finding.evidenceCount,
    evidence_sha256: finding.evidenceSha256,
    query_sha256: query.sha256,
    parameters: narrowed(parameters, finding),
    first_at: formatInstant(finding.evidence[0]!.atMs),
    last_at: formatInstant(finding.evidence.at(-1)!.atMs),
    seen_at: formatInstant(seenAtMs),
  };
}

/** Of a list of decoys a finding needs its own card: the others stay secret. */
function narrowed(parameters: RunParameters, { subject }: Finding): RunParameters {
  if (parameters.query.decoyCards === undefined) return parameters;
  return { ...parameters, query: { ...parameters.query, decoyCards: [subject] } };
}

/** What an alert says of a finding. */
export interface RaisedFinding extends Subject {
  readonly findingId: string;
  readonly patrol: string;
  readonly institutionId: string | null;
  /** Of its case, where it opens one. */
  readonly region: string;
  readonly severity: Severity;
  /** Times of its first and its last evidence. */
  readonly firstAt: string;
  readonly lastAt: string;
}

function raisedOf(finding: LocatedFinding, severity: Severity): RaisedFinding {
  const [first, last] = [finding.evidence[0]!, finding.evidence.at(-1)!];
  return { ...finding, severity, firstAt: formatInstant(first.atMs), lastAt: formatInstant(last.atMs) };
}

/** A review for each new finding, in its subject's open case. @returns how many cases were opened. */
export async function raiseFindings(trx: Trx, findings: readonly RaisedFinding[]): Promise<number> {
  if (findings.length === 0) return 0;
  const { caseOf, opened } = await openSubjectCases(
    trx,
    findings.map((finding) => ({ ...finding, openedAt: finding.firstAt })),
  );
  const alerts = findings.map((finding): FindingAlertRow => {
    return {
      alert_id: finding.findingId,
      case_id: caseOf.get(finding.findingId)!,
      finding_id: finding.findingId,
      ordinal: 0,
      institution_id: finding.institutionId,
      occurred_at: finding.lastAt,
      action: "review",
      severity: finding.severity,
      rules: [finding.patrol],
      disputed: false,
      degraded: false,
      state: "standing",
    };
  });
  await insertMissing(trx, "alerts", FINDING_ALERT_COLUMNS, alerts);
  await recount(trx, [...new Set(caseOf.values())]);
  return opened;
}
