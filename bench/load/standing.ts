/** How processes of a measurement stand to those that come first, where processors have too little for all. */

import { putIntoBackground } from "../../platform/lifecycle/background.js";
import { putIntoIdleGroup } from "./idle-group.js";

/** same: as they; tenth: a tenth of their share; idle: what they leave. */
export const STANDINGS = ["same", "tenth", "idle"] as const;
export type Standing = (typeof STANDINGS)[number];

/** Call it as soon as the process is there: what it starts stands as it does. @throws Error where it cannot be. */
export function putInto(standing: Standing, pid: number): void {
  switch (standing) {
    case "same":
      return;
    case "tenth":
      putIntoBackground(pid);
      return;
    case "idle":
      putIntoIdleGroup(pid);
  }
}
