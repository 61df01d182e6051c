/** The service of bundles as every profile starts it, and its addresses on the process's HTTP server. */

import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import type { OpenDatabase } from "../../platform/database/database.js";
import type { EventLog } from "../../platform/event-log/event-log.js";
import { PROBLEM_CONTENT_TYPE } from "../../schemas/http/problem.js";
import type { ActivationSender } from "../../services/bundles/activation-sender.js";
import type { BreakerLimits } from "../../services/bundles/breaker-limits.js";
import { type BundlesService, startBundles } from "../../services/bundles/bundles-service.js";
import type { Guard } from "../../services/bundles/guard.js";
import {
  answerRules,
  BODY_BYTES_MAX,
  isRulesPath,
  problem,
  type RulesApiOptions,
  type RulesResponse,
} from "../../services/bundles/rules-api.js";
import type { ReadBundle } from "../../services/bundles/rules-room.js";
import { BundleError, bundleOfValue, type LoadedBundle } from "../bundle-files.js";
import { packageRoot } from "../package-root.js";
import type { ProcessPlatform } from "../platforms.js";
import { ActivationClient, ActivationClientError, type Gateway } from "./activation-client.js";
import { firstActivationOf } from "./first-records.js";
import { loweredRules } from "./lowered-rules.js";
import { bodyWithin } from "./request-parts.js";

export interface BundlesPlatform extends ProcessPlatform {
  readonly log: EventLog;
  readonly database: OpenDatabase;
}

export interface BundlesProcessOptions {
  /** Where ingest is, asked at each call. @throws where it is not known now. */
  readonly gateway: () => Gateway;
  /** The bundles beside the journal. */
  readonly whole: (bundleHash: string) => LoadedBundle | null | Promise<LoadedBundle | null>;
  readonly guard: Guard;
  /** When a rule that has run away is lowered; null: never. */
  readonly breaker: BreakerLimits | null;
}

/** @throws DatabaseError, EventLogError. */
export function startBundlesProcess(
  platform: BundlesPlatform,
  { gateway, whole, guard, breaker }: BundlesProcessOptions,
): Promise<BundlesService> {
  return startBundles({
    ...platform,
    migrationsFolder: join(packageRoot, "schemas", "postgres"),
    sender: senderOf(platform.log, gateway),
    contentOf: async (bundleHash) => {
      const found = await wholeOf(whole, bundleHash);
      if (found !== null) return found.content;
      throw new ActivationClientError(
        `bundle ${bundleHash} does not lie beside the journal; restore it from its backup`,
      );
    },
    readBundle,
    guard,
    lowerRules: breaker === null ? null : loweredRules,
    ...(breaker === null ? {} : { breakerLimits: breaker }),
  });
}

/** Before any partition has taken an activation, the one that the journal begins with runs. */
export function senderOf(log: EventLog, gateway: () => Gateway): ActivationSender {
  const client = new ActivationClient(gateway);
  return {
    send: (order) => client.send(order),
    running: async () => {
      const running = await client.running();
      if (running !== null) return running;
      const first = await firstActivationOf(log, 0);
      return first && { ...first, shadowBundleHash: first.shadowBundleHash ?? null };
    },
  };
}

/** What is damaged may be restored while this runs. */
async function wholeOf(whole: BundlesProcessOptions["whole"], bundleHash: string) {
  try {
    return await whole(bundleHash);
  } catch (error) {
    throw new ActivationClientError((error as Error).message);
  }
}

/** As a detector would read it. */
export const readBundle: ReadBundle = (content) => {
  try {
    const { bundle, content: whole } = bundleOfValue(content, "bundle");
    return { bundleHash: bundle.hash, content: whole };
  } catch (error) {
    if (!(error instanceof BundleError)) throw error;
    return { mistakes: error.problems.map(({ path, expected }) => ({ path, expected })) };
  }
};

/** Takes the requests of `/v1/rules` and `/v1/people`; false for all others. */
export function rulesRequests(
  options: RulesApiOptions,
): (request: IncomingMessage, response: ServerResponse) => Promise<boolean> {
  return async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://console");
    if (!isRulesPath(pathname)) return false;
    const body = await bodyWithin(request, BODY_BYTES_MAX);
    const answer =
      body === null
        ? problem("BODY_TOO_LARGE", `at most ${BODY_BYTES_MAX} bytes`)
        : await answerRules(options, {
            method: request.method ?? "GET",
            path: pathname,
            query: searchParams,
            headers: request.headers,
            body,
          });
    send(response, answer);
    return true;
  };
}

function send(response: ServerResponse, { status, body, isProblem }: RulesResponse): void {
  response.writeHead(status, { "content-type": isProblem ? PROBLEM_CONTENT_TYPE : "application/json" });
  response.end(`${JSON.stringify(body)}\n`);
}
