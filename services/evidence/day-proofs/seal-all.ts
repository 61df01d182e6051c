/** Closes the open stretch of every partition while no service runs, so that logs can be trimmed behind it. */

import { Topic } from "../../../schemas/topics.js";
import type { DayProofsOptions } from "./day-proofs-service.js";
import { leavesFolderOf, linesPathOf } from "./folder.js";
import { PartitionProver, STRETCH_LIMITS } from "./partition-prover.js";
import { ProofLines } from "./proof-lines.js";

/** @throws DayProofError, EventLogError, SignerError. */
export async function sealAll({
  log,
  publication,
  folder,
  signer,
}: Pick<DayProofsOptions, "log" | "publication" | "folder" | "signer">): Promise<void> {
  const producer = await publication.producer(Topic.DAY_PROOFS);
  try {
    const partitions = await log.partitionCount(Topic.JOURNAL);
    for (let partition = 0; partition < partitions; partition++) {
      const path = linesPathOf(folder, partition);
      const lines = await ProofLines.open({ log: publication, producer, partition, path });
      const leavesFolder = leavesFolderOf(folder, partition);
      const parts = { log, partition, lines, leavesFolder, signer, limits: STRETCH_LIMITS };
      const prover = await PartitionProver.open(parts);
      try {
        while (await prover.step());
        await prover.seal();
      } finally {
        await prover.close();
      }
    }
  } finally {
    await producer.close();
  }
}
