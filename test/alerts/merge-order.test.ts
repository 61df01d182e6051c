import { afterAll, afterEach, beforeAll, expect, it } from "@jest/globals";
import { systemClock } from "../../platform/clock/system-clock.js";
import type { EventLog, LogEntry } from "../../platform/event-log/event-log.js";
import { MemoryEventLog } from "../../platform/event-log/memory/memory-event-log.js";
import { MemoryLogWorld } from "../../platform/event-log/memory/memory-log-world.js";
import { type Logger, silentLogger } from "../../platform/logger/logger.js";
import { noMetrics } from "../../platform/metrics/metrics.js";
import type { DecisionOutcome, LoggedOutcome } from "../../schemas/outcomes.js";
import { partitionOf, Topic } from "../../schemas/topics.js";
import { AlertsMetrics } from "../../services/alerts/alerts-metrics.js";
import { consumeDecisions } from "../../services/alerts/decisions-consumer.js";
import { AlertsDesk, logClock } from "./alerts-desk.js";
import { decision, entries, rejected, revision } from "./outcome-records.js";

const PARTITIONS = 3;

let desk: AlertsDesk;
beforeAll(async () => {
  desk = await AlertsDesk.open();
});
afterEach(() => desk.empty());
afterAll(() => desk.close());

/** A person whose outcomes lie in that partition. */
function personIn(partition: number, name: number): string {
  for (let i = name * 1_000; ; i++) {
    const key = i.toString(16).padStart(32, "0");
    if (partitionOf(key, PARTITIONS) === partition) return key.slice(0, 32);
  }
}

/** decisionIds begin with the key's first twelve digits: keys here differ in the last ones only. */
function settleOf(personKey: string, eventId: string, make = decision): DecisionOutcome {
  return make(eventId, { personKey, decisionId: `${personKey.slice(-12)}-${eventId}-0` });
}

function moved(from: string, to: string, eventId: string): LoggedOutcome {
  return {
    type: "person-moved",
    eventId,
    personKey: from,
    toPersonKey: to,
    formerPersonKeys: [],
    state: "",
    stateSha256: "0".repeat(64),
  };
}

function merged(from: string, to: string, eventId: string): LoggedOutcome {
  return {
    type: "person-merged",
    eventId,
    personKey: to,
    formerPersonKey: from,
    dropped: {},
    bundleHash: "0".repeat(64),
  };
}

function underNewKey(settle: DecisionOutcome, personKey: string, ordinal: number) {
  return revision(settle, ordinal, {
    personKey,
    revisionId: `${settle.decisionId.slice(0, -2)}-${ordinal}`,
    causedBy: "link",
  });
}

type Logs = readonly (readonly LoggedOutcome[])[];

function logOfPartitions(logs: Logs): EventLog {
  const world = new MemoryLogWorld({ [Topic.DECISIONS]: PARTITIONS }, { clock: logClock });
  logs.forEach((outcomes, partition) => {
    const logged: readonly LogEntry[] = entries(outcomes);
    if (logged.length > 0) world.append(Topic.DECISIONS, partition, logged);
  });
  return new MemoryEventLog(world);
}

/**
 * A consumer with a sink of its own for each partition, as in processes of their own; the next begins when the one before is done
 * or waits. Until all has been applied.
 */
async function consumeInOrder(logs: Logs, order: readonly number[]): Promise<void> {
  const log = logOfPartitions(logs);
  const running: Promise<void>[] = [];
  for (const partition of order) {
    const { logger, begun } = waiting();
    const consumer = consumePartition(log, { partition, count: logs[partition]!.length, logger });
    running.push(consumer);
    await Promise.race([consumer, begun]);
  }
  await Promise.all(running);
  await log.close();
}

interface Consumer {
  readonly partition: number;
  readonly count: number;
  readonly logger: Logger;
}

