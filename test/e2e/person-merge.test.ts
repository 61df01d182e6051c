/** `kadun start` on several partitions: a card lost under an old number is refused under both, whenever the process is killed. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { KadunProcess } from "../../bench/load/kadun-process.js";
import { isReconciled, reconciled } from "../../bench/load/office-client.js";
import { PATIENT } from "../support/kadun.js";
import { newDataDirectory } from "../support/new-data-directory.js";
import { at, rawStatus, rawSwipe } from "../support/records.js";

const PARTITIONS = 4;
const PERSONS = 6;
const TIMEOUT_MS = 240_000;

let folder: string;
let kadun: KadunProcess;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "kadun-merge-"));
  await newDataDirectory(join(folder, "data"), PARTITIONS);
  kadun = await KadunProcess.start(startOptions(["--partitions", String(PARTITIONS), "--cold-start"]));
});
afterEach(async () => {
  await kadun.stop();
  // An office whose Kadun was killed may be ending still.
  rmSync(folder, { recursive: true, force: true, maxRetries: 50, retryDelay: 200 });
});

function startOptions(args: readonly string[] = []) {
  return {
    dataDirectory: join(folder, "data"),
    logPath: join(folder, "log.ndjson"),
    args: [...args, ...PATIENT],
  };
}

async function killed(): Promise<void> {
  await kadun.kill();
  kadun = await KadunProcess.start(startOptions(["--partitions", String(PARTITIONS)]));
}

async function post(path: string, record: object): Promise<Record<string, unknown>> {
  const response = await fetch(`${kadun.url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${kadun.apiKey}` },
    body: JSON.stringify(record),
  });
  const body = (await response.json()) as Record<string, unknown>;
  expect({ status: response.status, body }).toEqual({
    status: path === "/v1/authorizations" ? 200 : 202,
    body: expect.anything(),
  });
  return body;
}

/** Sent again, under the same eventId, while the stand-in speaks: the judge was late. */
async function authorized(record: object): Promise<Record<string, unknown>> {
  for (;;) {
    const answer = await post("/v1/authorizations", record);
    if (answer.standIn === false) return answer;
  }
}

const now = () => at(Date.now());
const cardOf = (person: number) => `CARD-${person}`;

function swipe(person: number, number: "OLD" | "NEW", round: number) {
  return rawSwipe({
    eventId: `s-${number}-${person}-${round}`,
    kind: "authorize",
    personId: `${number}-${person}`,
    cardNumber: cardOf(person),
    occurredAt: now(),
  });
}

/** Old and new numbers of several persons: most pairs lie in two partitions. */
const persons = Array.from({ length: PERSONS }, (_, index) => index);

async function everybody(step: (person: number) => Promise<unknown>): Promise<void> {
  for (const person of persons) await step(person);
}

async function allRefused(round: number): Promise<void> {
  for (const person of persons)
    for (const number of ["OLD", "NEW"] as const) {
      const { action, reasons } = await authorized(swipe(person, number, round));
      const rules = (reasons as { rule: string }[]).map(({ rule }) => rule);
      // A swipe of the new number can come before the state does; the old number's never do.
      expect({ person, number, round, action, rules }).toEqual({
        person,
        number,
        round,
        action: "reject",
        rules: expect.arrayContaining(["R01"]),
      });
    }
}

const report = (person: number) =>
  post(
    "/v1/card-status",
    rawStatus({
      eventId: `r-${person}`,
      personId: `OLD-${person}`,
      cardNumber: cardOf(person),
      region: "330100",
      occurredAt: now(),
    }),
  );
const link = (person: number) =>
  post("/v1/person-links", {
    type: "person-link",
    eventId: `l-${person}`,
    occurredAt: now(),
    personId: `NEW-${person}`,
    formerPersonId: `OLD-${person}`,
  });

test(
  "a card reported lost under the old number is refused under both, with kill -9 between all steps",
  async () => {
    await everybody(report);
    await killed();
    await everybody(link);
    await killed();
    // Whatever was under way: the old number's swipe is answered by the new one's judge, so the state is there.
    await everybody((person) => authorized(swipe(person, "OLD", 0)));
    await allRefused(1);
    await killed();
    await allRefused(2);
    await everybody(link);
    await everybody(async (person) => {
      const repeated = await post("/v1/authorizations", swipe(person, "OLD", 3));
      expect(repeated).toMatchObject({ action: "reject" });
    });
    const result = await reconciled(kadun);
    expect({ isReconciled: isReconciled(result), findings: result.findings }).toEqual({
      isReconciled: true,
      findings: [],
    });
  },
  TIMEOUT_MS,
);
