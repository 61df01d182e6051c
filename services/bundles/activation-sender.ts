/**
 * Port: the way of activations into the journal, which is ingest's `POST /local/activations`.
 *
 * What an implementation promises
 * - **send**: an engine's version means that the bundle lies beside the journal and the record is durable in every partition meant. The
 *   same activation may be sent again. `refused` means that it is in no partition, for a reason that sending again does
 *   not change.
 * - **running**: the activation of the highest sequence in the journal, wherever it came from; null where that cannot be
 *   told yet.
 * - Errors leave open whether it was taken: send again.
 */

export interface ActivationOrder {
  readonly sequence: number;
  /** The bundle, whole. */
  readonly content: unknown;
  /** The draft in shadow, whole; null for none. */
  readonly shadow: unknown;
  readonly publishedBy: readonly string[];
  /** Of the first sending; null for the program's current one. */
  readonly engineVersion: string | null;
  /** null for all. */
  readonly partitions: readonly number[] | null;
}

export type SendResult = { readonly engineVersion: string } | { readonly refused: string };

export interface RunningActivation {
  readonly sequence: number;
  readonly bundleHash: string;
  readonly shadowBundleHash: string | null;
  readonly engineVersion: string;
  readonly publishedBy: readonly string[];
}

export interface ActivationSender {
  send(order: ActivationOrder): Promise<SendResult>;
  running(): Promise<RunningActivation | null>;
}
