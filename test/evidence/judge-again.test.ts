import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { judgeAgain } from "../../cli/evidence/judge-again.js";
import type { JournalLine, OutcomeLine } from "../../schemas/evidence/lines.js";
import { LogHistory } from "../../services/evidence/package/log-history.js";
import { mergedLines } from "../../services/evidence/package/merged-lines.js";
import { defaultBundle } from "../support/judge.js";
import { DAY_MS, MINUTE_MS, rawStatus, rawSwipe, START_MS } from "../support/records.js";
import { JudgedLogs, personKeyOf } from "./judged-logs.js";
import { unsignedProofs } from "./unsigned-proofs.js";

const ME = "PERSON-1";

async function historyOf(logs: JudgedLogs, endOffsets: readonly number[]) {
  const history = new LogHistory({
    log: logs.log,
    partition: 0,
    personKey: personKeyOf(ME),
    checkpoint: null,
    proofs: () => unsignedProofs(endOffsets),
  });
  const journal: JournalLine[] = [];
  const context: JournalLine[] = [];
  const outcomes: OutcomeLine[] = [];
  for await (const stretch of history.stretches()) {
    journal.push(...stretch.journal);
    context.push(...stretch.context);
    outcomes.push(...stretch.outcomes);
  }
  return { journal, context, outcomes };
}

async function again({ journal, context }: Awaited<ReturnType<typeof historyOf>>): Promise<OutcomeLine[]> {
  const judged: OutcomeLine[] = [];
  const lines = mergedLines(streamOf(journal), streamOf(context));
  const bundles = { load: async () => defaultBundle.bundle };
  for await (const line of judgeAgain({
    personKey: personKeyOf(ME),
    partition: 0,
    checkpoint: null,
    lines,
    bundles,
  }))
    judged.push(line);
  return judged;
}

async function* streamOf(lines: readonly JournalLine[]): AsyncGenerator<JournalLine> {
  yield* lines;
}

describe("a person's records judged again, without anybody else's", () => {
  test("give the outcomes that the log holds, among other people's swipes, heartbeats and activations", async () => {
    const logs = new JudgedLogs();
    await logs.activate(START_MS);
    for (let i = 0; i < 40; i++) {
      const nowMs = START_MS + i * DAY_MS;
      await logs.append(nowMs, { type: "heartbeat", feedId: "33", occurredAt: at(nowMs) });
      await logs.append(nowMs, { type: "heartbeat", feedId: "11", occurredAt: at(nowMs) });
      for (const personId of [ME, "PERSON-2", "PERSON-3"])
        await logs.take(
          nowMs + (i % 3) * MINUTE_MS,
          rawSwipe({
            personId,
            cardNumber: `CARD-${personId}`,
            eventId: `${personId}-${i}`,
            occurredAt: at(nowMs),
            totalFen: 20_000 + i,
            accountFen: 20_000,
            balanceBeforeFen: 300_000,
            careRegion: i % 4 === 0 ? "341800" : "330106",
            institutionId: `P3301060000${i % 5}`,
          }),
        );
      if (i === 20)
        await logs.take(nowMs, rawStatus({ eventId: "lost", occurredAt: at(nowMs - 5 * DAY_MS) }));
    }
    const { end } = logs.world.bounds("kadun.journal", 0);
    const whole = await historyOf(logs, [7, 7, 50, end]);
    expect(whole.journal).toHaveLength(41);
    expect(whole.outcomes.length).toBeGreaterThan(44);
    expect(whole.outcomes.some(({ json }) => json.includes('"degraded":true'))).toBe(true);
    expect(whole.outcomes.some(({ json }) => json.startsWith('{"type":"revision"'))).toBe(true);
    expect(whole.context.length).toBeLessThan(45);
    expect(await again(whole)).toEqual(whole.outcomes);
  });

  test("are refused where day proofs begin behind the first record: the journal was trimmed before there were any", async () => {
    const logs = new JudgedLogs();
    await logs.activate(START_MS);
    for (const raw of fixture("a-hangzhou-empty-card"))
      await logs.take(Date.parse(raw.occurredAt), { ...raw, personId: ME });
    const history = new LogHistory({
      log: logs.log,
      partition: 0,
      personKey: personKeyOf(ME),
      checkpoint: null,
      proofs: async function* () {
        for await (const each of unsignedProofs([3, 8]))
          if (!each.proofLine.includes('"fromOffset":0,')) yield each;
      },
    });
    const read = async () => {
      for await (const _ of history.stretches());
    };
    await expect(read()).rejects.toMatchObject({
      code: "RECORDS_MISSING",
      message: expect.stringMatching(/begin with offset 3/),
    });
  });

  test("do not, where a record in the middle is left out", async () => {
    const logs = new JudgedLogs();
    await logs.activate(START_MS);
    for (const raw of fixture("a-hangzhou-empty-card"))
      await logs.take(Date.parse(raw.occurredAt), { ...raw, personId: ME });
    const { end } = logs.world.bounds("kadun.journal", 0);
    const whole = await historyOf(logs, [end]);
    expect(await again(whole)).toEqual(whole.outcomes);
    const left = { ...whole, journal: whole.journal.toSpliced(1, 1) };
    expect(await again(left)).not.toEqual(whole.outcomes.filter(({ journalOffset }) => journalOffset !== 2));
  });
});

function fixture(name: string): { occurredAt: string }[] {
  return readFileSync(join("test", "fixtures", `${name}.ndjson`), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

function at(ms: number): string {
  return new Date(ms + 8 * 3_600_000).toISOString().replace("Z", "+08:00");
}
