/** Appeals on a PostgreSQL server: there two transactions really run side by side. */

import "./alerts-desks-on-postgres.js";
import "../alerts/appeals/holder-appeals.test.js";
