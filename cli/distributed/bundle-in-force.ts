/**
 * The bundle in force of a distributed Kadun, as far as a process without partitions of its own can know it: that of the
 * highest activation that a partition took (activation-register.ts), before any was, that of the journal's first record.
 *
 * Owns: the bundle, loaded. Does not own: when it is looked for anew (`reload`, by register-refresh.ts).
 *
 * 1. The bundle before stays until the next one is loaded.
 */

import type { EventLog } from "../../platform/event-log/event-log.js";
import type { RunningActivation } from "../../schemas/http/activations.js";
import type { CanonicalActivation } from "../../schemas/journal.js";
import { Topic } from "../../schemas/topics.js";
import type { LoadedBundle } from "../bundle-files.js";
import type { BundleRegister } from "../bundle-register.js";
import { OperatingError } from "../exit-status.js";
import { firstActivationOf } from "../process/first-records.js";
import type { ActivationRegister } from "./activation-register.js";

export interface BundleInForceParts {
  readonly log: EventLog;
  readonly bundles: Pick<BundleRegister, "whole">;
  readonly activations: Pick<ActivationRegister, "running">;
}

export class BundleInForce {
  private constructor(
    private readonly parts: BundleInForceParts,
    private byPartition: ReadonlyMap<number, CanonicalActivation>,
    private loaded: LoadedBundle,
  ) {}

  /** @throws OperatingError where the journal has no beginning, or the register not its bundle. */
  static async open(parts: BundleInForceParts): Promise<BundleInForce> {
    const running = await parts.activations.running();
    const activation = highestOf(running) ?? (await firstOf(parts.log));
    return new BundleInForce(parts, running, await bundleOf(parts, activation));
  }

  get bundle(): LoadedBundle {
    return this.loaded;
  }

  /** By partition; null of one that is not known to have taken any. */
  running(partitionCount: number): readonly (RunningActivation | null)[] {
    return Array.from({ length: partitionCount }, (_, partition) => {
      const activation = this.byPartition.get(partition);
      return activation === undefined ? null : runningOf(activation);
    });
  }

  /** @throws OperatingError, whatever the database throws. */
  async reload(): Promise<void> {
    const running = await this.parts.activations.running();
    const highest = highestOf(running);
    if (highest !== null && highest.bundleHash !== this.loaded.bundle.hash)
      this.loaded = await bundleOf(this.parts, highest);
    this.byPartition = running;
  }
}

function highestOf(running: ReadonlyMap<number, CanonicalActivation>): CanonicalActivation | null {
  return [...running.values()].reduce<CanonicalActivation | null>(
    (highest, each) => (each.sequence > (highest?.sequence ?? -1) ? each : highest),
    null,
  );
}

async function firstOf(log: EventLog): Promise<CanonicalActivation> {
  const activation = await firstActivationOf(log, 0);
  if (activation !== null) return activation;
  throw new OperatingError(
    `${Topic.JOURNAL}: partition 0 does not begin with an activation; 'kadun topics create' writes it`,
  );
}

async function bundleOf(
  { bundles }: BundleInForceParts,
  { bundleHash }: CanonicalActivation,
): Promise<LoadedBundle> {
  const bundle = await bundles.whole(bundleHash);
  if (bundle !== null) return bundle;
  throw new OperatingError(
    `the journal activates bundle ${bundleHash}, which the register (KADUN_POSTGRES_URL) does not have; name the database that 'kadun topics create' was run with, restore it from its backup, or run 'kadun topics create' with the release that wrote the activation`,
  );
}

function runningOf({ type: _, shadowBundleHash, ...activation }: CanonicalActivation): RunningActivation {
  return { ...activation, shadowBundleHash: shadowBundleHash ?? null };
}
