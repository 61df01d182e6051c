/** The tests of test/alerts/sms-sender.test.ts, on the live PostgreSQL. */

import "./alerts-desks-on-postgres.js";
import "../alerts/sms-sender.test.js";
