/** Types as the port promises them, for the connections of this adapter only. */

import pg from "pg";
import { safeInteger } from "../safe-integer.js";

/** Type number in PostgreSQL's catalogue. */
const BIGINT = 20;

/** What is not named here the driver does as promised: timestamptz a Date, jsonb parsed, numeric a string. */
export const serverTypes: pg.CustomTypesConfig = {
  getTypeParser: (type: number, format?: "text" | "binary") =>
    type === BIGINT && format !== "binary" ? safeInteger : pg.types.getTypeParser(type, format),
};
