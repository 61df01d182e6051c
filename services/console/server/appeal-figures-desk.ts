/** Port: figures of appeals, by when they were submitted. Of cases whose region lies in the scope; bounded. */

import type { Scope } from "../../../schemas/console/access.js";
import type { AppealFigures } from "../../../schemas/http/analytics.js";
import type { Range } from "./figures-desk.js";

export interface AppealFiguresDesk {
  /** Rejects where the database does not answer. */
  appealFigures(asked: { readonly scope: Scope; readonly range: Range }): Promise<AppealFigures>;
}
