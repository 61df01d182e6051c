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
/** Of a personKey in a decisionId. */
const KEY_DIGITS = 12;
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
  const env = { ...process.env, ...servers.environment };
  const { stdout } = await run(process.execPath, args, { env, timeout: LIMIT_MS, maxBuffer: 1 << 26 });
  return JSON.parse(stdout) as Record<string, unknown>;
}

/**
 * Outcome bodies by person, under the person's first eventId: every Kadun makes its own linkage key, so the keys of
 * persons, and nothing else, differ.
 */
function bodiesByPerson(profile: string): Map<string, string[]> {
  const lines = readFileSync(join(folder, profile, "outcomes.ndjson"), "utf8")
    .split("\n")
    .filter(Boolean);
  const byKey = new Map<string, string[]>();
  for (const line of lines) {
    const outcome = JSON.parse(line) as Outcome;
    const key = keyOf(outcome);
    const { personKey } = outcome;
    const body = (personKey === undefined ? line : line.replaceAll(personKey, "PERSON")).replaceAll(
      key,
      "PERSON",
    );
    byKey.set(key, [...(byKey.get(key) ?? []), body]);
  }
  return new Map([...byKey.values()].map((bodies) => [firstEventOf(bodies), bodies]));
}

/** Duplicates name their person by the decision they repeat, those of other records by nothing. */
function keyOf({ personKey, decisionId, eventId }: Outcome): string {
  return (personKey ?? decisionId)?.slice(0, KEY_DIGITS) ?? eventId;
}

interface Outcome {
  readonly eventId: string;
  readonly personKey?: string;
  readonly decisionId?: string | null;
}

function firstEventOf([first]: readonly string[]): string {
  return (JSON.parse(first!) as { eventId: string }).eventId;
}

describe("a seeded city", () => {
  test(
    "gets the same outcome bodies per person from a distributed Kadun as from an embedded one",
    async () => {
      const embedded = await demo("embedded");
      const distributed = await demo("distributed");
      expect([embedded.isReconciled, distributed.isReconciled]).toEqual([true, true]);
      const expected = bodiesByPerson("embedded");
      expect(expected.size).toBeGreaterThan(400);
      expect(bodiesByPerson("distributed")).toEqual(expected);
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
