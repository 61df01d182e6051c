/** One load of `kadun bench pipeline` on a whole Kadun: what is promised of each process is there. */

import { expect, test } from "@jest/globals";
import { LoadGenerator } from "../../bench/pipeline/load-generator.js";
import { loadKadun } from "../../bench/pipeline/load-on-kadun.js";
import { RunningKadun } from "../../bench/pipeline/running-kadun.js";

const TIMEOUT_MS = 180_000;
const LOAD = { ratePerSecond: 200, seconds: 4 };

const onLinux = process.platform === "linux" ? test : test.skip;

onLinux(
  "says what swipe process, office and load used, and how long their collectors paused",
  async () => {
    const generator = await LoadGenerator.start({ seed: 1, persons: 500 });
    try {
      const kadun = await RunningKadun.start({ logsPauses: true });
      try {
        const loaded = await loadKadun(kadun, generator, LOAD);
        const pauses = {
          count: expect.any(Number),
          totalMs: expect.any(Number),
          longestMs: expect.any(Number),
        };
        const used = {
          cpuSeconds: expect.any(Number),
          processors: expect.any(Number),
          residentMb: expect.any(Number),
          pauses,
        };
        expect(loaded).toMatchObject({
          swipe: used,
          office: used,
          load: { generatorCpuSeconds: expect.any(Number), generatorPauses: pauses },
        });
        expect(loaded.swipe!.pauses!.count).toBeGreaterThan(0);
      } finally {
        await kadun.stop();
      }
    } finally {
      await generator.close();
    }
  },
  TIMEOUT_MS,
);
