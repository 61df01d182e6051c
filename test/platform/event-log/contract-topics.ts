/** The topics of the conformance suite, as the LMDB log is opened with them. */

import type { LmdbTopicOptions } from "../../../platform/event-log/lmdb/lmdb-event-log.js";

export const contractTopics: Readonly<Record<string, LmdbTopicOptions>> = {
  "contract.durable": { partitions: 3, durability: "durable" },
  "contract.derived": { partitions: 3, durability: "derived" },
};
