/** The tests of test/alerts/batched-writes.test.ts, on the live PostgreSQL. */

import "./alerts-desks-on-postgres.js";
import "../alerts/batched-writes.test.js";
