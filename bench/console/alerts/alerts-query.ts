/** A question of the console's pages to PostgreSQL, with the rows it may read. */

import type { AlertsDesks } from "./alerts-desks.js";
import type { AlertsDraw } from "./alerts-draws.js";

export interface AlertsQuery {
  readonly name: string;
  /** Of `schemas/http/*-routes.ts`: `QUEUE_ROUTES.page`. */
  readonly routes: readonly string[];
  /** Rows that it may read, however many there are: with the reason. */
  readonly rowsMax: number;
  readonly why: string;
  readonly ask: (desks: AlertsDesks, draw: AlertsDraw) => Promise<unknown>;
}
