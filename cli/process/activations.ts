/**
 * The one way of an activation into the journal (docs/decisions/0010): bundles checked and stored beside it, then the
 * record in the partitions meant.
 *
 * Owns: what is refused before anything is appended, the order of storing and appending, what it appended last.
 * Does not own: who may publish what (the caller's), what the partitions answer (the decisions log).
 *
 * 1. A record is appended only after the bundles that it names are stored.
 * 2. One after the other: of two with the same sequence the second one meets the first.
 * 3. What was refused here is in no partition. What another process appended at the same time is not known here: the
 *    partitions refuse it then.
 */

import type {
  ActivationAppended,
  ActivationRefusal,
  ActivationRequest,
  ActivationsRunning,
  RunningActivation,
} from "../../schemas/http/activations.js";
import type { CanonicalActivation } from "../../schemas/journal.js";
import { JournalIncompleteError, type JournalWriter } from "../../services/ingest/journal-writer.js";
import { BundleError, bundleInTurns, type LoadedBundle } from "../bundle-files.js";

/** The bundles beside the journal. */
export interface BundleStore {
  /** Durable when it resolves; again is nothing. */
  put(bundle: LoadedBundle): Promise<void>;
  /** null where none of that hash is stored. */
  whole(hash: string): Promise<LoadedBundle | null>;
}

export interface ActivationParts {
  readonly writer: Pick<JournalWriter, "appendToEach" | "partitionCount">;
  readonly bundles: BundleStore;
  /** Versions that this program carries, the current one first. */
  readonly engineVersions: readonly string[];
  /** By partition, as far as this process can know it. */
  readonly running: () => readonly (RunningActivation | null)[];
}

type RefusalDetails = Omit<ActivationRefusal, "code" | "error">;

export class ActivationError extends Error {
  override readonly name = "ActivationError";
  constructor(
    readonly code: ActivationRefusal["code"],
    message: string,
    readonly details: RefusalDetails = {},
  ) {
    super(message);
  }

  get body(): ActivationRefusal {
    return { code: this.code, error: this.message, ...this.details };
  }
}