async function consumePartition(log: EventLog, { partition, count, logger }: Consumer): Promise<void> {
  const sink = desk.sink(null, { log, logger });
  if (((await sink.progress(partition))?.nextOffset ?? 0) >= count) return;
  const done = new AbortController();
  await consumeDecisions({
    log,
    partition,
    sink,
    clock: systemClock,
    logger,
    metrics: new AlertsMetrics(noMetrics),
    signal: done.signal,
    onProgress: ({ nextOffset }) => {
      if (nextOffset >= count) done.abort();
    },
  });
}

/** `begun` resolves when a consumer says that it waits. */
function waiting(): { readonly logger: Logger; readonly begun: Promise<void> } {
  let tell = () => {};
  const begun = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const debug: Logger["debug"] = (event) => {
    if (event === "alerts.merge-waits") tell();
  };
  return { logger: { ...silentLogger, debug }, begun };
}

const FORMER = personIn(0, 1);
const NEW = personIn(1, 2);
const approved = settleOf(FORMER, "s-1");
const stopped = settleOf(FORMER, "s-2", rejected);
const ONE_MOVE: Logs = [
  [approved, stopped, moved(FORMER, NEW, "link")],
  [merged(FORMER, NEW, "link"), underNewKey(approved, NEW, 1), underNewKey(stopped, NEW, 1)],
  [],
];

it("a revision under the new number waits for the decision that it corrects, where that consumer is behind", async () => {
  await consumeInOrder(ONE_MOVE, [1, 0]);
  const { alerts, sms } = await desk.rows();
  expect(alerts.map((row) => [row.event_id, row.ordinal, row.state, row.total_fen, row.care_region])).toEqual(
    [
      ["s-1", 1, "standing", 48_000, "330106"],
      ["s-2", 0, "replaced", 48_000, "330106"],
      ["s-2", 1, "standing", 48_000, "330106"],
    ],
  );
  expect(sms.map(({ template, person_key }) => [template, person_key])).toEqual([
    ["lost-card-rejected", FORMER],
    ["late-hit", NEW],
  ]);
});

it("two persons who move against each other, in one batch each: neither consumer waits for the other's whole batch", async () => {
  const [there, back] = [personIn(1, 3), personIn(0, 4)];
  const logs: Logs = [
    [approved, moved(FORMER, NEW, "link"), merged(there, back, "link-2")],
    [
      settleOf(there, "s-3"),
      moved(there, back, "link-2"),
      merged(FORMER, NEW, "link"),
      underNewKey(approved, NEW, 1),
    ],
    [],
  ];
  await consumeInOrder(logs, [0, 1]);
  const { alerts } = await desk.rows();
  expect(alerts.map(({ event_id, total_fen }) => `${event_id} ${total_fen}`)).toEqual(["s-1 48000"]);
});

it("a move that was applied before moves were kept is not waited for", async () => {
  await consumeInOrder(ONE_MOVE, [0]);
  await desk.tables.deleteFrom("person_moves").execute();
  await consumeInOrder(ONE_MOVE, [1]);
  const { alerts } = await desk.rows();
  expect(alerts).toHaveLength(3);
});

it("chains over three partitions give the same rows in whichever order their consumers begin", async () => {
  const [a, b, c] = [personIn(0, 5), personIn(1, 6), personIn(2, 7)];
  const [first, second] = [settleOf(a, "s-5", rejected), settleOf(b, "s-6")];
  const logs: Logs = [
    [first, moved(a, b, "ab")],
    [second, merged(a, b, "ab"), underNewKey(first, b, 1), moved(b, c, "bc")],
    [merged(b, c, "bc"), underNewKey(first, c, 2), underNewKey(second, c, 1)],
  ];
  const rowsAfter = async (order: readonly number[]) => {
    await desk.empty();
    await consumeInOrder(logs, order);
    return desk.rows();
  };
  const expected = await rowsAfter([0, 1, 2]);
  expect(expected.alerts.map(({ event_id, ordinal, state }) => `${event_id} ${ordinal} ${state}`)).toEqual([
    "s-5 0 replaced",
    "s-5 1 replaced",
    "s-5 2 standing",
    "s-6 1 standing",
  ]);
  const others = [
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ];
  for (const order of others) expect(await rowsAfter(order)).toEqual(expected);
});
