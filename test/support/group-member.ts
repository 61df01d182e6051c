/** A member of a partition group as its owner sees it: what it was told, and waiting for that. */

import { EventEmitter, once } from "node:events";
import type { JoinPartitionGroup, PartitionGroup } from "../../platform/event-log/partition-group.js";

export interface ToldAssignment {
  readonly partitions: readonly number[];
  /** `performance.now()`. */
  readonly atMs: number;
}

export class TestMember {
  readonly told: ToldAssignment[] = [];
  readonly failures: unknown[] = [];
  private readonly changed = new EventEmitter();

  private constructor(readonly name: string) {}

  group!: PartitionGroup;

  static async join(
    name: string,
    join: JoinPartitionGroup,
    { groupId, topic }: { readonly groupId: string; readonly topic: string },
  ): Promise<TestMember> {
    const member = new TestMember(name);
    member.group = await join({
      groupId,
      topic,
      onAssignment: (partitions) => {
        member.told.push({ partitions, atMs: performance.now() });
        member.changed.emit("news");
      },
      onFailure: (error) => {
        member.failures.push(error);
        member.changed.emit("news");
      },
    });
    return member;
  }

  get partitions(): readonly number[] {
    return this.group.assigned;
  }

  async until(isTrue: (member: TestMember) => boolean): Promise<void> {
    while (!isTrue(this)) await once(this.changed, "news");
  }

  /** Resolves when something is told. */
  async news(): Promise<void> {
    await once(this.changed, "news");
  }
}

/** Resolves when the members' partitions are all of the topic's, each once, in shares that differ by one at most. */
export async function untilShared(members: readonly TestMember[], partitionCount: number): Promise<void> {
  for (;;) {
    const news = Promise.race(members.map((member) => member.news()));
    if (isShared(members, partitionCount)) return;
    await news;
  }
}

export function isShared(members: readonly TestMember[], partitionCount: number): boolean {
  const all = members.flatMap(({ partitions }) => partitions);
  const sizes = members.map(({ partitions }) => partitions.length);
  const isEven = Math.max(...sizes) - Math.min(...sizes) <= 1;
  return isEven && all.length === partitionCount && new Set(all).size === partitionCount;
}
