/**
 * Ports: what the page "today" asks of whoever keeps the work of people, and of whoever runs the machinery.
 *
 * What implementations promise
 * - **Scope**: rows of other regions are neither given nor counted.
 * - **Bounded**: a question reads at most so much, however much there is; the limits are named where they are.
 * - They reject where their store does not answer, in seconds; nothing is changed by asking.
 */

import type { Scope } from "../../../schemas/console/access.js";
import type {
  DeliveryFigures,
  FeedFreshness,
  Need,
  NeedKind,
  StageLag,
} from "../../../schemas/http/overview.js";

export interface OverviewDesk {
  /** What waits for this person; only kinds of which there are some, in the order of NEED_KINDS. */
  needs(asked: NeedsAsked): Promise<readonly Need[]>;
  delivery(asked: DeliveryAsked): Promise<DeliveryFigures>;
}

export interface NeedsAsked {
  readonly name: string;
  readonly scope: Scope;
  /** Those that the person's permissions are for. */
  readonly kinds: readonly NeedKind[];
}

export interface DeliveryAsked {
  readonly scope: Scope;
  /** SMS about what happened since then. */
  readonly sinceMs: number;
}

/** How far the services are. It is the installation's: of no region. */
export interface PipelineDesk {
  stages(): Promise<readonly StageLag[]>;
  /** The last heartbeat of each feed; of one that was silent for a week none. */
  feeds(): Promise<readonly FeedFreshness[]>;
}

/** Compares log and tables: minutes, over everything there is; where the signal is aborted it ends as soon as it can. */
export interface Reconciler {
  reconcile(
    signal: AbortSignal,
  ): Promise<{ readonly isEqual: boolean; readonly compared: number; readonly findings: number }>;
}
