/** The demo's Kadun: started, given the city, waited for, asked what it made, stopped. */

import { writeFileSync } from "node:fs";
import { KadunProcess } from "../../bench/load/kadun-process.js";
import type { LatencySummary } from "../../bench/load/latencies.js";
import { LoadError } from "../../bench/load/load-error.js";
import { MovingServer } from "../../bench/load/moving-server.js";
import { isReconciled, metricsOf, reconciled } from "../../bench/load/office-client.js";
import type { ContactRequest } from "../../schemas/http/contact-request.js";
import type { Reconciliation } from "../../services/analytics/reconciliation.js";
import { openLogReadOnly } from "../compose/embedded.js";
import { pathsOf } from "../embedded/paths.js";
import { OperatingError } from "../exit-status.js";
import { type AlertCount, countAlerts } from "./alert-count.js";
import { readLabels, readPeople } from "./city-people.js";
import { contactsOf } from "./contacts.js";
import { feedCity, LANES, putContacts } from "./feed-city.js";
import type { DemoFolder } from "./folder.js";
import { untilInterrupted } from "./interruption.js";
import { type Judged, readOutcomes } from "./read-outcomes.js";
import { type SmsCount, smsIn } from "./sms-count.js";

const PARTITIONS = 1;
/** Nobody waits for a snapshot of losses here, and the city's days are long past: its SMS are written all the same. */
const START_ARGS = ["--cold-start", "--partitions", String(PARTITIONS), "--sms-stale-hours", "0"];
const REQUEST_TIMEOUT_MS = 30_000;
const REFUSALS_SHOWN = 20;

export interface Lived extends Judged, AlertCount {
  readonly lines: number;
  /** Feeding alone. */
  readonly seconds: number;
  /** From the last acknowledgement until everything was stored and told. */
  readonly catchUpSeconds: number;
  /** Lines refused by the gateway or the judge. */
  readonly refusedLines: number;
  readonly answers: LatencySummary;
  readonly contacts: number;
  readonly sms: SmsCount;
  readonly isReconciled: boolean;
  readonly reconciliation: Reconciliation;
}

export interface LiveOptions {
  readonly folder: DemoFolder;
  readonly secondsMax: number | null;
  readonly signal: AbortSignal;
}

export async function live(options: LiveOptions): Promise<Lived> {
  const told = await whileRunning(options);
  // The office has its database to itself while it runs.
  return { ...told, ...(await countAlerts(pathsOf(options.folder.data).database)) };
}

type Told = Omit<Lived, keyof AlertCount>;

async function whileRunning(options: LiveOptions): Promise<Told> {
  const done = new AbortController();
  const signal = AbortSignal.any([options.signal, done.signal]);
  let kadun: KadunProcess | null = null;
  try {
    const { data, log } = options.folder;
    kadun = await KadunProcess.start({ dataDirectory: data, logPath: log, args: START_ARGS });
    const work = Promise.race([liveThrough(kadun, { ...options, signal }), ended(kadun, options)]);
    return await untilInterrupted(signal, work);
  } catch (error) {
    throw error instanceof LoadError ? new OperatingError(error.message.replace(/^kadun: /, "")) : error;
  } finally {
    done.abort(new OperatingError("stopped"));
    await kadun?.stop();
  }
}

/** A Kadun that ends by itself has said why. */
async function ended(kadun: KadunProcess, { folder }: LiveOptions): Promise<never> {
  const { code, signal } = await kadun.exited;
  const hint = folder.isKept ? `see ${folder.log}` : "run it with --keep DIR and look at DIR/kadun.log";
  throw new OperatingError(`kadun start ended by itself (${code ?? signal}): ${hint}`);
}

async function liveThrough(kadun: KadunProcess, options: LiveOptions): Promise<Told> {
  const { folder, signal } = options;
  const labels = await readLabels(folder.labels);
  const contacts = contactsOf(await readPeople(folder.raw, labels));
  const refusals = new RefusedLines();
  const fed = await feed(kadun, options, contacts, refusals);
  say(`fed ${fed.lines} lines in ${fed.seconds.toFixed(1)} s; waiting for the office …`);
  const fedMs = performance.now();
  const reconciliation = await reconciled(kadun, signal);
  const catchUpSeconds = (performance.now() - fedMs) / 1000;
  await keepMetrics(kadun, folder.metrics);
  const log = await openLogReadOnly(pathsOf(folder.data), PARTITIONS);
  try {
    const judged = await readOutcomes(log, labels, folder.outcomes);
    return {
      ...judged,
      ...fed,
      catchUpSeconds,
      refusedLines: refusals.ofGateway + judged.refused,
      contacts: contacts.length,
      sms: smsIn(pathsOf(folder.data).outbox),
      isReconciled: isReconciled(reconciliation),
      reconciliation,
    };
  } finally {
    await log.close();
  }
}

async function feed(
  kadun: KadunProcess,
  { folder, secondsMax, signal }: LiveOptions,
  contacts: readonly ContactRequest[],
  refusals: RefusedLines,
) {
  const client = new MovingServer({
    apiKey: kadun.apiKey,
    connectionsMax: LANES,
    timeoutMs: REQUEST_TIMEOUT_MS,
  });
  client.moveTo(kadun.url);
  try {
    await putContacts(client, contacts);
    say(`${contacts.length} contacts are in the vault; feeding …`);
    return await feedCity({
      rawPath: folder.raw,
      client,
      secondsMax,
      signal,
      onRefused: (refused) => refusals.add(refused),
    });
  } finally {
    client.close();
  }
}

async function keepMetrics(kadun: KadunProcess, path: string): Promise<void> {
  const { swipe, office } = await metricsOf(kadun);
  writeFileSync(path, `# swipe process\n${swipe}\n# office\n${office}`);
}

class RefusedLines {
  ofGateway = 0;

  add({ code, field, reason }: { code: string; field: string; reason: string }): void {
    // The judge refuses these, and the decisions log has them.
    if (code === "EVENT_ID_REUSED") return;
    this.ofGateway++;
    if (this.ofGateway <= REFUSALS_SHOWN) say(`refused: ${code}: ${field}: ${reason}`);
  }
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
