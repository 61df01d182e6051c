/**
 * Port: what the console asks of whoever keeps the queue of cases.
 *
 * What an implementation promises
 * - **Scope**: what does not belong to the scope is not there, neither in a page nor in a count.
 * - **Bounded**: a page and a count read so much and no more, whatever there is; where that ends a search, the page says so.
 * - **Later**: an operation is done some seconds after it was asked for, across restarts, each case once and on the version
 *   that was seen; until it has begun it can be taken back.
 * - Views and operations are their owner's: to others they are not there, but for views that are shared.
 */

import type { Scope } from "../../../schemas/console/access.js";
import type { AskedFilter } from "../../../schemas/console/queue-filter.js";
import type {
  QueueAnswer,
  QueueCount,
  QueueOperation,
  QueueOperationBody,
  QueueOperationsAnswer,
  QueueView,
  QueueViewBody,
} from "../../../schemas/http/queue.js";

export interface QueueDesk {
  /** null where `after` is no place in the queue. */
  page(asked: {
    readonly filter: AskedFilter;
    readonly scope: Scope;
    /** Where the last page ended; null: the first page. */
    readonly after: string | null;
    readonly limit: number;
  }): Promise<QueueAnswer | null>;
  count(asked: { readonly filter: AskedFilter; readonly scope: Scope }): Promise<QueueCount>;
  views(reader: string): Promise<readonly QueueView[]>;
  /** false where the owner has as many as one keeps. */
  saveView(owner: string, view: QueueViewBody): Promise<boolean>;
  /** false where the owner has none of this id. */
  removeView(owner: string, viewId: string): Promise<boolean>;
  /** The latest first, some. */
  operations(actor: string): Promise<QueueOperationsAnswer>;
  /** null where the actor has none of this id. */
  operation(actor: string, operationId: string): Promise<QueueOperation | null>;
  /** null where too many of the actor's wait. */
  operate(
    asked: QueueOperationBody & { readonly actor: string; readonly scope: Scope },
  ): Promise<QueueOperation | null>;
  /** false where it does not wait any more. */
  takeBack(actor: string, operationId: string): Promise<boolean>;
}
