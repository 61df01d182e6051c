/** Groups of processes in memory: partitions go where the test says, positions are kept for whoever comes next. */

import { EventLogError } from "../../platform/event-log/event-log.js";
import type {
  JoinPartitionGroup,
  PartitionGroup,
  PartitionGroupOptions,
} from "../../platform/event-log/partition-group.js";

/** One process of the groups it joins. */
export class MemoryMember implements PartitionGroup {
  assigned: readonly number[] = [];
  hasLeft = false;
  /** False as after a pause: the session may be over, and nobody has told. */
  isSure = true;

  constructor(
    private readonly groups: MemoryGroups,
    readonly options: PartitionGroupOptions,
  ) {}

  assign(partitions: readonly number[]): void {
    this.assigned = partitions;
    this.options.onAssignment(partitions);
  }

  isHeld(partition: number): boolean {
    return this.isSure && this.assigned.includes(partition);
  }

  async committed(partition: number): Promise<number | null> {
    await this.groups.point("committed");
    return this.groups.positions.get(`${this.options.topic}/${partition}`) ?? null;
  }

  async commit(positions: ReadonlyMap<number, number>): Promise<void> {
    await this.groups.point("commit");
    for (const [partition, offset] of positions) {
      const place = `${this.options.topic}/${partition}`;
      if (!this.assigned.includes(partition))
        throw new EventLogError("NOT_ASSIGNED", `${place} is another's`);
      this.groups.commits.push({ place, offset });
      this.groups.positions.set(place, offset);
    }
    this.groups.committed();
  }

  async leave(): Promise<void> {
    this.hasLeft = true;
    this.assigned = [];
  }
}

export class MemoryGroups {
  readonly positions = new Map<string, number>();
  readonly commits: { readonly place: string; readonly offset: number }[] = [];
  /** In the order in which they joined. */
  readonly members: MemoryMember[] = [];
  /** Thrown by the next calls, one each. */
  readonly failures: Error[] = [];
  private listeners: (() => void)[] = [];

  /** Gives all partitions of each topic to the only member. */
  join(partitionsOf: (topic: string) => readonly number[]): JoinPartitionGroup {
    return async (options) => {
      const member = new MemoryMember(this, options);
      this.members.push(member);
      member.assign(partitionsOf(options.topic));
      return member;
    };
  }

  memberOf(topic: string, index = 0): MemoryMember {
    const member = this.members.filter(({ options }) => options.topic === topic)[index];
    if (member === undefined) throw new Error(`nobody joined for ${topic}`);
    return member;
  }

  /** Resolves when this position was committed. */
  async until(place: string, offset: number): Promise<void> {
    while ((this.positions.get(place) ?? 0) < offset)
      await new Promise<void>((resolve) => {
        this.listeners.push(resolve);
      });
  }

  async point(_call: "committed" | "commit"): Promise<void> {
    const failure = this.failures.shift();
    if (failure !== undefined) throw failure;
  }

  committed(): void {
    for (const listener of this.listeners.splice(0)) listener();
  }
}
