/**
 * The same city through both profiles: whatever the engines below and the number of partitions and processes, every
 * person gets the same outcomes, byte for byte.
 */

import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { packageRoot } from "../../cli/package-root.js";
import { type KadunServers, startKadunServers } from "../support/servers/kadun-servers.js";

const MAIN = join(packageRoot, "dist", "cli", "main.js");
const CITY = ["--seed", "7", "--persons", "500", "--days", "30"];
const LIMIT_MS = 240_000;
const run = promisify(execFile);

let folder: string;
let servers: KadunServers;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "kadun-two-profiles-"));
  servers = await startKadunServers(folder);
}, LIMIT_MS);
afterAll(async () => {
  await servers.close();
  rmSync(folder, { recursive: true, force: true });
}, LIMIT_MS);

async function demo(
  profile: "embedded" | "distributed",
  name: string = profile,
): Promise<Record<string, unknown>> {
  const args = [MAIN, "demo", "--profile", profile, "--keep", join(folder, name), "--json", ...CITY];
  // The embedded one makes a key, the distributed one is given it: the same tokens.
  const key = { KADUN_LINKAGE_KEY_FILE: join(folder, "embedded", "data", "keys", "linkage.key") };
  const env = { ...process.env, ...servers.environment, ...key };
  const { stdout } = await run(process.execPath, args, { env, timeout: LIMIT_MS, maxBuffer: 1 << 26 });
  return JSON.parse(stdout) as Record<string, unknown>;
}

interface Outcomes {
  /** Bodies by person, in order. */
  readonly byPerson: ReadonlyMap<string, readonly string[]>;
  /** What was told of messages that came again; a slow answer makes the feeder send one again. */
  readonly repeats: ReadonlySet<string>;
}

function outcomesOf(profile: string): Outcomes {
  const lines = readFileSync(join(folder, profile, "outcomes.ndjson"), "utf8")
    .split("\n")
    .filter(Boolean);
  const byPerson = new Map<string, string[]>();
  const repeats = new Set<string>();
  for (const line of lines) {
    const { type, personKey } = JSON.parse(line) as Outcome;
    if (type === "duplicate") repeats.add(line);
    else byPerson.set(personKey!, [...(byPerson.get(personKey!) ?? []), line]);
  }
  return { byPerson, repeats };
}

/** Messages that the city holds twice. */
function eventsSentTwice(): Set<string> {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const line of readFileSync(join(folder, "embedded", "city.ndjson"), "utf8")
    .split("\n")
    .filter(Boolean)) {
    const { eventId } = JSON.parse(line) as { eventId: string };
    if (seen.has(eventId)) twice.add(eventId);
    seen.add(eventId);
  }
  return twice;
}

interface Outcome {
  readonly type: string;
  readonly eventId: string;
  readonly personKey?: string;
}

describe("a seeded city", () => {
  test(
    "gets the same outcome bodies per person from a distributed Kadun as from an embedded one",
    async () => {
      const embedded = await demo("embedded");
      const distributed = await demo("distributed");
      expect([embedded.isReconciled, distributed.isReconciled]).toEqual([true, true]);
      const expected = outcomesOf("embedded");
      expect(expected.byPerson.size).toBeGreaterThan(300);
      const found = outcomesOf("distributed");
      expect(found.byPerson.size).toBe(expected.byPerson.size);
      for (const [person, bodies] of expected.byPerson) expect(found.byPerson.get(person)).toEqual(bodies);
      const sentTwice = eventsSentTwice();
      expect(sentTwice.size).toBeGreaterThan(0);
      const planted = ({ repeats }: Outcomes) =>
        [...repeats].filter((line) => sentTwice.has((JSON.parse(line) as Outcome).eventId)).sort();
      expect(planted(found)).toEqual(planted(expected));
      const { alerts, cases, sms } = embedded as { alerts: number; cases: number; sms: { written: number } };
      expect(distributed).toMatchObject({ alerts, cases, sms: { written: sms.written } });
    },
    LIMIT_MS,
  );

  test(
    "is refused by a demo over servers that hold a Kadun's data already",
    async () => {
      await expect(demo("distributed", "again")).rejects.toThrow(/kadun\.journal: is there already/);
    },
    LIMIT_MS,
  );
});
