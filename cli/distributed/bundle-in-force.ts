/** The bundle that a journal began with, from the register: without it a process can do nothing of its work. */

import type { EventLog } from "../../platform/event-log/event-log.js";
import { Topic } from "../../schemas/topics.js";
import type { LoadedBundle } from "../bundle-files.js";
import type { BundleRegister } from "../bundle-register.js";
import { OperatingError } from "../exit-status.js";
import { firstActivationOf } from "../process/first-records.js";

/** @throws OperatingError where the journal has no beginning, or the register not its bundle. */
export async function bundleInForce(log: EventLog, bundles: BundleRegister): Promise<LoadedBundle> {
  const activation = await firstActivationOf(log, 0);
  if (activation === null)
    throw new OperatingError(
      `${Topic.JOURNAL}: partition 0 does not begin with an activation; 'kadun topics create' writes it`,
    );
  const bundle = await bundles.whole(activation.bundleHash);
  if (bundle !== null) return bundle;
  throw new OperatingError(
    `the journal activates bundle ${activation.bundleHash}, which the register (KADUN_POSTGRES_URL) does not have; name the database that 'kadun topics create' was run with, restore it from its backup, or run 'kadun topics create' with the release that wrote the activation`,
  );
}
