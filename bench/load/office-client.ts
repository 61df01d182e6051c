/** What the office of a running Kadun tells: how far it is, and whether everything is where it belongs. */

import { HttpClient } from "../../platform/http-client/http-client.js";
import type { Reconciliation } from "../../services/analytics/reconciliation.js";
import type { KadunProcess } from "./kadun-process.js";
import { LoadError } from "./load-error.js";

/** An answer of the office; only the parts read here are known. */
type Json = Readonly<Record<string, unknown>>;

/** The office works off some thousand outcomes a second; so long without a change means that it does not. */
const STANDSTILL_MS = 90_000;
const POLL_MS = 150;
/** Reconciling reads everything once. */
const TIMEOUT_MS = 120_000;

/** Resolves when the office has taken in all that the logs hold. @throws Error where it stands still. */
export async function officeCaughtUp(kadun: KadunProcess, signal?: AbortSignal): Promise<Json> {
  let last = "";
  let changedMs = performance.now();
  for (;;) {
    signal?.throwIfAborted();
    const status = await statusOf(kadun);
    if (status?.caughtUp === true) return status;
    const text = JSON.stringify(status);
    if (text !== last) changedMs = performance.now();
    last = text;
    if (performance.now() - changedMs > STANDSTILL_MS)
      throw new LoadError(`the office stands still since ${STANDSTILL_MS} ms at ${text}: see the log`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/**
 * Compares journal, outcomes and rows once everything is judged and written; what is only under way is waited for.
 * @returns the last comparison, equal or not.
 */
export async function reconciled(kadun: KadunProcess, signal?: AbortSignal): Promise<Reconciliation> {
  for (const endMs = performance.now() + STANDSTILL_MS; ; ) {
    await officeCaughtUp(kadun, signal);
    const result = await reconcile(kadun);
    const isUnderWay = result.isEqual && !isReconciled(result);
    if (!isUnderWay || performance.now() > endMs) return result;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** As things stand now: what is under way counts as lag. */
export async function reconcile(kadun: KadunProcess): Promise<Reconciliation & Json> {
  return (await ask(kadun, "POST", "/v1/reconcile")) as Reconciliation & Json;
}

/** Nothing missing, doubled or different, and nothing still to come. */
export function isReconciled({ isEqual, partitions }: Reconciliation): boolean {
  return (
    isEqual &&
    partitions.every(({ journal, outcomes, unjudged }) => journal.lag + outcomes.lag + unjudged === 0)
  );
}

/** Text of `/metrics` of both processes. */
export async function metricsOf(kadun: KadunProcess): Promise<{ swipe: string; office: string }> {
  const office = await kadun.officeUp();
  return { swipe: await textOf(kadun.url, kadun.apiKey), office: await textOf(office.url, kadun.apiKey) };
}

async function textOf(url: string, apiKey: string): Promise<string> {
  return withClient(url, apiKey, async (client) => {
    const { status, body } = await client.send({ method: "GET", path: "/metrics" });
    if (status !== 200) throw new LoadError(`GET /metrics: ${status}`);
    return body.toString();
  });
}

/** null while the office is down. */
async function statusOf(kadun: KadunProcess): Promise<Json | null> {
  if (kadun.office() === null) {
    if (!kadun.isRunning) throw new LoadError("kadun start ended: see the log");
    return null;
  }
  try {
    return await ask(kadun, "GET", "/v1/status");
  } catch (error) {
    // The office went away between the two looks; it is started again.
    if (error instanceof RefusedByOffice) throw error;
    return null;
  }
}

class RefusedByOffice extends LoadError {
  override readonly name = "RefusedByOffice";
}

async function ask(kadun: KadunProcess, method: "GET" | "POST", path: string): Promise<Json> {
  const office = await kadun.officeUp();
  return withClient(office.url, kadun.apiKey, async (client) => {
    const { status, body } = await client.send({ method, path });
    if (status >= 300)
      throw new RefusedByOffice(`${method} ${path} of the office: ${status} ${body.toString()}`);
    return JSON.parse(body.toString()) as Json;
  });
}

async function withClient<T>(
  url: string,
  apiKey: string,
  use: (client: HttpClient) => Promise<T>,
): Promise<T> {
  const client = new HttpClient({ url, apiKey, connectionsMax: 1, timeoutMs: TIMEOUT_MS });
  try {
    return await use(client);
  } finally {
    client.close();
  }
}
