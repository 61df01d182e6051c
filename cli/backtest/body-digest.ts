/**
 * One number for many outcomes at their positions, however they are divided among processes: the sum, modulo 2^256, of
 * SHA-256 over `<partition>/<journal offset>/<sequence> <body>`. Equal sums: the same bodies at the same positions.
 */

import { hash } from "node:crypto";

const LANES = 8;
const LANE_DIGITS = 8;
const LANE = 2 ** 32;
/** Lanes are floats: exact below 2^53, so many sums of 32-bit words. */
const CARRY_EVERY = 2 ** 20;

export interface BodySum {
  readonly count: number;
  /** 64 hexadecimal digits. */
  readonly sum: string;
}

export const NO_BODIES: BodySum = { count: 0, sum: "0".repeat(LANES * LANE_DIGITS) };

export class BodyDigest {
  private readonly lanes = new Float64Array(LANES);
  private count = 0;

  add(place: { readonly partition: number; readonly offset: number }, sequence: number, body: string): void {
    const digest = hash("sha256", `${place.partition}/${place.offset}/${sequence} ${body}`, "hex");
    for (let lane = 0; lane < LANES; lane++) this.lanes[lane]! += wordOf(digest, lane);
    this.count++;
    if (this.count % CARRY_EVERY === 0) this.carry();
  }

  result(): BodySum {
    this.carry();
    const sum = [...this.lanes].map((lane) => lane.toString(16).padStart(LANE_DIGITS, "0")).join("");
    return { count: this.count, sum };
  }

  private carry(): void {
    let carried = 0;
    for (let lane = LANES - 1; lane >= 0; lane--) {
      const value = this.lanes[lane]! + carried;
      carried = Math.floor(value / LANE);
      this.lanes[lane] = value - carried * LANE;
    }
  }
}

/** Of parts that have no position in common. */
export function addSums(a: BodySum, b: BodySum): BodySum {
  let sum = "";
  let carried = 0;
  for (let lane = LANES - 1; lane >= 0; lane--) {
    const value = wordOf(a.sum, lane) + wordOf(b.sum, lane) + carried;
    carried = Math.floor(value / LANE);
    sum = (value - carried * LANE).toString(16).padStart(LANE_DIGITS, "0") + sum;
  }
  return { count: a.count + b.count, sum };
}

function wordOf(digits: string, lane: number): number {
  return Number.parseInt(digits.slice(lane * LANE_DIGITS, (lane + 1) * LANE_DIGITS), 16);
}
