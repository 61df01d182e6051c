/** Runs of 'kadun archive' that go on, were killed, or find what they must not go past. */

import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import * as z from "zod";
import { CONTENT_CHECKS } from "../../cli/archive/content-checks.js";
import { packageRoot } from "../../cli/package-root.js";
import { MemoryEventLog } from "../../platform/event-log/memory/memory-event-log.js";
import type { MemoryLogWorld } from "../../platform/event-log/memory/memory-log-world.js";
import { decodeOutcomeBody, encodeBody } from "../../schemas/log-body.js";
import { decodePosition, Topic } from "../../schemas/topics.js";
import { BlockFile } from "../../services/archive/block-file.js";
import { verifyArchive } from "../../services/archive/verify-archive.js";
import { ArchiveFolder, asOf, PARTITIONS, simulatedLogs } from "./archived-world.js";

const LIMITS = { recordsMax: 20, bytesMax: 1 << 20 };

let folder: ArchiveFolder;
beforeEach(() => {
  folder = new ArchiveFolder();
});
afterEach(() => folder.remove());

test("a run again over the same logs adds nothing", async () => {
  const world = await simulatedLogs(503);
  expect((await folder.run(new MemoryEventLog(world), LIMITS)).records).toBeGreaterThan(0);
  const { head } = (await folder.open()).manifest;
  const again = await folder.run(new MemoryEventLog(world), LIMITS);
  expect(again).toEqual({ segments: 0, records: 0, outcomes: 0, checkpoints: 0, persons: 0 });
  expect((await folder.open()).manifest.head).toBe(head);
});

test("whatever line a killed run left the manifest at, the next one goes on to the same archive", async () => {
  const world = await simulatedLogs(503);
  await folder.run(new MemoryEventLog(world), LIMITS);
  const path = join(folder.path, "manifest.ndjson");
  const lines = readFileSync(path, "utf8").trimEnd().split("\n");
  for (const count of [0, 1, 2, Math.floor(lines.length / 2), lines.length - 1]) {
    // The line under way was written in part; files behind it lie there and count not.
    writeFileSync(path, [...lines.slice(0, count), lines[count]!.slice(0, 40)].join("\n"));
    await folder.run(new MemoryEventLog(world), LIMITS);
    const archive = await folder.open();
    await verifyArchive(archive, CONTENT_CHECKS);
    expect(archive.manifest.entries).toHaveLength(lines.length);
    for (let partition = 0; partition < PARTITIONS; partition++)
      expect(archive.segments(Topic.JOURNAL, partition)[0]?.first).toBe(0);
  }
}, 60_000);

test("every file says of itself what the published schemas say", async () => {
  await folder.run(new MemoryEventLog(await simulatedLogs(503)), LIMITS);
  const archive = await folder.open();
  published("archive-folder").parse(JSON.parse(readFileSync(join(folder.path, "archive.json"), "utf8")));
  const lines = readFileSync(join(folder.path, "manifest.ndjson"), "utf8").trimEnd().split("\n");
  for (const line of lines) published("archive-manifest-line").parse(JSON.parse(line));
  const kinds = new Set<string>();
  for (const entry of archive.manifest.entries) {
    kinds.add(entry.kind);
    if (entry.kind === "bundle") continue;
    const file = await BlockFile.open(archive.pathOf(entry));
    await file.close();
    published(`archive-${entry.kind}-header`).parse(file.header.value);
    const { partition: _, ...without } = file.header.value as Record<string, unknown>;
    expect(published(`archive-${entry.kind}-header`).safeParse(without).success).toBe(false);
  }
  expect([...kinds].sort()).toEqual(["bundle", "checkpoint", "segment"]);
});

test("a half-written file of a killed run never counts and is written anew", async () => {
  const world = await simulatedLogs(504);
  await folder.openToAppend();
  const draft = join(folder.path, "archive.json.new");
  appendFileSync(draft, "half");
  await folder.run(new MemoryEventLog(world), LIMITS);
  const archive = await folder.open();
  await verifyArchive(archive, CONTENT_CHECKS);
  for (const { file } of archive.manifest.entries)
    expect(existsSync(join(folder.path, `${file}.new`))).toBe(false);
});

test("what the decisions log does not answer yet stays out", async () => {
  const world = asOf(await simulatedLogs(505), 0.4);
  await folder.run(new MemoryEventLog(world), LIMITS);
  const archive = await folder.open();
  for (let partition = 0; partition < PARTITIONS; partition++) {
    const answered = Math.max(
      -1,
      ...world.records(Topic.DECISIONS, partition).map(({ header }) => decodePosition(header).journalOffset),
    );
    expect(archive.journalEnd(partition)).toBe(Math.max(0, answered));
  }
});

test("outcomes that the journal does not explain are found before persons are kept, with the place", async () => {
  const world = asOf(await simulatedLogs(506), 1);
  const changed = alterOneDecision(world);
  await expect(folder.run(new MemoryEventLog(world), LIMITS)).rejects.toThrow(
    new RegExp(
      `partition ${changed.partition}, journal offset ${changed.journalOffset}, outcome \\d+: action: archived`,
    ),
  );
  expect((await folder.open()).checkpoints(changed.partition)).toEqual([]);
});

test("a journal whose beginning is gone is not archived as if it were whole", async () => {
  const world = asOf(await simulatedLogs(503), 1);
  world.trim(Topic.JOURNAL, 0, 3);
  await expect(folder.run(new MemoryEventLog(world), LIMITS)).rejects.toMatchObject({ code: "GAP" });
});

/** As whoever reads archives without this program has it. */
function published(name: string): z.ZodType {
  return z.fromJSONSchema(
    JSON.parse(readFileSync(join(packageRoot, "schemas", "json", `${name}.json`), "utf8")),
  );
}

/** A decision of another action, sealed as if it had been judged so. */
function alterOneDecision(world: MemoryLogWorld): { partition: number; journalOffset: number } {
  for (let partition = 0; partition < PARTITIONS; partition++) {
    const records = world.records(Topic.DECISIONS, partition);
    const index = records.findIndex(({ value }) => {
      const outcome = decodeOutcomeBody(value);
      return outcome.type === "decision" && outcome.action === "approve";
    });
    const record = records[index];
    if (record === undefined) continue;
    const outcome = decodeOutcomeBody(record.value);
    Object.assign(record, { value: encodeBody({ ...outcome, action: "reject" } as typeof outcome) });
    return { partition, journalOffset: decodePosition(record.header).journalOffset };
  }
  throw new Error("no decision approves");
}
