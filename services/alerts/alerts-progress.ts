import { ConsumerProgress } from "../../platform/database/consumer-progress.js";
import { POSITION_COLUMNS } from "../../schemas/topics.js";

/** Where the alerts stand in each partition of kadun.decisions. */
export const alertsProgress = new ConsumerProgress("alerts", POSITION_COLUMNS);
