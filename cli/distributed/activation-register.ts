/**
 * Activations as the partitions took them, in a database that all processes see: a log cannot be asked for its last
 * activation. Written by the carrier, which reads every decision, from the records of the journal.
 *
 * 1. An entry a partition and sequence, never changed: whoever writes late or again changes nothing.
 */

import type { KeyValue } from "../../platform/key-value/key-value.js";
import { type CanonicalActivation, JOURNAL_SCHEMAS } from "../../schemas/journal.js";

const PREFIX = "activation/";
/** So that the order of the keys is the order of the numbers. */
const DIGITS = 10;

export class ActivationRegister {
  constructor(private readonly store: KeyValue) {}

  async put(partition: number, activation: CanonicalActivation): Promise<void> {
    await this.store.put(keyOf(partition, activation.sequence), Buffer.from(JSON.stringify(activation)));
  }

  /** The last one of each partition. @throws Error where an entry is none of ours. */
  async running(): Promise<ReadonlyMap<number, CanonicalActivation>> {
    const running = new Map<number, CanonicalActivation>();
    for await (const { key, value } of this.store.entries(PREFIX)) {
      const partition = Number(key.split("/")[1]);
      running.set(
        partition,
        JOURNAL_SCHEMAS.activation.parse(JSON.parse(Buffer.from(value).toString("utf8"))),
      );
    }
    return running;
  }
}

function keyOf(partition: number, sequence: number): string {
  return `${PREFIX}${numbered(partition)}/${numbered(sequence)}`;
}

function numbered(value: number): string {
  return String(value).padStart(DIGITS, "0");
}
