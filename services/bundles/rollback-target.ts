/**
 * What a rollback goes back to: the version that ran before the running one, as on a stack of versions.
 *
 * 1. Going back twice goes back two versions: what was rolled back is off the stack.
 * 2. What the breaker tripped on is never a target: its change took that version's place.
 * 3. Nor is what was replaced before every partition had it.
 */

import type { Activation } from "./activation.js";

interface Layer {
  /** As it was activated first: a rollback to it stands for it. */
  readonly version: number;
  readonly isWhole: boolean;
}

/**
 * @param activations those not refused, by sequence.
 * @param madeOf of a rollback's version the one it goes back to.
 */
export function rollbackTarget(
  activations: readonly Activation[],
  madeOf: ReadonlyMap<number, number>,
): number | null {
  const stack: Layer[] = [];
  for (const { kind, version, status } of activations) {
    const isWhole = status === "complete";
    const top = stack.at(-1);
    const meant = kind === "rollback" ? (madeOf.get(version) ?? version) : version;
    if (kind === "rollback") popTo(stack, meant);
    else if (kind === "breaker" || (kind === "shadow" && top !== undefined)) {
      const shadowed = stack.pop();
      stack.push({ version: kind === "breaker" ? version : shadowed!.version, isWhole });
      continue;
    } else if (top !== undefined && (!top.isWhole || top.version === version)) stack.pop();
    stack.push({ version: meant, isWhole });
  }
  return stack.at(-2)?.version ?? null;
}

/** Takes off all layers down to this version, and it. */
function popTo(stack: Layer[], version: number): void {
  const place = stack.findLastIndex((layer) => layer.version === version);
  if (place >= 0) stack.splice(place);
}
