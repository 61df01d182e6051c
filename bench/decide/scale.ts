/**
 * What many persons cost: Kadun's sides beside themselves with a million persons, in rounds that take turns. The plain
 * program has no part in it: ten million objects are more than a process holds.
 */

import type { Ratio } from "../end-to-end/rounds.js";
import { cpuRatioOf, inTurns, medianFigures } from "./compare.js";
import type { Figures } from "./measure.js";
import { type Conditions, conditions } from "./measured-process.js";

/** Up to here sides are compared with each other. */
export const COMPARED_PERSONS_MAX = 2_000_000;
export const SCALED_FROM_PERSONS = 1_000_000;

const SIDES = ["kadun", "kadun-batch"] as const;
type ScaledSide = (typeof SIDES)[number];

export interface Scaled {
  readonly few: Figures;
  readonly many: Figures;
  /** Processor time a decision with many persons over that with few. */
  readonly cost: Ratio;
}

export interface Scale extends Conditions {
  readonly persons: number;
  readonly ofPersons: number;
  readonly events: number;
  readonly rounds: number;
  readonly sides: Readonly<Record<ScaledSide, Scaled>>;
}

export async function scale(
  options: { readonly persons: number; readonly events: number; readonly rounds: number },
  progress: (text: string) => void,
): Promise<Scale> {
  const held = conditions();
  const { persons, events, rounds } = options;
  const few: Record<ScaledSide, Figures[]> = { kadun: [], "kadun-batch": [] };
  const many: Record<ScaledSide, Figures[]> = { kadun: [], "kadun-batch": [] };
  for (let round = 0; round < rounds; round++)
    for (const side of SIDES) {
      progress(`${persons} persons beside ${SCALED_FROM_PERSONS}: ${side}, round ${round + 1}`);
      const sizes = [SCALED_FROM_PERSONS, persons];
      const measured = await inTurns(sizes.map((of) => ({ side, persons: of, events, held })));
      const [ofFew, ofMany] = measured.map(({ producerOrder }) => producerOrder) as [Figures, Figures];
      few[side].push(ofFew);
      many[side].push(ofMany);
    }
  const scaled = (side: ScaledSide): Scaled => ({
    few: medianFigures(few[side]),
    many: medianFigures(many[side]),
    cost: cpuRatioOf(many[side], few[side]),
  });
  return {
    ...options,
    ofPersons: SCALED_FROM_PERSONS,
    ...held,
    sides: { kadun: scaled("kadun"), "kadun-batch": scaled("kadun-batch") },
  };
}
