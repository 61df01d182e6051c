/** Today and analytics over HTTP, on figures in memory: with any clock, and with the pages where they were built. */

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Clock } from "../../../platform/clock/clock.js";
import { silentLogger } from "../../../platform/logger/logger.js";
import type { Admit, Caller } from "../../../schemas/console/caller.js";
import type { AppealFigures } from "../../../schemas/http/analytics.js";
import type { DeliveryFigures, FeedFreshness, Need, StageLag } from "../../../schemas/http/overview.js";
import { formatInstant } from "../../../schemas/instant.js";
import type { RulePrecision } from "../../../schemas/precision.js";
import { analyticsRoutes } from "../../../services/console/server/analytics-routes.js";
import { type ConsoleApp, openConsoleApp } from "../../../services/console/server/console-app.js";
import { LiveRooms } from "../../../services/console/server/live-rooms.js";
import type { NeedsAsked } from "../../../services/console/server/overview-desk.js";
import { fingerprintOf, OverviewReader } from "../../../services/console/server/overview-reader.js";
import { overviewRoutes } from "../../../services/console/server/overview-routes.js";
import { PrecisionCache } from "../../../services/console/server/precision-cache.js";
import { Reconciliations } from "../../../services/console/server/reconciliations.js";
import type { WebFiles } from "../../../services/console/server/web-files.js";
import { START_MS } from "../../support/records.js";
import { MemoryFigures } from "./memory-figures.js";

export class OverviewWorld {
  readonly figures = new MemoryFigures();
  /** By the header authorization. */
  readonly callers = new Map<string, Caller>();
  reconciled: { isEqual: boolean } | Error = { isEqual: true };
  /** The last question for needs. */
  asked: NeedsAsked | null = null;
  needs: readonly Need[] = [];
  delivery: DeliveryFigures = structuredClone(DELIVERY);
  stages: readonly StageLag[] = [{ stage: "detector", records: 3 }];
  feeds: readonly FeedFreshness[] = [{ feedId: "33", lastAt: formatInstant(START_MS) }];
  appeals: AppealFigures = APPEALS;
  precision: RulePrecision[] = PRECISION;
  url = "";

  private constructor(
    private readonly live: LiveRooms,
    private readonly server: Server,
  ) {}

  static async open(clock: Clock, pages: WebFiles | null = null): Promise<OverviewWorld> {
    const base = { clock, dayClock: clock, logger: silentLogger };
    const server = createServer((request, response) => {
      void app.requests(request, response).then((taken) => {
        if (!taken && pages?.(request, response) !== true) response.writeHead(418).end();
      });
    });
    let reader: OverviewReader;
    const live = new LiveRooms({
      read: async (scope) => {
        const answer = await reader.read(scope);
        return { fingerprint: fingerprintOf(answer), json: JSON.stringify(answer) };
      },
      ...base,
    });
    const world = new OverviewWorld(live, server);
    const desk = {
      needs: async (needs: NeedsAsked) => {
        world.asked = needs;
        return world.needs;
      },
      delivery: async () => world.delivery,
    };
    const pipeline = { stages: async () => world.stages, feeds: async () => world.feeds };
    const reconciler = {
      reconcile: async () => {
        if (world.reconciled instanceof Error) throw world.reconciled;
        return { ...world.reconciled, compared: 12, findings: world.reconciled.isEqual ? 0 : 2 };
      },
    };
    const { figures } = world;
    const reconciliations = new Reconciliations({ reconciler, ...base });
    reader = new OverviewReader({ figures, desk, pipeline, reconciliations, ...base });
    const precision = new PrecisionCache({ count: async () => ({ rules: world.precision }), ...base });
    const admit: Admit = async ({ headers }) =>
      world.callers.get(String(headers.authorization)) ?? { refused: "KEY_MISSING", detail: "give a key" };
    const app = await openConsoleApp({
      gate: { admit, readmit: admit, admitNobody: () => null },
      parts: [
        ...overviewRoutes({ reader, desk, live, reconciliations, clock }),
        analyticsRoutes({
          figures,
          appeals: { appealFigures: async () => world.appeals },
          precision,
          clock,
          regionName: (code) => `name-of-${code}`,
        }),
      ],
      logger: silentLogger,
    });
    world.app = app;
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    world.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return world;
  }

  private app!: ConsoleApp;

  async close(): Promise<void> {
    await this.live.close();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    await this.app.close();
  }
}

const DELIVERY: DeliveryFigures = {
  sms: {
    from: formatInstant(START_MS),
    counted: 0,
    isMore: false,
    delivered: 0,
    sent: 0,
    failed: 0,
    unknown: 0,
    waiting: 0,
    noContact: 0,
    suppressed: 0,
    calls: 0,
  },
  journal: { pending: 0, refused: 0 },
  rules: { version: 1, open: null, alarms: [] },
};

const PRECISION: RulePrecision[] = ["330100", "340100"].map((region) => ({
  rule: "R01",
  region,
  findings: 2,
  people: 2,
  peopleConfirmed: 1,
  peopleHonest: 1,
  precision: 0.5,
  challenged: 0,
  rejected: 2,
  stoppedHonest: 1,
  stoppedConfirmed: 1,
  falseBlockRate: 0.5,
  honestStoppedFen: 100,
  preventedFen: 100,
  challengesPerPreventedFen: 0,
}));

const APPEALS: AppealFigures = {
  range: { from: formatInstant(START_MS), to: formatInstant(START_MS + 1) },
  appeals: 0,
  isCut: false,
  states: [],
  results: [],
  claimedSwipes: 0,
  upheldSwipes: 0,
  reconsidered: 0,
  missed: 0,
  daysToAccept: null,
  daysToDecide: null,
};
