/** Long work about rules as whoever asks may see it: examples and regions within the scope. */

import type { OpenDatabase } from "../../../platform/database/database.js";
import { backtestResult, type Gap, type GapsResult, gapsResult } from "../../../schemas/backtest.js";
import { isInScope, type Scope } from "../../../schemas/console/access.js";
import { checkSummary } from "../../../schemas/http/rules.js";
import {
  type JobDetail,
  type JobKind,
  type JobResult,
  type JobStart,
  type JobSummary,
  type LinkedBacktest,
  shadowResult,
} from "../../../schemas/http/rules-jobs.js";
import { precisionReport } from "../../../schemas/precision.js";
import { casesOfDecisions } from "../../../services/alerts/cases/cases-of-decisions.js";
import type { JobStore, StoredJob } from "../../../services/bundles/editor/job-store.js";
import type { Reads } from "../../../services/bundles/tables.js";
import { readVersion } from "../../../services/bundles/version.js";
import type { Answered, DeskRefusal } from "../../../services/console/server/rules-console-desk.js";
import type { RuleJobs } from "./rule-jobs.js";

export interface JobsDeskOptions {
  readonly tables: Reads;
  readonly database: Pick<OpenDatabase, "dialect">;
  readonly store: JobStore;
  readonly jobs: RuleJobs;
  readonly hasFigures: boolean;
}

const NO_JOB: DeskRefusal = {
  refused: "NOT_FOUND",
  detail: "there is no such work, or it was long ago; GET /v1/console/rules/jobs lists what is kept",
};

export class JobsDesk {
  constructor(private readonly options: JobsDeskOptions) {}

  list(kind: JobKind | null): Promise<readonly JobSummary[]> {
    return this.options.store.list(kind);
  }

  /** @throws RulesRefusal VERSION_UNKNOWN. */
  async start(asked: JobStart, person: string): Answered<JobSummary> {
    const { tables, jobs, hasFigures } = this.options;
    if (!hasFigures && (asked.kind === "precision" || asked.kind === "shadow"))
      return { refused: "NO_FIGURES", detail: "this process has no ClickHouse; ask one that has" };
    if ("version" in asked) await readVersion(tables, asked.version);
    const job = await jobs.start(asked, person);
    if (job !== null) return job;
    const detail = "it is one at a time: wait for it, or cancel it; GET /v1/console/rules/jobs shows it";
    return { refused: "JOB_RUNNING", detail };
  }

  async show(jobId: string, scope: Scope): Answered<JobDetail> {
    const job = await this.options.store.read(jobId);
    if (job === null) return NO_JOB;
    return { ...job, result: job.result === null ? null : await this.resultOf(job, scope) };
  }

  async cancel(jobId: string): Answered<JobSummary> {
    const job = await this.options.jobs.cancel(jobId);
    if (job !== null) return job;
    if ((await this.options.store.read(jobId)) === null) return NO_JOB;
    return { refused: "JOB_ENDED", detail: "there is nothing left to cancel; look at what came of it" };
  }

  private async resultOf({ kind, result }: StoredJob, scope: Scope): Promise<JobResult> {
    switch (kind) {
      case "backtest":
        return { kind, backtest: await this.linked(backtestResult.parse(result), scope) };
      case "check":
        return { kind, check: checkSummary.parse(result) };
      case "gaps":
        return { kind, gaps: gapsWithin(gapsResult.parse(result), scope) };
      case "precision": {
        const { rules } = precisionReport.parse(result);
        return { kind, precision: { rules: rules.filter(({ region }) => isInScope(scope, region)) } };
      }
      case "shadow":
        return { kind, shadow: shadowResult.parse(result) };
    }
  }

  private async linked(
    backtest: ReturnType<typeof backtestResult.parse>,
    scope: Scope,
  ): Promise<LinkedBacktest> {
    const shown = Object.entries(backtest.rules).map(([rule, counts]) => ({
      rule,
      counts,
      examples: counts.examples.filter(({ insuredRegion, careRegion }) =>
        isInScope(scope, insuredRegion, careRegion),
      ),
    }));
    const decisionIds = shown.flatMap(({ examples }) => examples.map(({ decisionId }) => decisionId));
    const cases = await casesOfDecisions(this.options.database, decisionIds);
    const rules = shown.map(({ rule, counts, examples }) => {
      const linkedExamples = examples.map((example) => ({
        ...example,
        // A case belongs to where the person is insured.
        caseId: isInScope(scope, example.insuredRegion) ? (cases.get(example.decisionId) ?? null) : null,
      }));
      return [rule, { ...counts, examples: linkedExamples }];
    });
    return { ...backtest, rules: Object.fromEntries(rules) };
  }
}

/** Records and settles read are the nation's; rows and their sums those of the scope. */
function gapsWithin(gaps: GapsResult, scope: Scope): GapsResult {
  const rows = gaps.rows.filter(({ city }) => isInScope(scope, city));
  if (rows.length === gaps.rows.length) return gaps;
  const total = {
    delay: sumOf(rows.map(({ delay }) => delay)),
    lapse: sumOf(rows.map(({ lapse }) => lapse)),
  };
  return { ...gaps, rows, total };
}

function sumOf(gaps: readonly Gap[]): Gap {
  const sum = { letThrough: 0, letThroughFen: 0, challenged: 0, challengedFen: 0 };
  for (const gap of gaps)
    for (const name of ["letThrough", "letThroughFen", "challenged", "challengedFen"] as const)
      sum[name] += gap[name];
  return sum;
}
