import type { Clock } from "./clock.js";

export const systemClock: Clock = {
  now: () => Date.now(),
  // Not node:timers/promises: an abort there makes an error with its stack, thousands of times a second.
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal?.addEventListener("abort", done, { once: true });
    }),
};
