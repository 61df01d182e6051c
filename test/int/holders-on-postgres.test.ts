/** What cardholders do and are reminded of (test/alerts/channel, test/alerts/reminders), on the live PostgreSQL. */

import "./alerts-desks-on-postgres.js";
import "../alerts/channel/holder-channel.test.js";
import "../alerts/reminders/reminders.test.js";
