/** Logs of one partition in memory, filled as ingest and a detector fill them, at times that the test says. */

import type { Clock } from "../../platform/clock/clock.js";
import { MemoryEventLog } from "../../platform/event-log/memory/memory-event-log.js";
import { MemoryLogWorld } from "../../platform/event-log/memory/memory-log-world.js";
import type { JournalRecord } from "../../schemas/journal.js";
import { encodeBody } from "../../schemas/log-body.js";
import { encodePosition, Topic } from "../../schemas/topics.js";
import { ENGINES } from "../../services/detector/engine.js";
import { JudgingRoom } from "../../services/detector/judging-room.js";
import { acceptBytes, isRefusal } from "../../services/ingest/accept.js";
import { ALL_ZERO_KEY, Tokeniser } from "../../services/ingest/tokens.js";
import { defaultBundle } from "../support/judge.js";

const NO_HEADER = new Uint8Array(0);
const tokens = new Tokeniser(ALL_ZERO_KEY);

export function personKeyOf(personId: string): string {
  const accepted = acceptBytes(
    Buffer.from(
      JSON.stringify({
        type: "person-fact",
        eventId: "k",
        occurredAt: "2026-03-01T10:00:00.000+08:00",
        personId,
        fact: "home-region",
        region: "330100",
      }),
    ),
    { tokens, drugs: defaultBundle.drugs },
  );
  if (isRefusal(accepted) || !("personKey" in accepted)) throw new Error("no person");
  return accepted.personKey;
}

export class JudgedLogs {
  readonly log: MemoryEventLog;
  readonly world: MemoryLogWorld;
  private nowMs = 0;
  private judging: Promise<JudgingRoom> | null = null;
  private taken = 0;

  constructor() {
    const clock: Pick<Clock, "now"> = { now: () => this.nowMs };
    this.world = new MemoryLogWorld({ [Topic.JOURNAL]: 1, [Topic.DECISIONS]: 1 }, { clock: clock as Clock });
    this.log = new MemoryEventLog(this.world);
  }

  /** The first record of every journal. */
  async activate(nowMs: number, bundleHash = defaultBundle.bundle.hash, sequence = 0): Promise<void> {
    await this.append(nowMs, {
      type: "activation",
      sequence,
      bundleHash,
      engineVersion: [...ENGINES.keys()].at(-1)!,
      publishedBy: [],
    });
  }

  /** A raw record arrives. */
  async take(nowMs: number, raw: object): Promise<void> {
    const accepted = acceptBytes(Buffer.from(JSON.stringify(raw)), { tokens, drugs: defaultBundle.drugs });
    if (isRefusal(accepted)) throw new Error(JSON.stringify(accepted));
    await this.append(nowMs, accepted);
  }

  async append(nowMs: number, record: JournalRecord): Promise<void> {
    this.nowMs = nowMs;
    const key = "personKey" in record ? record.personKey : "";
    this.world.append(Topic.JOURNAL, 0, [{ key, value: encodeBody(record), header: NO_HEADER }]);
    await this.judge();
  }

  private async judge(): Promise<void> {
    this.judging ??= JudgingRoom.open(
      {
        partition: 0,
        epoch: 0,
        owner: "test",
        readPartition: async () => null,
        load: async (keys) => keys.map(() => null),
        entries: async function* () {},
        put: async () => {},
        putPartition: async () => {},
      },
      {
        bundles: { load: async (hash) => (hash === defaultBundle.bundle.hash ? defaultBundle.bundle : null) },
        engines: ENGINES,
      },
      { reaches: async () => true },
      null,
    );
    const room = await this.judging;
    const { end } = this.world.bounds(Topic.JOURNAL, 0);
    const reader = await this.log.reader(Topic.JOURNAL, 0, this.taken);
    const batch = await reader.read({ recordsMax: end - this.taken, bytesMax: 1e9, waitMs: 0 });
    await reader.close();
    this.taken = end;
    for (const { journalOffset, personKey, outcomes } of await room.take(batch))
      this.world.append(
        Topic.DECISIONS,
        0,
        outcomes.map((outcome, sequence) => ({
          key: personKey,
          value: encodeBody(outcome),
          header: encodePosition({ journalOffset, sequence }),
        })),
      );
  }
}
