/** The console's desk of rules as every profile starts it: catalogue, editor, long work, policies. */

import type { AnalyticsDatabase } from "../../../platform/analytics/analytics-database.js";
import type { Clock } from "../../../platform/clock/clock.js";
import type { OpenDatabase } from "../../../platform/database/database.js";
import type { Logger } from "../../../platform/logger/logger.js";
import type { Scope } from "../../../schemas/console/access.js";
import type { Catalogue, RuleFigures } from "../../../schemas/http/rules-console.js";
import { RULES_CONSOLE_PROBLEMS } from "../../../schemas/http/rules-console-problem.js";
import { formatInstant } from "../../../schemas/instant.js";
import type { PatrolsFile } from "../../../schemas/patrols.js";
import type { BreakerLimits } from "../../../services/bundles/breaker-limits.js";
import { JobStore } from "../../../services/bundles/editor/job-store.js";
import { RuleDrafts } from "../../../services/bundles/editor/rule-drafts.js";
import { RulesRefusal } from "../../../services/bundles/refusal.js";
import type { RulesRoom } from "../../../services/bundles/rules-room.js";
import type {
  Answered,
  DeskRefusal,
  RulesConsoleDesk,
} from "../../../services/console/server/rules-console-desk.js";
import type { JournalHistory } from "../../backtest/history-child.js";
import type { Closers } from "../closers.js";
import { loadPatrols } from "../patrols-process.js";
import { breakerAnswer, loweredIn } from "./breaker-desk.js";
import { DraftsDesk } from "./drafts-desk.js";
import { type WorksOptions, worksOf } from "./job-works.js";
import { JobsDesk } from "./jobs-desk.js";
import { KnownBundles } from "./known-bundles.js";
import { policiesAnswer, policyLookup } from "./policies-desk.js";
import { RuleJobs } from "./rule-jobs.js";
import { cataloguedPatrols, cataloguedRules } from "./rules-catalogue.js";

const DAY_MS = 86_400_000;

/** Hits of each rule within a range of epoch milliseconds. */
export type CountRules = (asked: {
  readonly scope: Scope;
  readonly range: { readonly from: number; readonly to: number };
}) => Promise<{ readonly rules: RuleFigures["rules"] }>;

export interface RulesConsoleOptions {
  readonly room: RulesRoom;
  readonly database: Pick<OpenDatabase, "dialect">;
  /** null: this process has none. */
  readonly analytics: Pick<AnalyticsDatabase, "query"> | null;
  readonly countRules: CountRules | null;
  /** What time it is on the pages, where that is not this machine's. */
  readonly dayClock?: Pick<Clock, "now">;
  /** The journal that is judged again. */
  readonly history: JournalHistory;
  /** null: there is no breaker. */
  readonly breaker: BreakerLimits | null;
  /** What this installation changes of the patrols; empty: nothing. */
  readonly patrolsFile: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly run?: WorksOptions["run"];
}

/** Closing it ends the work that is under way. @throws BundleError where the file of patrols is wrong. */
export function startRulesConsole(options: RulesConsoleOptions, closers: Closers): RulesConsoleDesk {
  const { room, database, analytics, clock, logger, breaker, history, run, dayClock = clock } = options;
  const { tables } = room;
  const bundles = new KnownBundles(tables);
  const patrols = { own: loadPatrols(options.patrolsFile), shipped: loadPatrols("") };
  const drafts = new DraftsDesk({ room, bundles, drafts: new RuleDrafts({ tables, clock }) });
  const store = new JobStore({ tables, clock });
  const works = worksOf({ room, history, analytics, dayClock, ...(run !== undefined && { run }) });
  const jobs = closers.add(new RuleJobs({ store, works, clock, logger }));
  const work = new JobsDesk({ tables, database, store, jobs, hasFigures: analytics !== null });
  return {
    catalogue: (version) => refusedOr(catalogue({ tables, bundles, patrols }, version)),
    figures: async ({ days, scope }) => figures(options, days, scope),
    breaker: () => breakerAnswer({ tables, bundles, limits: breaker }),
    drafts: (author) => drafts.list(author),
    startDraft: (author, version) => refusedOr(drafts.start(author, version)),
    draft: (address) => drafts.show(address),
    editRule: (asked) => drafts.editRule(asked),
    commentDraft: (asked) => drafts.comment(asked),
    saveDraft: (asked) => refusedOr(drafts.save(asked)),
    dropDraft: (address) => drafts.drop(address),
    jobs: (kind) => work.list(kind),
    startJob: (asked, person) => refusedOr(work.start(asked, person)),
    job: (jobId, scope) => work.show(jobId, scope),
    cancelJob: (jobId) => work.cancel(jobId),
    policies: async () => policiesAnswer(await bundles.running()),
    policyLookup: async ({ acceptedAtMs, ...asked }) =>
      policyLookup(await bundles.running(), { ...asked, acceptedAtMs: acceptedAtMs ?? clock.now() }),
  };
}

interface CatalogueParts {
  readonly tables: RulesRoom["tables"];
  readonly bundles: KnownBundles;
  readonly patrols: { readonly own: PatrolsFile; readonly shipped: PatrolsFile };
}

async function catalogue(
  { tables, bundles, patrols }: CatalogueParts,
  asked: number | null,
): Promise<Catalogue> {
  const known = asked === null ? await bundles.running() : await bundles.of(asked);
  const { ruleset, bundle } = known.loaded;
  const lowered = await loweredIn({ tables, bundles }, known);
  return {
    version: known.version,
    bundleHash: bundle.hash,
    isRunning: known.isRunning,
    traceCodeReuseAction: ruleset.traceCodeReuseAction,
    rules: [
      ...cataloguedRules({ ruleset, shipped: bundles.shipped.ruleset, lowered }),
      ...cataloguedPatrols(patrols.own, patrols.shipped),
    ],
  };
}

async function figures(
  { countRules, clock, dayClock = clock }: RulesConsoleOptions,
  days: number,
  scope: Scope,
): Answered<RuleFigures> {
  if (countRules === null)
    return { refused: "NO_FIGURES", detail: "this process has no ClickHouse; ask one that has" };
  const to = dayClock.now();
  const range = { from: to - days * DAY_MS, to };
  const { rules } = await countRules({ scope, range });
  return { from: formatInstant(range.from), to: formatInstant(range.to), rules };
}

/** What the room of rules refuses, as the console says it. */
async function refusedOr<Answer>(answer: Answered<Answer>): Answered<Answer> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof RulesRefusal)) throw error;
    const { code, message, mistakes } = error;
    if (!isKnown(code)) throw error;
    const named = mistakes.slice(0, MISTAKES_NAMED).map(({ path, expected }) => `${path}: ${expected}`);
    return { refused: code, detail: [message, ...named].join("; ") };
  }
}

/** The draft itself shows all of them. */
const MISTAKES_NAMED = 5;

function isKnown(code: string): code is DeskRefusal["refused"] {
  return Object.hasOwn(RULES_CONSOLE_PROBLEMS, code);
}