export class Activations {
  /** May be in the journal. */
  private attempted: RunningActivation | null = null;
  /** Is in the journal. */
  private appended: RunningActivation | null = null;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly parts: ActivationParts) {}

  /** @throws ActivationError, whatever the store throws (then nothing was appended). */
  publish(request: ActivationRequest): Promise<ActivationAppended> {
    const turn = this.turn.then(() => this.take(request));
    this.turn = turn.catch(() => {});
    return turn;
  }

  get running(): ActivationsRunning {
    const { running, engineVersions, writer } = this.parts;
    const known = running();
    return {
      last: highestOf([...known, this.appended]),
      engineVersions: [...engineVersions],
      partitions: Array.from({ length: writer.partitionCount }, (_, partition) => ({
        partition,
        running: known[partition] ?? null,
      })),
    };
  }

  private async take(request: ActivationRequest): Promise<ActivationAppended> {
    const partitions = this.partitionsOf(request);
    const engineVersion = this.engineOf(request);
    const bundle = await this.bundleOf(request);
    const shadow = await this.shadowOf(request);
    const wanted: RunningActivation = {
      sequence: request.sequence,
      bundleHash: bundle.bundle.hash,
      shadowBundleHash: shadow?.bundle.hash ?? null,
      engineVersion,
      publishedBy: request.publishedBy,
    };
    this.checkOrder(wanted);
    await this.parts.bundles.put(bundle);
    if (shadow !== null) await this.parts.bundles.put(shadow);
    this.attempted = wanted;
    await this.append(wanted, partitions);
    const { publishedBy: _, ...answer } = wanted;
    return { ...answer, partitions };
  }

  private async append(wanted: RunningActivation, partitions: readonly number[]): Promise<void> {
    const { shadowBundleHash, publishedBy, ...others } = wanted;
    const record: CanonicalActivation = {
      type: "activation",
      ...others,
      publishedBy: [...publishedBy],
      ...(shadowBundleHash === null ? {} : { shadowBundleHash }),
    };
    try {
      await this.parts.writer.appendToEach(record, partitions);
      this.appended = wanted;
    } catch (error) {
      if (!(error instanceof JournalIncompleteError)) throw error;
      if (error.failedPartitions.length < partitions.length) this.appended = wanted;
      throw new ActivationError("JOURNAL_INCOMPLETE", error.message, {
        failedPartitions: [...error.failedPartitions],
      });
    }
  }

  private partitionsOf({ partitions }: ActivationRequest): number[] {
    const { partitionCount } = this.parts.writer;
    if (partitions === undefined) return Array.from({ length: partitionCount }, (_, partition) => partition);
    const problems = partitions.flatMap((partition, index) => {
      if (partition >= partitionCount)
        return [
          { path: `partitions.${index}`, expected: `at most ${partitionCount - 1} (given ${partition})` },
        ];
      return partitions.indexOf(partition) === index
        ? []
        : [{ path: `partitions.${index}`, expected: `each partition once (given ${partition} again)` }];
    });
    if (problems.length > 0) throw requestInvalid(problems);
    return [...partitions];
  }

  private engineOf({ engineVersion }: ActivationRequest): string {
    const { engineVersions } = this.parts;
    const version = engineVersion ?? engineVersions[0]!;
    if (engineVersions.includes(version)) return version;
    const expected = `an engine that this program carries: ${engineVersions.join(", ")} (given ${JSON.stringify(version)})`;
    throw new ActivationError("ENGINE_UNKNOWN", `engineVersion: ${expected}`, {
      problems: [{ path: "engineVersion", expected }],
    });
  }

  private bundleOf({ content, bundleHash }: ActivationRequest): Promise<LoadedBundle> {
    if ((content === undefined) === (bundleHash === undefined))
      throw requestInvalid([
        {
          path: "content",
          expected: `either content or bundleHash (given ${content === undefined ? "neither" : "both"})`,
        },
      ]);
    return content === undefined ? this.stored(bundleHash!, "bundleHash") : checkedBundle(content, "content");
  }

  private async shadowOf({ shadow }: ActivationRequest): Promise<LoadedBundle | null> {
    if (shadow === undefined || shadow === null) return null;
    return typeof shadow === "string" ? this.stored(shadow, "shadow") : checkedBundle(shadow, "shadow");
  }

  private async stored(hash: string, path: string): Promise<LoadedBundle> {
    const bundle = await this.parts.bundles.whole(hash);
    if (bundle !== null) return bundle;
    const expected = `the hash of a bundle that is stored beside the journal (given "${hash}"); send the bundle itself`;
    throw new ActivationError("BUNDLE_UNKNOWN", `${path}: ${expected}`, { problems: [{ path, expected }] });
  }

  /** Above what runs anywhere, or that same activation once more. */
  private checkOrder(wanted: RunningActivation): void {
    const running = highestOf([...this.parts.running(), this.attempted]);
    if (running === null || wanted.sequence > running.sequence) return;
    if (wanted.sequence < running.sequence)
      throw new ActivationError(
        "ACTIVATION_SUPERSEDED",
        `sequence: above ${running.sequence}, which runs (given ${wanted.sequence}); publish under the next one`,
        { running },
      );
    if (contentOf(wanted) !== contentOf(running))
      throw new ActivationError(
        "ACTIVATION_CONFLICT",
        `sequence: ${wanted.sequence} runs with other content (bundle ${running.bundleHash}, in shadow ${running.shadowBundleHash ?? "none"}, engine ${running.engineVersion}); publish under the next one`,
        { running },
      );
  }
}

function highestOf(known: readonly (RunningActivation | null)[]): RunningActivation | null {
  return known.reduce(
    (highest, each) => (each !== null && each.sequence > (highest?.sequence ?? -1) ? each : highest),
    null,
  );
}

function contentOf({ bundleHash, shadowBundleHash, engineVersion }: RunningActivation): string {
  return JSON.stringify([bundleHash, shadowBundleHash, engineVersion]);
}

export function requestInvalid(problems: NonNullable<ActivationRefusal["problems"]>): ActivationError {
  return new ActivationError("REQUEST_INVALID", textOf(problems), { problems });
}

async function checkedBundle(content: object, path: string): Promise<LoadedBundle> {
  try {
    return await bundleInTurns(content, path);
  } catch (error) {
    if (!(error instanceof BundleError)) throw error;
    const problems = error.problems.map((problem) => ({
      path: problem.path === "" ? path : `${path}.${problem.path}`,
      expected: problem.expected,
    }));
    throw new ActivationError("BUNDLE_INVALID", textOf(problems), { problems });
  }
}

function textOf(problems: NonNullable<ActivationRefusal["problems"]>): string {
  return problems.map(({ path, expected }) => `${path}: ${expected}`).join("\n");
}
