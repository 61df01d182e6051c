import { ConsumerProgress } from "../../platform/database/consumer-progress.js";
import { POSITION_COLUMNS } from "../../schemas/topics.js";

/** Where the consumer of answers stands in each partition of kadun.decisions. */
export const answersProgress = new ConsumerProgress("bundles", POSITION_COLUMNS);
