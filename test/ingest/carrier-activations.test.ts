/** The carrier tells of activations that partitions took, with the record of the journal, and of nothing that was refused. */

import { expect, test } from "@jest/globals";
import { systemClock } from "../../platform/clock/system-clock.js";
import { consumeOnce } from "../../platform/event-log/consume-once.js";
import { MemoryEventLog } from "../../platform/event-log/memory/memory-event-log.js";
import { MemoryLogWorld } from "../../platform/event-log/memory/memory-log-world.js";
import { MemoryKeyValue } from "../../platform/key-value/memory/memory-key-value.js";
import { silentLogger } from "../../platform/logger/logger.js";
import { noMetrics } from "../../platform/metrics/metrics.js";
import type { CanonicalActivation } from "../../schemas/journal.js";
import { encodeBody } from "../../schemas/log-body.js";
import { DECISIONS_IN_ORDER, encodePosition, Topic } from "../../schemas/topics.js";
import { Partition } from "../../services/detector/partition.js";
import { loggedOutcomesOf } from "../../services/detector/taken.js";
import { CarrierSink } from "../../services/ingest/carrier-sink.js";
import { defaultBundle } from "../support/judge.js";

const NO_HEADER = new Uint8Array(0);

function activation(sequence: number): CanonicalActivation {
  const bundleHash = defaultBundle.bundle.hash;
  return {
    type: "activation",
    sequence,
    bundleHash,
    engineVersion: "2",
    publishedBy: [`person ${sequence}`],
  };
}

test("each activation that was taken is told once, in order; a failure is told of again", async () => {
  const world = new MemoryLogWorld({ [Topic.JOURNAL]: 1, [Topic.DECISIONS]: 1 });
  const partition = new Partition(defaultBundle.bundle);
  const records = [activation(0), activation(3), activation(2), activation(5)];
  for (const [offset, record] of records.entries()) {
    world.append(Topic.JOURNAL, 0, [{ key: "", value: encodeBody(record), header: NO_HEADER }]);
    for (const outcome of loggedOutcomesOf(record, partition.take(record, offset, 0)))
      world.append(Topic.DECISIONS, 0, [
        {
          key: "",
          value: encodeBody(outcome),
          header: encodePosition({ journalOffset: offset, sequence: 0 }),
        },
      ]);
  }
  const log = new MemoryEventLog(world);
  const store = new MemoryKeyValue();
  const told: [number, CanonicalActivation][] = [];
  let failures = 1;
  const consume = async () => {
    const sink = new CarrierSink({
      log,
      writer: { append: () => Promise.reject(new Error("nobody moved")) },
      moved: { put: async () => {} },
      vault: { bring: async () => {}, move: async () => null },
      store,
      onActivated: async (at, record) => {
        if (record.sequence === 3 && failures-- > 0) throw new Error("the database is away");
        told.push([at, record]);
      },
      clock: systemClock,
      logger: silentLogger,
      metrics: noMetrics,
    });
    const stop = new AbortController();
    await consumeOnce({
      log,
      ...DECISIONS_IN_ORDER,
      partition: 0,
      limits: { recordsMax: 2, bytesMax: 1e6, waitMs: 0 },
      sink,
      signal: stop.signal,
      onBatch: (_applied, _dropped, { nextOffset }) => {
        if (nextOffset === 4) stop.abort();
      },
    });
  };
  await expect(consume()).rejects.toThrow("the database is away");
  await consume();
  // The batch that failed is taken again as a whole.
  expect(told).toEqual([
    [0, activation(0)],
    [0, activation(0)],
    [0, activation(3)],
    [0, activation(5)],
  ]);
});
