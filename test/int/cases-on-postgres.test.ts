/** The tests of work on cases, on the live PostgreSQL: locks, versions, the chain of the audit log. */

import "./alerts-desks-on-postgres.js";
import "../alerts/cases/cases-work.test.js";
import "../alerts/cases/phone-calls.test.js";
