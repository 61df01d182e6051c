/** Persons move along chains of numbers while the processes that carry them are killed, and what came of it is compared. */

import { expect } from "@jest/globals";
import type { RoleName } from "../../bench/load/role-process.js";
import { Topic } from "../../schemas/topics.js";
import { withAlertsTables } from "./alerts-tables.js";
import { commandJson } from "./command-json.js";
import type { FaultWorld } from "./fault-world.js";
import { movedFindings, movedReplayFindings, movedRowFindings } from "./moved-findings.js";
import { MovingPersons } from "./moving-persons.js";
import { effectiveOutcomes } from "./partition-check.js";
import { replayedLines } from "./replayed-lines.js";
import { until } from "./until.js";

/** kill -9 of one of a role with an append to the topic under way, and its start again. */
export type KillAtProduce = (role: RoleName, topic: Topic) => Promise<void>;

export async function movePersons(
  world: FaultWorld,
  count: number,
  kill: KillAtProduce,
): Promise<MovingPersons> {
  const { kadun, load } = world;
  const moving = new MovingPersons(kadun.gateway, count, (swipe) => load.sent.push(swipe));
  await moving.begin();
  // The former key's or the new key's judge, then the carrier.
  for (const [role, topic] of [
    ["detector", Topic.DECISIONS],
    ["ingest", Topic.JOURNAL],
  ] as const) {
    let linked = () => {};
    const firstLink = new Promise<void>((resolve) => {
      linked = resolve;
    });
    await Promise.all([moving.move(linked), firstLink.then(() => kill(role, topic))]);
  }
  await moving.move();
  await moving.swipeAll();
  return moving;
}

export async function expectMoved(world: FaultWorld, moving: MovingPersons): Promise<void> {
  const { log, linkageKey, servers, folder, kadun } = world;
  await world.quiet();
  const effective = await effectiveOutcomes(log);
  const inOrder = moving.persons.flatMap(({ isOrderly, lines }) => (isOrderly ? lines : []));
  const replayed = await replayedLines(inOrder, world.keyFile("KADUN_LINKAGE_KEY_FILE"), folder);
  expect([
    ...movedFindings(moving, effective, linkageKey),
    ...movedReplayFindings(moving, effective, replayed),
  ]).toEqual([]);
  await withAlertsTables(servers.postgres.url, async (tables) => {
    expect(await movedRowFindings(moving, tables, linkageKey)).toEqual([]);
  });
  await until("no move is under way", async () => {
    const { findings } = await commandJson(kadun.cluster, "doctor", "--json");
    const moves = findings.find(({ name }: { name: string }) => name === "persons who moved");
    return moves.verdict === "ok" && Number.parseInt(moves.detail, 10) >= moving.links.length;
  });
}
