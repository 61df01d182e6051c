/** One load: what its swipes waited for their decisions, what each part worked for them. */

import { setTimeout as sleep } from "node:timers/promises";
import { type Load, machineMs, type Observed, type Sent } from "../end-to-end/load.js";
import type { LoadChild } from "../end-to-end/load-child.js";
import { othersCores, workDoneWith } from "../end-to-end/other-work.js";
import { type Kadun, type Lag, PARTS, type Part } from "./kadun.js";

export interface LoadFigures {
  readonly sent: Sent;
  readonly observed: Observed;
  /** Microseconds of processor time a swipe, of the measured seconds. */
  readonly cpuUs: Readonly<Record<Part, number>>;
  readonly residentMb: Readonly<Record<Part, number>>;
  /** Processors that other programs kept busy meanwhile; null where the system does not say. */
  readonly othersCores: number | null;
  /** Right after the last swipe was due; null where no sinks run. */
  readonly lag: Lag | null;
  /** When the last swipe was due, by the machine's clock (load.ts). */
  readonly endMs: number;
}

/** Both children have the message by then. */
const START_IN_MS = 100;

/** @throws Error where a child, or a detector, ends meanwhile. */
export async function pacedLoad(
  kadun: Kadun,
  { generator, observer }: { readonly generator: LoadChild; readonly observer: LoadChild },
  load: Load,
): Promise<LoadFigures> {
  await Promise.all([
    generator.ask({ type: "prepare", load }, "ready"),
    observer.ask({ type: "prepare", load }, "ready"),
  ]);
  const usagesNow = () => ({ parts: kadun.usages(), work: workDoneWith(kadun.serverPids) });
  const startMs = machineMs() + START_IN_MS;
  const at = async <Result>(seconds: number, look: () => Result | Promise<Result>) => {
    await sleep(startMs + seconds * 1000 - machineMs());
    return look();
  };
  const endSeconds = load.warmUpSeconds + load.seconds;
  const [{ sent }, { observed }, before, [after, lag]] = await Promise.all([
    generator.ask({ type: "go", startMs }, "sent"),
    observer.ask({ type: "go", startMs }, "observed"),
    at(load.warmUpSeconds, usagesNow),
    at(endSeconds, async () => [usagesNow(), await kadun.lag()] as const),
  ]);
  const swipes = load.ratePerSecond * load.seconds;
  return {
    sent,
    observed,
    cpuUs: each((part) => ((after.parts[part].cpuSeconds - before.parts[part].cpuSeconds) / swipes) * 1e6),
    residentMb: each((part) => after.parts[part].residentMb),
    othersCores: othersCores(before.work, after.work),
    lag,
    endMs: startMs + endSeconds * 1000,
  };
}

function each(of: (part: Part) => number): Readonly<Record<Part, number>> {
  return Object.fromEntries(PARTS.map((part) => [part, of(part)])) as Record<Part, number>;
}
