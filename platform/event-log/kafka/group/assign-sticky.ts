/**
 * Who gets which partitions: balanced within one, with the fewest moves, and the same on every machine.
 *
 * A partition claimed by several belongs to the claim of the latest generation (a member that was away still names what
 * it held), then to the smallest member id. Larger shares go to those who hold most, so nobody gives up what another
 * would then have to take.
 */

export interface StickyMember {
  readonly memberId: string;
  /** Partitions held when the join was sent. */
  readonly held: readonly number[];
  /** Generation in which they were assigned, -1 for none. */
  readonly generation: number;
}

export type Assignment = ReadonlyMap<string, readonly number[]>;

export function assignSticky(members: readonly StickyMember[], partitionCount: number): Assignment {
  const owners = claims(members, partitionCount);
  const held = heldByMember(members, owners);
  const quotas = quotasOf(held, partitionCount);
  const kept = new Map(
    [...held].map(([memberId, partitions]) => [memberId, partitions.slice(0, quotas.get(memberId))]),
  );
  const free = freePartitions(kept, partitionCount);
  for (const [memberId, partitions] of kept)
    partitions.push(...free.splice(0, quotas.get(memberId)! - partitions.length));
  for (const partitions of kept.values()) partitions.sort((a, b) => a - b);
  return kept;
}

/** The accepted claim of each partition. */
function claims(members: readonly StickyMember[], partitionCount: number): ReadonlyMap<number, StickyMember> {
  const owners = new Map<number, StickyMember>();
  for (const member of members)
    for (const partition of member.held) {
      const other = owners.get(partition);
      if (partition >= 0 && partition < partitionCount && (other === undefined || isBefore(member, other)))
        owners.set(partition, member);
    }
  return owners;
}

function isBefore(a: StickyMember, b: StickyMember): boolean {
  return a.generation > b.generation || (a.generation === b.generation && a.memberId < b.memberId);
}

/** All members in the order of their ids, with what each rightly holds, sorted. */
function heldByMember(
  members: readonly StickyMember[],
  owners: ReadonlyMap<number, StickyMember>,
): ReadonlyMap<string, readonly number[]> {
  const ids = members.map(({ memberId }) => memberId).sort();
  const held = new Map<string, number[]>(ids.map((memberId) => [memberId, []]));
  for (const partition of [...owners.keys()].sort((a, b) => a - b))
    held.get(owners.get(partition)!.memberId)!.push(partition);
  return held;
}

function quotasOf(
  held: ReadonlyMap<string, readonly number[]>,
  partitionCount: number,
): ReadonlyMap<string, number> {
  const smaller = Math.floor(partitionCount / held.size);
  const largerCount = partitionCount % held.size;
  // The sort is stable: among equals the order of the ids stays.
  const mostFirst = [...held].sort(([, a], [, b]) => b.length - a.length);
  return new Map(mostFirst.map(([memberId], index) => [memberId, smaller + (index < largerCount ? 1 : 0)]));
}

function freePartitions(kept: ReadonlyMap<string, readonly number[]>, partitionCount: number): number[] {
  const taken = new Set([...kept.values()].flat());
  return Array.from({ length: partitionCount }, (_, partition) => partition).filter(
    (partition) => !taken.has(partition),
  );
}
