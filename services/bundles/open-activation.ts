/** The activation that not every partition has answered, and what is to be said of it. */

import type { OpenActivation } from "../../schemas/http/rules.js";
import { formatInstant } from "../../schemas/instant.js";
import { type Activation, summaryOf } from "./activation.js";
import { ACTIVATED } from "./answers-sink.js";
import type { Reads } from "./tables.js";

export interface PartitionAnswer {
  readonly partition: number;
  readonly answer: string;
  readonly isActivated: boolean;
}

export async function readAnswers(tables: Reads, sequence: number): Promise<readonly PartitionAnswer[]> {
  const rows = await tables
    .selectFrom("activation_answers")
    .select(["partition", "answer"])
    .where("sequence", "=", sequence)
    .orderBy("partition")
    .execute();
  return rows.map((row) => ({ ...row, isActivated: row.answer === ACTIVATED }));
}

export interface Looked {
  readonly nowMs: number;
  readonly trouble: string | null;
}

export function openActivationOf(
  open: Activation,
  answers: readonly PartitionAnswer[],
  { nowMs, trouble }: Looked,
): OpenActivation {
  const byPartition = new Map(answers.map(({ partition, answer }) => [partition, answer]));
  return {
    ...summaryOf(open),
    partitions: Array.from({ length: open.partitions }, (_, partition) => ({
      partition,
      answer: byPartition.get(partition) ?? null,
    })),
    answered: answers.filter(({ isActivated }) => isActivated).length,
    timesSent: open.timesSent,
    sentAt: open.sentAtMs === null ? null : formatInstant(open.sentAtMs),
    waitingSeconds: Math.max(0, Math.floor((nowMs - open.createdAtMs) / 1000)),
    trouble,
  };
}
