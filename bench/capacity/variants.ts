/** What a drain is measured with: one base, and one thing changed at a time. */

export interface Variant {
  readonly workers: number;
  readonly partitions: number;
  readonly rules: 5 | 20;
  readonly persons: number;
}

export const AXES = ["workers", "partitions", "rules", "persons"] as const;
export type Axis = (typeof AXES)[number];

export const BASE: Variant = { workers: 2, partitions: 12, rules: 5, persons: 1_000_000 };

const VALUES = {
  workers: [1, 2],
  partitions: [6, 12, 24],
  rules: [5, 20],
  persons: [10_000, 100_000, 1_000_000, 10_000_000],
} as const satisfies Record<Axis, readonly number[]>;

/** In the order of the table: the base once for each axis that it lies on. */
export function valuesOf(axis: Axis): readonly number[] {
  return VALUES[axis];
}

/** The base with one value changed. */
export function variantOf(axis: Axis, value: number): Variant {
  return { ...BASE, [axis]: value } as Variant;
}

export function nameOf({ workers, partitions, rules, persons }: Variant): string {
  return `${workers} workers, ${partitions} partitions, ${rules} rules, ${persons} persons`;
}

/** Each once; those that read the same topic one after another, so that it is filled once. */
export function variantsOf(axes: readonly Axis[], personsMax: number): readonly Variant[] {
  const all = axes.flatMap((axis) => valuesOf(axis).map((value) => variantOf(axis, value)));
  const byName = new Map([BASE, ...all].map((variant) => [nameOf(variant), variant]));
  return [...byName.values()]
    .filter(({ persons }) => persons <= personsMax)
    .sort((a, b) => a.persons - b.persons || a.partitions - b.partitions);
}
