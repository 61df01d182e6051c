/** Counts of two parts of a history as one: numbers add up, name by name. */

/** Numbers, in objects of objects. */
export interface Counts {
  [name: string]: number | Counts;
}

/** Adds `part` to `total`, in place. */
export function addCounts(total: Counts, part: Counts): void {
  for (const [name, value] of Object.entries(part)) {
    const known = total[name];
    if (typeof value === "number") total[name] = (typeof known === "number" ? known : 0) + value;
    else if (typeof known === "object") addCounts(known, value);
    else total[name] = structuredClone(value);
  }
}

/** Adds to the number under these names, made where it is missing. */
export function addTo(counts: Counts, names: readonly string[], value: number): void {
  let at = counts;
  for (let depth = 0; depth < names.length - 1; depth++) at = below(at, names[depth]!);
  const last = names.at(-1)!;
  const known = at[last];
  at[last] = (typeof known === "number" ? known : 0) + value;
}

function below(counts: Counts, name: string): Counts {
  const known = counts[name];
  if (typeof known === "object") return known;
  const made: Counts = {};
  counts[name] = made;
  return made;
}
