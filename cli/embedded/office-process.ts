/**
 * The office of an embedded Kadun: analytics, alerts, patrols and day proofs, made from the logs, and people's changes of
 * rules (docs/design.md section 3).
 *
 * Owns: its services, the address at which it tells how far they are.
 * Does not own: the logs (read as a second process), being restarted (the swipe process).
 *
 * 1. It may be killed at any time. What it makes of the logs can be made again; what people said and did is in its database.
 */

import { existsSync } from "node:fs";
import type { Clock } from "../../platform/clock/clock.js";
import { Topic } from "../../schemas/topics.js";
import type { AlertsService } from "../../services/alerts/alerts-service.js";
import { auditPage } from "../../services/alerts/audit-export.js";
import type { AnalyticsService } from "../../services/analytics/analytics-service.js";
import { readPrecision } from "../../services/analytics/precision.js";
import { reconcile } from "../../services/analytics/reconcile.js";
import type { BreakerLimits } from "../../services/bundles/breaker-limits.js";
import type { BundlesService } from "../../services/bundles/bundles-service.js";
import { openFiguresDesk } from "../../services/console/figures/figures-desk.js";
import type { FiguresDesk } from "../../services/console/server/figures-desk.js";
import type { RulesConsoleDesk } from "../../services/console/server/rules-console-desk.js";
import { BundleFolder } from "../bundle-folder.js";
import type { OfficePlatform } from "../compose/embedded.js";
import { FIRST_ADMINISTRATOR, startAccess, welcomeAddress } from "../process/access-process.js";
import type { AccessSettings } from "../process/access-settings.js";
import type { Gateway } from "../process/activation-client.js";
import { startAlerts } from "../process/alerts-process.js";
import { startAnalytics } from "../process/analytics-process.js";
import { startAppeals } from "../process/appeals-process.js";
import { backtestGuard } from "../process/backtest-guard.js";
import { rulesRequests, startBundlesProcess } from "../process/bundles-process.js";
import { startCitizenPages } from "../process/citizen-process.js";
import type { CitizenSettings } from "../process/citizen-settings.js";
import type { Closers } from "../process/closers.js";
import { untilAborted } from "../process/console-overview.js";
import { startConsole } from "../process/console-process.js";
import { DataClock } from "../process/data-clock.js";
import { openEvidenceKeys } from "../process/evidence-keys.js";
import { type EvidenceOptions, type HttpRequests, startEvidence } from "../process/evidence-process.js";
import { type JournalOutboxProcess, startJournalOutbox } from "../process/journal-outbox-process.js";
import { readLocalKey } from "../process/local-key.js";
import { type FollowedPartition, LogFollower } from "../process/log-follower.js";
import { startPatrolProcess } from "../process/patrols-process.js";
import { startProofs } from "../process/proofs-process.js";
import { startRulesConsole } from "../process/rules-console/rules-console.js";
import { type ReceiptReader, smsReceiptRequests } from "../process/sms-receipts.js";
import { smsLedgerOf, smsRoutes } from "../process/sms-routes.js";
import { startStatusServer } from "../process/status-server.js";
import type { DataPaths } from "./paths.js";
import { readRunFile } from "./run-file.js";

export interface OfficeOptions {
  readonly platform: OfficePlatform;
  readonly host: string;
  readonly port: number;
  /** How an operator pushes what became of SMS; null where none does. */
  readonly receipts: ReceiptReader | null;
  /** With the key of the machine's own commands. */
  readonly localKeyFile: string;
  /** Later news is not sent by SMS; null sends all (a demo plays old times). */
  readonly smsStaleAfterMs: number | null;
  /** When a rule that has run away is lowered; null: never. */
  readonly breaker: BreakerLimits | null;
  /** Folder of the archive by which the journal was trimmed; empty: it was not. */
  readonly archive: string;
  /** Program that signs evidence; empty: keys in a file. */
  readonly evidenceSigner: string;
  /** Authority that stamps packages; empty: none. */
  readonly timeStampUrl: string;
  readonly citizen: CitizenSettings;
  readonly access: AccessSettings;
  /** Has a demonstration's user who needs no password; `host` is this machine's own. */
  readonly isDemo: boolean;
  /** Nobody can sign in yet: the address that lets the first administrator choose a password, once. */
  readonly onFirstLink: (address: string) => void;
  /** A service gave up: the process has to end. */
  readonly onFailure: (error: unknown) => void;
}

