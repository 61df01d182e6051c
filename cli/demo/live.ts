/** The demo's Kadun: started, given the city, waited for, asked what it made, stopped. */

import { writeFileSync } from "node:fs";
import type { Scoreboard } from "../../bench/city/scoreboard.js";
import type { ScoreboardModel } from "../../bench/city/scoreboard-model.js";
import type { LatencySummary } from "../../bench/load/latencies.js";
import { LoadError } from "../../bench/load/load-error.js";
import { MovingServer } from "../../bench/load/moving-server.js";
import { isReconciled } from "../../bench/load/office-client.js";
import type { ContactRequest } from "../../schemas/http/contact-request.js";
import type { Reconciliation } from "../../services/analytics/reconciliation.js";
import { OperatingError } from "../exit-status.js";
import type { AlertCount } from "./alert-count.js";
import { readLabels, readPeople } from "./city-people.js";
import { contactsOf } from "./contacts.js";
import { type DemoKadun, type DemoProfile, startDemoKadun } from "./demo-kadun.js";
import { feedCity, LANES, putContacts } from "./feed-city.js";
import type { DemoFolder } from "./folder.js";
import { untilInterrupted } from "./interruption.js";
import { decoyEventsOf } from "./patrol-city.js";
import { type Judged, readOutcomes } from "./read-outcomes.js";
import { type SmsCount, smsIn } from "./sms-count.js";

const REQUEST_TIMEOUT_MS = 30_000;
const REFUSALS_SHOWN = 20;

export interface Lived extends Omit<Judged, "scoreboard">, AlertCount {
  readonly model: ScoreboardModel;
  readonly lines: number;
  /** Feeding alone. */
  readonly seconds: number;
  /** From the last acknowledgement until everything was stored and told. */
  readonly catchUpSeconds: number;
  /** Of the patrols, once over everything. */
  readonly patrolSeconds: number;
  /** Lines refused by the gateway or the judge. */
  readonly refusedLines: number;
  readonly answers: LatencySummary;
  readonly contacts: number;
  readonly sms: SmsCount;
  readonly isReconciled: boolean;
  readonly reconciliation: Reconciliation;
}

export interface LiveOptions {
  readonly profile: DemoProfile;
  readonly folder: DemoFolder;
  readonly secondsMax: number | null;
  readonly signal: AbortSignal;
}

export async function live(options: LiveOptions): Promise<Lived> {
  const kadun = await started(options);
  const { scoreboard, decoyEvents, ...told } = await whileRunning(kadun, options);
  // The office of an embedded one has its databases to itself while it runs.
  const counted = await kadun.alerts();
  say("patrols look at what was stored …");
  const startedMs = performance.now();
  scoreboard.findings(await kadun.patrolled({ decoyEvents, signal: options.signal }));
  const patrolSeconds = (performance.now() - startedMs) / 1000;
  return { ...told, ...counted, patrolSeconds, model: scoreboard.model() };
}

/** What is known when it has stopped. */
interface Told extends Omit<Lived, keyof AlertCount | "model" | "patrolSeconds"> {
  readonly scoreboard: Scoreboard;
  readonly decoyEvents: readonly string[];
}

async function started({ profile, folder }: LiveOptions): Promise<DemoKadun> {
  try {
    return await startDemoKadun(profile, folder);
  } catch (error) {
    throw toldError(error);
  }
}

async function whileRunning(kadun: DemoKadun, options: LiveOptions): Promise<Told> {
  const done = new AbortController();
  const signal = AbortSignal.any([options.signal, done.signal]);
  try {
    const work = Promise.race([liveThrough(kadun, { ...options, signal }), ended(kadun, options)]);
    return await untilInterrupted(signal, work);
  } catch (error) {
    throw toldError(error);
  } finally {
    done.abort(new OperatingError("stopped"));
    await kadun.stop();
  }
}

function toldError(error: unknown): unknown {
  return error instanceof LoadError ? new OperatingError(error.message.replace(/^kadun: /, "")) : error;
}

/** A Kadun that ends by itself has said why. */
async function ended(kadun: DemoKadun, { folder }: LiveOptions): Promise<never> {
  const said = await kadun.ended;
  const hint = folder.isKept
    ? `see the logs in ${folder.path}`
    : "run it with --keep DIR and look at the logs in DIR";
  throw new OperatingError(`${said}: ${hint}`);
}

async function liveThrough(kadun: DemoKadun, options: LiveOptions): Promise<Told> {
  const { folder, signal } = options;
  const labels = await readLabels(folder.labels);
  const contacts = contactsOf(await readPeople(folder.raw, labels));
  const refusals = new RefusedLines();
  const fed = await feed(kadun, options, contacts, refusals);
  say(`fed ${fed.lines} lines in ${fed.seconds.toFixed(1)} s; waiting for the office …`);
  const fedMs = performance.now();
  const reconciliation = await kadun.reconciled(signal);
  const catchUpSeconds = (performance.now() - fedMs) / 1000;
  writeFileSync(folder.metrics, await kadun.metrics());
  const log = await kadun.openLog();
  try {
    const judged = await readOutcomes(log, labels, folder.outcomes);
    return {
      ...judged,
      ...fed,
      decoyEvents: decoyEventsOf(labels),
      catchUpSeconds,
      refusedLines: refusals.ofGateway + judged.refused,
      contacts: contacts.length,
      sms: smsIn(kadun.outbox),
      isReconciled: isReconciled(reconciliation),
      reconciliation,
    };
  } finally {
    await log.close();
  }
}

async function feed(
  kadun: DemoKadun,
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
