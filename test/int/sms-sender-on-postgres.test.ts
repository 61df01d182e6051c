/** The tests of test/alerts/sms/sms-sender.test.ts, on the live PostgreSQL. */

import "./alerts-desks-on-postgres.js";
import "../alerts/sms/sms-sender.test.js";
