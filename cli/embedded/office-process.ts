/**
 * The office of an embedded Kadun: analytics and alerts, made from the logs (docs/design.md section 3).
 *
 * Owns: its services, the address at which it tells how far they are.
 * Does not own: the logs (read as a second process), being restarted (the swipe process).
 *
 * 1. Everything here can be made again from the logs; it may be killed at any time.
 */

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Contact } from "../../schemas/contact.js";
import { contactContext, contactKey, decodeContact } from "../../schemas/contact.js";
import { smsTemplatesFile } from "../../schemas/sms-templates.js";
import { type AlertsService, startAlertsService } from "../../services/alerts/alerts-service.js";
import { type AnalyticsService, startAnalyticsService } from "../../services/analytics/analytics-service.js";
import { reconcile } from "../../services/analytics/reconcile.js";
import { loadBundle, readChecked } from "../bundle-files.js";
import type { OfficePlatform } from "../compose.js";
import { packageRoot } from "../package-root.js";
import type { Closers } from "./closers.js";

export interface OfficeOptions {
  readonly platform: OfficePlatform;
  readonly host: string;
  readonly port: number;
  /** Later news is not sent by SMS; null sends all (a demo plays old times). */
  readonly smsStaleAfterMs: number | null;
  /** A service gave up: the process has to end. */
  readonly onFailure: (error: unknown) => void;
}

export interface OfficeStatus {
  /** Is everything that the logs held when asked also in the databases, and every SMS of it handed over? */
  readonly caughtUp: boolean;
  readonly analytics: Awaited<ReturnType<AnalyticsService["status"]>>;
  readonly alerts: Awaited<ReturnType<AlertsService["status"]>>;
  readonly smsPending: number;
}

/**
 * Starts; the promise gives the address it listens on. `closers` get what was started, in order, also where a later
 * part fails: services must not go on over databases that are closed.
 */
export async function startOfficeProcess(options: OfficeOptions, closers: Closers): Promise<string> {
  const { platform } = options;
  const { log, clock, logger, metrics } = platform;
  const analytics = closers.add(
    await startAnalyticsService({
      log,
      database: platform.analytics,
      clock,
      logger,
      metrics,
      migrationsDirectory: join(packageRoot, "schemas", "clickhouse"),
    }),
  );
  const alerts = closers.add(
    await startAlertsService({
      log,
      database: platform.database,
      migrationsFolder: join(packageRoot, "schemas", "postgres"),
      gateway: platform.smsGateway,
      contactOf: (personKey) => contactOf(platform, personKey),
      templates: readChecked(join(packageRoot, "rulesets", "sms-templates.json"), smsTemplatesFile),
      regions: loadBundle().content.regions,
      smsStaleAfterMs: options.smsStaleAfterMs,
      clock,
      logger,
      metrics,
    }),
  );
  alerts.ended.catch(options.onFailure);
  const server = createServer((request, response) => {
    answer(request, response, { platform, analytics, alerts }).catch((error: unknown) => {
      logger.error("office.request-failed", { error });
      send(response, 500, { error: "failed; the log has the reason" });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host, resolve);
  });
  closers.add({
    close: async () => {
      server.close();
      server.closeAllConnections();
    },
  });
  return `http://${options.host}:${(server.address() as AddressInfo).port}`;
}

async function contactOf({ contacts, box }: OfficePlatform, personKey: string): Promise<Contact | null> {
  const sealed = await contacts.get(contactKey(personKey));
  return sealed === null ? null : decodeContact(box.open(sealed, contactContext(personKey)));
}

interface OfficeServices {
  readonly platform: OfficePlatform;
  readonly analytics: AnalyticsService;
  readonly alerts: AlertsService;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { platform, analytics, alerts }: OfficeServices,
): Promise<void> {
  switch (`${request.method} ${request.url}`) {
    case "GET /livez":
      return send(response, 200, { alive: true });
    case "GET /v1/status":
      return send(response, 200, await statusOf(analytics, alerts));
    case "POST /v1/reconcile":
      return send(response, 200, await reconcile({ log: platform.log, database: platform.analytics }));
    case "GET /metrics":
      response.writeHead(200, { "content-type": platform.metricsText.contentType });
      response.end(await platform.metricsText.text());
      return;
    default:
      return send(response, 404, { error: "GET /livez, /metrics, /v1/status; POST /v1/reconcile" });
  }
}

async function statusOf(analytics: AnalyticsService, alerts: AlertsService): Promise<OfficeStatus> {
  const [analyticsStatus, alertsStatus] = await Promise.all([analytics.status(), alerts.status()]);
  // Asked last: an outcome that was applied has its SMS in the ledger.
  const smsPending = await alerts.smsPending();
  const isRead = [...analyticsStatus, ...alertsStatus].every(({ lag }) => lag === 0);
  return {
    caughtUp: isRead && smsPending === 0,
    analytics: analyticsStatus,
    alerts: alertsStatus,
    smsPending,
  };
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(`${JSON.stringify(body)}\n`);
}
