/** How processes of a measurement stand to those that come first, where processors have too little for all. */

import { inIdleClass, putIntoBackground } from "../../platform/lifecycle/background.js";

/** same: as they; tenth: a tenth of their share; idle: what they leave. */
export const STANDINGS = ["same", "tenth", "idle"] as const;
export type Standing = (typeof STANDINGS)[number];

/** @throws Error where the system has no such class. */
export function startedAs(
  standing: Standing,
  command: string,
  args: readonly string[],
): readonly [command: string, args: readonly string[]] {
  return standing === "idle" ? inIdleClass(command, args) : [command, args];
}

/** For what is not said at the start: call it as soon as the process is there. */
export function putInto(standing: Standing, pid: number): void {
  if (standing === "tenth") putIntoBackground(pid);
}
