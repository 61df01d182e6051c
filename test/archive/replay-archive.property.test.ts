/** Whatever a journal holds (activations, moves, repeats), its archive judged again is what was judged live. */

import { afterEach, expect, test } from "@jest/globals";
import { Random } from "../../bench/city/random.js";
import { ArchivedBundles } from "../../cli/archive/archived-bundles.js";
import { CONTENT_CHECKS } from "../../cli/archive/content-checks.js";
import { lastCheckpoint } from "../../cli/archive/replay-archive.js";
import { type ReplayedPartition, replayPartition } from "../../cli/archive/replay-partition.js";
import type { CheckpointEntry } from "../../schemas/archive.js";
import type { Archive } from "../../services/archive/archive.js";
import { verifyArchive } from "../../services/archive/verify-archive.js";
import { ArchiveFolder, PARTITIONS, simulatedLogs } from "./archived-world.js";

const SEEDS = Array.from({ length: Number(process.env.KADUN_ARCHIVE_SEEDS ?? 3) }, (_, index) => 500 + index);

let folder: ArchiveFolder;
afterEach(() => folder.remove());

test.each(SEEDS)(
  "seed %i: an archive written in stages is sound, and judges again to the same bytes from any checkpoint",
  async (seed) => {
    const random = Random.derived(seed, 7, 0);
    const world = await simulatedLogs(seed);
    folder = new ArchiveFolder();
    const limits = { recordsMax: random.whole(4, 60), bytesMax: 1 << 20 };
    await folder.fill(world, random.whole(1, 4), limits);
    const archive = await folder.open();
    const verified = await verifyArchive(archive, CONTENT_CHECKS);
    expect(verified.journalRecords).toBeGreaterThan(0);
    const replayed = replayer(archive);
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const whole = await replayed(partition, null);
      expect(whole).toMatchObject({ difference: null, first: 0 });
      expect(whole.checkpoints).toBe(archive.checkpoints(partition).length);
      for (const from of archive.checkpoints(partition)) {
        const later = await replayed(partition, from);
        expect(later).toMatchObject({
          difference: null,
          first: from.position + 1,
          persons: expect.any(Number),
        });
      }
      const last = lastCheckpoint(archive, partition);
      if (last !== null) expect(last.position + 1).toBeLessThan(archive.journalEnd(partition));
    }
  },
);

function replayer(archive: Archive) {
  const bundles = new ArchivedBundles(archive);
  return async (partition: number, from: CheckpointEntry | null): Promise<ReplayedPartition> =>
    (await replayPartition({ archive, partition, bundles, from })).result;
}
