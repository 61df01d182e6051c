import { setTimeout as wait } from "node:timers/promises";
import type { Clock } from "./clock.js";

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    try {
      await wait(ms, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      if ((error as { code?: unknown }).code !== "ABORT_ERR") throw error;
    }
  },
};