export interface OfficeStatus {
  /** Is everything that the logs held when asked also in the databases, and every SMS and record of it handed over? */
  readonly caughtUp: boolean;
  readonly analytics: Awaited<ReturnType<AnalyticsService["status"]>>;
  readonly alerts: Awaited<ReturnType<AlertsService["status"]>>;
  readonly smsPending: number;
  /** Records of people's work that ingest does not have yet. */
  readonly journalPending: number;
}

export interface OfficeAddresses {
  readonly url: string;
  /** Of the cardholder's pages; null where there are none. */
  readonly citizenUrl: string | null;
}

/**
 * Starts; the promise gives the addresses it listens on. `closers` get what was started, in order, also where a later
 * part fails: services must not go on over databases that are closed.
 */
export async function startOfficeProcess(options: OfficeOptions, closers: Closers): Promise<OfficeAddresses> {
  const { platform, host, port, smsStaleAfterMs } = options;
  const { log, logger, metricsText } = platform;
  const analytics = closers.add(await startAnalytics(platform));
  const alerts = closers.add(await startAlerts(platform, { smsStaleAfterMs }));
  alerts.ended.catch(options.onFailure);
  const outbox = closers.add(startJournalOutbox(platform, gatewayOf(platform.paths, options.localKeyFile)));
  const patrols = closers.add(await startPatrolProcess(platform, patrolFilesOf(platform.paths)));
  const bundles = closers.add(await startOfficeBundles(options, closers));
  bundles.ended.catch(options.onFailure);
  const { proofs: folder, evidenceKeys: keysFile } = platform.paths;
  const keys = openEvidenceKeys({ keysFile, signer: options.evidenceSigner }, platform.clock);
  const proofs = closers.add(await startProofs(platform, { folder, keys }));
  const dayClock = options.isDemo ? closers.add(await DataClock.open(log, platform.clock)) : platform.clock;
  const access = await startAccess(
    platform,
    {
      settings: options.access,
      people: bundles.people,
      localKey: () => readLocalKey(options.localKeyFile),
      isDemo: options.isDemo,
      dayClock,
    },
    closers,
  );
  const { admit } = access.gate;
  const evidence = await startOfficeEvidence(options, { people: bundles.people, admit, proofs, keys });
  const status = () => statusOf({ analytics, alerts, outbox });
  const routes = {
    "GET /v1/status": status,
    "POST /v1/reconcile": () => reconcile({ log, database: platform.analytics }),
    "GET /v1/precision": () => readPrecision(platform.analytics),
    "POST /v1/patrols/run": () => patrols.runNow(),
    "GET /v1/proofs": () => proofs.status(),
    "POST /v1/proofs/seal": () => proofs.sealAll(),
  };
  const follower = closers.add(
    new LogFollower({
      ...platform,
      partitions: () => followedBy({ analytics, alerts }),
      otherReasons: () => [...alerts.alarms, ...bundles.alarms, ...proofs.alarms],
      database: { name: "PostgreSQL", variable: "in process", ask: () => alerts.smsPending() },
    }),
  );
  const readiness = async () => follower.readiness();
  const guarded = {
    key: () => readLocalKey(options.localKeyFile),
    routes: {
      "GET /v1/alerts/3101": (query: URLSearchParams) => auditPage(platform.database, query.get("after")),
      ...smsRoutes(smsLedgerOf(platform.database, platform.clock)),
      "GET /v1/patrols/findings": () => patrols.findings(),
    },
  };
  const rules = rulesRequests({ service: bundles, admit, logger });
  const appeals = startAppeals(platform, closers);
  const figures = openFiguresDesk(platform.figuresReader);
  const desks = await startConsole(
    platform,
    {
      people: bundles.people,
      access,
      keys,
      appeals: appeals.office,
      institutions: platform.institutions,
      dayClock,
      system: {
        gateway: gatewayOf(platform.paths, options.localKeyFile),
        readiness,
        proofs,
        rows: platform.analytics,
        analytics: async () => (await analytics.status()).map((one) => ({ ...one })),
        dataFolder: platform.paths.data,
      },
      figures,
      overview: {
        reconcile: (signal) => reconcile({ log: untilAborted(log, signal), database: platform.analytics }),
        precision: () => readPrecision(platform.analytics),
        rules: () => bundles.status(),
      },
      rules: startOfficeRules(options, { bundles, figures, dayClock }, closers),
    },
    closers,
  );
  const citizenUrl = await startCitizenPages(
    platform,
    { settings: options.citizen, ownPort: port, appeals: appeals.holder },
    closers,
  );
  const { receipts: reader } = options;
  const receipts = reader && smsReceiptRequests({ ...platform, reader });
  const requests: typeof rules = async (request, response) =>
    (await receipts?.(request, response)) ||
    (await rules(request, response)) ||
    (await evidence(request, response)) ||
    desks(request, response);
  const url = await startStatusServer(
    { host, port, logger, metricsText, readiness, routes, guarded, requests },
    closers,
  );
  const link = await access.firstLink();
  if (link !== null) {
    const { consoleOrigin } = options.access;
    logger.info("access.first-link-made", {
      reason: `nobody can sign in yet; of ${FIRST_ADMINISTRATOR}, until ${link.expiresAt}`,
    });
    options.onFirstLink(welcomeAddress(consoleOrigin === "" ? url : consoleOrigin, link));
  }
  return { url, citizenUrl };
}

