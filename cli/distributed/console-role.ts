/** `kadun console`: where people change the rules of a distributed Kadun. */

import type { AnalyticsDatabase } from "../../platform/analytics/analytics-database.js";
import { Topic } from "../../schemas/topics.js";
import { readPrecision } from "../../services/analytics/precision.js";
import { reconcile } from "../../services/analytics/reconcile.js";
import { openFiguresDesk } from "../../services/console/figures/figures-desk.js";
import { BundleRegister } from "../bundle-register.js";
import { openClickhouse } from "../compose/clickhouse.js";
import { openBox, openPostgres, openRegister } from "../compose/distributed.js";
import { openKafka } from "../compose/kafka.js";
import { FIRST_ADMINISTRATOR, startAccess } from "../process/access-process.js";
import { startAppeals } from "../process/appeals-process.js";
import { backtestGuard } from "../process/backtest-guard.js";
import { breakerLimitsOf } from "../process/breaker-settings.js";
import { rulesRequests, startBundlesProcess } from "../process/bundles-process.js";
import { startCitizenPages } from "../process/citizen-process.js";
import { untilAborted } from "../process/console-overview.js";
import { startConsole } from "../process/console-process.js";
import { openEvidenceKeys } from "../process/evidence-keys.js";
import { startEvidence } from "../process/evidence-process.js";
import { startJournalOutbox } from "../process/journal-outbox-process.js";
import { lazyReader } from "../process/lazy-reader.js";
import { readLocalKey } from "../process/local-key.js";
import { LogFollower } from "../process/log-follower.js";
import { startProofs } from "../process/proofs-process.js";
import { startRulesConsole } from "../process/rules-console/rules-console.js";
import { startStatusServer } from "../process/status-server.js";
import { checkLogTopics } from "./check-topics.js";
import { roleCommand } from "./role.js";
import { CONSOLE_SETTINGS } from "./settings.js";

export const consoleRole = roleCommand({
  name: "console",
  about:
    "Versions of the rules, approvals and activations ('kadun rules', 'kadun people'), and gets activations into every partition. Several may run; one of them publishes. Makes day proofs and evidence packages, one of them too. Serves the cardholder's pages. Without it nothing changes: what was activated stays.",
  table: CONSOLE_SETTINGS,
  start: async ({ settings, platform, closers, onFailure }) => {
    const { ingestUrl, localKeyFile, host, port } = settings;
    const localKey = () => readLocalKey(localKeyFile);
    // Now, and not at the first activation.
    localKey();
    const kafka = await openKafka(settings, platform, closers);
    await checkLogTopics(kafka);
    const { log } = kafka;
    const database = await openPostgres(settings, closers);
    const bundles = new BundleRegister(openRegister(database, "bundles", closers, { readOnly: true }));
    const service = closers.add(
      await startBundlesProcess(
        { ...platform, log, database },
        {
          gateway: () => ({ url: ingestUrl, key: localKey() }),
          whole: (bundleHash) => bundles.whole(bundleHash),
          guard: closers.add(backtestGuard({ log, archive: settings.archive })),
          breaker: breakerLimitsOf(settings),
        },
      ),
    );
    service.ended.catch(onFailure);
    closers.add(startJournalOutbox({ ...platform, database }, () => ({ url: ingestUrl, key: localKey() })));
    const { proofsFolder: folder, evidenceKeysFile: keysFile, evidenceSigner: signer } = settings;
    const keys = openEvidenceKeys({ keysFile, signer }, platform.clock);
    const proofs = closers.add(
      await startProofs({ ...platform, log, proofsLog: log, database }, { folder, keys }),
    );
    const follower = closers.add(
      new LogFollower({
        ...platform,
        // Which process publishes is nobody's to know: that the log answers is all that is asked of it here.
        partitions: async () => {
          const [topic, partition] = [Topic.DECISIONS, 0];
          const lag = await log.bounds(topic, partition).then(
            () => 0,
            () => null,
          );
          return [{ topic, partition, nextOffset: 0, lag }];
        },
        otherReasons: () => [...service.alarms, ...proofs.alarms],
        database: { name: "PostgreSQL", variable: "KADUN_POSTGRES_URL", ask: () => service.status() },
      }),
    );
    const registers = {
      box: openBox(settings),
      contacts: openRegister(database, "contacts", closers, { readOnly: true }),
      moved: openRegister(database, "moved", closers, { readOnly: true }),
      institutions: openRegister(database, "institutions", closers, { readOnly: true }),
    };
    const access = await startAccess(
      { ...platform, ...registers, database },
      { settings, people: service.people, localKey, isDemo: false },
      closers,
    );
    const { admit } = access.gate;
    if (await access.isFirstRun())
      platform.logger.warn("access.nobody-can-sign-in", {
        reason: `'kadun accounts add ${FIRST_ADMINISTRATOR} --roles administrator' prints a one-time link`,
      });
    const rules = rulesRequests({ service, admit, logger: platform.logger });
    const evidence = await startEvidence(
      {
        ...platform,
        ...registers,
        log,
        database,
      },
      {
        folder: settings.packagesFolder,
        keys,
        archive: settings.archive,
        people: service.people,
        proofs,
        admit,
        gateway: () => ({ url: ingestUrl, key: localKey() }),
        bundleOf: (hash) => bundles.whole(hash),
        timeStampUrl: settings.timeStampUrl,
      },
    );
    const appeals = startAppeals({ ...platform, ...registers, database }, closers);
    const rows =
      settings.clickhouseUrl === "" ? null : closers.add(lazyReader(() => openClickhouse(settings)));
    const figures = rows === null ? null : openFiguresDesk(rows);
    const desks = await startConsole(
      { ...platform, ...registers, log, database },
      {
        people: service.people,
        access,
        keys,
        appeals: appeals.office,
        institutions: registers.institutions,
        ...(figures !== null && { figures }),
        overview: {
          reconcile: async (signal) => reconcile({ log: untilAborted(log, signal), database: rowsOr(rows) }),
          precision: async () => readPrecision(rowsOr(rows)),
          rules: () => service.status(),
        },
        system: {
          gateway: () => ({ url: ingestUrl, key: localKey() }),
          readiness: async () => follower.readiness(),
          proofs,
          rows,
          analytics: null,
          dataFolder: "",
        },
        rules: startRulesConsole(
          {
            ...platform,
            database,
            room: service.room,
            // One of its own: long work keeps no page waiting.
            analytics: figures && closers.add(lazyReader(() => openClickhouse(settings))),
            countRules: figures && ((asked) => figures.rules(asked)),
            history: { archive: settings.archive },
            breaker: breakerLimitsOf(settings),
            patrolsFile: "",
          },
          closers,
        ),
      },
      closers,
    );
    await startCitizenPages(
      { ...platform, ...registers, database },
      { settings, ownPort: port, appeals: appeals.holder },
      closers,
    );
    const requests: typeof rules = async (request, response) =>
      (await rules(request, response)) || (await evidence(request, response)) || desks(request, response);
    const readiness = async () => follower.readiness();
    const routes = {
      "GET /v1/proofs": () => proofs.status(),
      "POST /v1/proofs/seal": () => proofs.sealAll(),
    };
    return startStatusServer({ host, port, ...platform, readiness, routes, requests }, closers);
  },
});

type Rows = Pick<AnalyticsDatabase, "query">;

/** @throws where this console was told of no ClickHouse. */
function rowsOr(rows: Rows | null): Rows {
  if (rows !== null) return rows;
  throw new Error("this console has no rows of swipes: set KADUN_CLICKHOUSE_URL");
}
