import { expect, test } from "@jest/globals";
import { isBootstrapKnown } from "../../../cli/distributed/known-bootstrap.js";
import { coldStart } from "../../../cli/process/first-records.js";
import { MemoryEventLog } from "../../../platform/event-log/memory/memory-event-log.js";
import { MemoryLogWorld } from "../../../platform/event-log/memory/memory-log-world.js";
import type { JournalRecord } from "../../../schemas/journal.js";
import { encodeBody } from "../../../schemas/log-body.js";
import { Topic } from "../../../schemas/topics.js";
import { firstActivation, goldenRecords } from "../../support/live-partition.js";

const BOOTSTRAP = coldStart(0);

/** @param partitions the records of each. */
function isKnown(...partitions: (readonly JournalRecord[])[]): Promise<boolean> {
  const world = new MemoryLogWorld({ [Topic.JOURNAL]: partitions.length });
  for (const [partition, records] of partitions.entries())
    world.append(
      Topic.JOURNAL,
      partition,
      records.map((record) => ({ key: "", value: encodeBody(record), header: new Uint8Array(0) })),
    );
  return isBootstrapKnown(new MemoryEventLog(world), partitions.length);
}

test("a journal that is empty, or only begun, has no bootstrap", async () => {
  expect(await isKnown([], [])).toBe(false);
  expect(await isKnown([firstActivation], [firstActivation])).toBe(false);
  expect(await isKnown(goldenRecords().filter(({ type }) => type !== "bootstrap"))).toBe(false);
});

test("a bootstrap is found behind the activation and behind some records", async () => {
  expect(await isKnown([firstActivation, BOOTSTRAP], [firstActivation, BOOTSTRAP])).toBe(true);
  expect(await isKnown([...goldenRecords().slice(0, 900), BOOTSTRAP])).toBe(true);
});

test("one partition without it, after a crash between two, means that it is written again", async () => {
  expect(await isKnown([firstActivation, BOOTSTRAP], [firstActivation])).toBe(false);
});