/** Bundles lie in the data directory; the gateway is where the swipe process says. */
function startOfficeBundles({ platform, localKeyFile, breaker, archive }: OfficeOptions, closers: Closers) {
  const { paths, log } = platform;
  const folder = new BundleFolder(paths.bundles);
  return startBundlesProcess(platform, {
    gateway: gatewayOf(paths, localKeyFile),
    whole: (bundleHash) => folder.whole(bundleHash),
    guard: closers.add(backtestGuard({ log, data: paths.data, archive })),
    breaker,
  });
}

interface RulesParts {
  readonly bundles: BundlesService;
  readonly figures: FiguresDesk;
  readonly dayClock: Pick<Clock, "now">;
}

function startOfficeRules(
  { platform, breaker, archive }: OfficeOptions,
  { bundles: { room }, figures, dayClock }: RulesParts,
  closers: Closers,
): RulesConsoleDesk {
  const { paths } = platform;
  return startRulesConsole(
    {
      ...platform,
      room,
      countRules: (asked) => figures.rules(asked),
      dayClock,
      history: { data: paths.data, archive },
      breaker,
      patrolsFile: patrolFilesOf(paths).patrolsFile,
    },
    closers,
  );
}

function startOfficeEvidence(
  { platform, localKeyFile, archive, timeStampUrl }: OfficeOptions,
  parts: Pick<EvidenceOptions, "people" | "admit" | "proofs" | "keys">,
): Promise<HttpRequests> {
  const { paths } = platform;
  const bundles = new BundleFolder(paths.bundles);
  return startEvidence(platform, {
    ...parts,
    folder: paths.evidence,
    archive,
    gateway: gatewayOf(paths, localKeyFile),
    bundleOf: (hash) => bundles.find(hash),
    timeStampUrl,
  });
}

/** Where the swipe process says that it is. */
function gatewayOf(paths: DataPaths, localKeyFile: string): () => Gateway {
  return () => {
    const running = readRunFile(paths.run);
    if (running === null) throw new Error("the swipe process does not run");
    return { url: running.swipe.url, key: readLocalKey(localKeyFile) };
  };
}

function patrolFilesOf({ patrols, decoys }: DataPaths) {
  return { patrolsFile: existsSync(patrols) ? patrols : "", decoysFile: decoys };
}

/** Both read the decisions, each for itself. */
async function followedBy({
  analytics,
  alerts,
}: Pick<StatusParts, "analytics" | "alerts">): Promise<readonly FollowedPartition[]> {
  const [ofAnalytics, ofAlerts] = await Promise.all([analytics.status(), alerts.status()]);
  return [
    ...ofAnalytics.map(({ topic, partition, doneTo, lag }) => ({
      topic: `analytics: ${topic}`,
      ...{ partition, nextOffset: doneTo, lag },
    })),
    ...ofAlerts.map((each) => ({ ...each, topic: `alerts: ${Topic.DECISIONS}` })),
  ];
}

interface StatusParts {
  readonly analytics: AnalyticsService;
  readonly alerts: AlertsService;
  readonly outbox: JournalOutboxProcess;
}

async function statusOf({ analytics, alerts, outbox }: StatusParts): Promise<OfficeStatus> {
  // Asked first: what has left it is in the log.
  const journalPending = await outbox.pending();
  const [analyticsStatus, alertsStatus] = await Promise.all([analytics.status(), alerts.status()]);
  // Asked last: an outcome that was applied has its SMS in the ledger.
  const smsPending = await alerts.smsPending();
  const isRead = [...analyticsStatus, ...alertsStatus].every(({ lag }) => lag === 0);
  return {
    caughtUp: isRead && smsPending === 0 && journalPending === 0,
    analytics: analyticsStatus,
    alerts: alertsStatus,
    smsPending,
    journalPending,
  };
}
