/** Day proofs of a Kadun that runs: made by its office, gone on with after kill -9 of it. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { KadunProcess } from "../../bench/load/kadun-process.js";
import { pathsOf } from "../../cli/embedded/paths.js";
import { publishedKeys } from "../../schemas/evidence/keys.js";
import { follows, isSignedBy, readSignedLine } from "../../services/evidence/day-proofs/signed-line.js";
import { KeyRing } from "../../services/evidence/keys/key-ring.js";
import { PATIENT, Workplace } from "../support/kadun.js";
import { newDataDirectory } from "../support/new-data-directory.js";
import { rawSwipe } from "../support/records.js";

const TIMEOUT_MS = 120_000;
const PAUSE_MS = 200;
const place = new Workplace();
afterAll(() => place.remove());

test(
  "an office publishes signed lines, and goes on behind them after kill -9",
  async () => {
    const data = await newDataDirectory(place.path("data"));
    const kadun = await KadunProcess.start({
      dataDirectory: data,
      logPath: place.path("kadun.log"),
      args: ["--cold-start", ...PATIENT],
    });
    try {
      const first = await kadun.officeUp();
      await swipe(kadun, data, "first");
      const [before] = await sealedLines(data, first.url, 1);
      kadun.killOffice(first.pid);
      const second = await kadun.officeUp(first.pid);
      await swipe(kadun, data, "second");
      const lines = await sealedLines(data, second.url, 2);
      expect(lines[0]).toBe(before);
      expectSound(data, lines);
    } finally {
      expect(await kadun.stop()).toBe(0);
    }
  },
  TIMEOUT_MS,
);

async function swipe(kadun: KadunProcess, data: string, eventId: string): Promise<void> {
  const key = readFileSync(pathsOf(data).localKey, "utf8").trim();
  const answered = await fetch(`${kadun.url}/v1/authorizations`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify(rawSwipe({ eventId, occurredAt: new Date().toISOString() })),
  });
  expect({ status: answered.status, body: await answered.text() }).toMatchObject({ status: 200 });
}

/** Once there are so many; the office may just be beginning, the decision just be on its way. */
async function sealedLines(data: string, office: string, count: number): Promise<readonly string[]> {
  for (const endMs = performance.now() + TIMEOUT_MS / 4; ; ) {
    await fetch(`${office}/v1/proofs/seal`, { method: "POST" });
    const lines = linesOf(data);
    if (lines.length >= count || performance.now() > endMs) return lines;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

function linesOf(data: string): readonly string[] {
  try {
    return readFileSync(join(pathsOf(data).proofs, "published", "00000.ndjson"), "utf8")
      .split("\n")
      .slice(0, -1);
  } catch {
    return [];
  }
}

function expectSound(data: string, texts: readonly string[]): void {
  const { keys } = publishedKeys.parse(KeyRing.open(pathsOf(data).evidenceKeys, Date.now()).published());
  const lines = texts.map((text) => readSignedLine(text)!);
  expect(lines).toHaveLength(2);
  for (const [index, line] of lines.entries()) {
    expect(line.proof.persons).toBe(1);
    expect(isSignedBy(line, keys[0]!.ed25519)).toBe(true);
    expect(follows(line, lines[index - 1] ?? null)).toBe(true);
  }
}
