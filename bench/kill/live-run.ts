/** One run of the city through a Kadun of its own, from start to stop. */

import type { CityPerson } from "../../cli/demo/city-people.js";
import { contactRequestOf, contactsOf } from "../../cli/demo/contacts.js";
import type { Reconciliation } from "../../services/analytics/reconciliation.js";
import { feedLineOf } from "../load/feed-line.js";
import { Feeder } from "../load/feeder.js";
import { KadunProcess } from "../load/kadun-process.js";
import { MovingServer } from "../load/moving-server.js";
import { reconciled } from "../load/office-client.js";
import type { PlannedKill, Victim } from "./kill-plan.js";
import { Killer } from "./killer.js";
import { PacedLines } from "./paced-lines.js";

export interface CityInput {
  readonly lines: readonly string[];
  readonly people: readonly CityPerson[];
}

export interface LiveRunOptions {
  readonly dataDirectory: string;
  readonly logPath: string;
  readonly city: CityInput;
  readonly plan: readonly PlannedKill[];
  readonly gapMeanMs: number;
  readonly onKill: (kill: PlannedKill) => void;
}

export interface LiveRun {
  readonly kills: Readonly<Record<Victim, number>>;
  readonly acknowledged: number;
  readonly refused: number;
  readonly resent: number;
  readonly reconciliation: Reconciliation;
}

/** Several, so that a kill finds them in different states. */
export const PARTITIONS = 3;
/** The city's days are long past: its SMS are written all the same. */
const START_ARGS = ["--partitions", String(PARTITIONS), "--sms-stale-hours", "0"];
const LANES = 16;
/** Small requests: more of them are under way, and a kill finds them in more states. */
const LINES_MAX = 8;
const CONNECTIONS_MAX = LANES;
const TIMEOUT_MS = 5000;
/** Until the office is back. */
const RECOVERY_MS = 4000;
/** A start after a kill, several times over. */
const PATIENCE_MS = 120_000;

export async function liveRun(options: LiveRunOptions): Promise<LiveRun> {
  const { dataDirectory, logPath } = options;
  const start = { dataDirectory, logPath, args: START_ARGS };
  const kadun = await KadunProcess.start({ ...start, args: [...START_ARGS, "--cold-start"] });
  const server = new MovingServer({
    apiKey: kadun.apiKey,
    connectionsMax: CONNECTIONS_MAX,
    timeoutMs: TIMEOUT_MS,
  });
  server.moveTo(kadun.url);
  const killer = new Killer(kadun, start, server);
  try {
    return await feedAndKill(options, killer, server);
  } finally {
    server.close();
    await killer.kadun.stop();
  }
}

async function feedAndKill(
  { city, plan, gapMeanMs, onKill }: LiveRunOptions,
  killer: Killer,
  server: MovingServer,
): Promise<LiveRun> {
  for (const contact of contactsOf(city.people)) await putContact(server, contact);
  const feeder = new Feeder({ client: server, lanes: LANES, linesMax: LINES_MAX, patienceMs: PATIENCE_MS });
  const lines = new PacedLines(city.lines, plan.length, gapMeanMs + RECOVERY_MS);
  const killing = killer.run(plan, (kill) => {
    lines.killDone();
    onKill(kill);
  });
  // A failure of either ends the other: the feeder's patience is shorter than anybody's.
  killing.catch((error: unknown) => {
    feeder.abort(error as Error);
    lines.letGo();
  });
  for await (const json of lines) await feeder.push(feedLineOf(json));
  await feeder.drain();
  await killing;
  return {
    kills: killer.done,
    acknowledged: feeder.acknowledged,
    refused: feeder.refused,
    resent: feeder.resent,
    reconciliation: await reconciled(killer.kadun),
  };
}

async function putContact(server: MovingServer, contact: ReturnType<typeof contactsOf>[number]) {
  const { status, body } = await server.send(contactRequestOf(contact));
  if (status >= 300) throw new Error(`a contact was refused: ${status} ${body.toString()}`);
}
