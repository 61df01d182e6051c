/** The tests of test/alerts/alerts-service.test.ts, on the live PostgreSQL. */

import "./alerts-desks-on-postgres.js";
import "../alerts/alerts-service.test.js";
