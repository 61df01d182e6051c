/** The tests of test/alerts/alerts-sink.test.ts, on the live PostgreSQL. */

import "./alerts-desks-on-postgres.js";
import "../alerts/alerts-sink.test.js";
