import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openChdbDatabase } from "../../../platform/analytics/chdb/chdb-database.js";
import { describeAnalytics } from "../../contract/analytics.contract.js";

describeAnalytics("chdb", {
  create: async () => {
    const directory = await mkdtemp(join(tmpdir(), "kadun-chdb-"));
    return {
      open: () => openChdbDatabase({ directory }),
      remove: () => rm(directory, { recursive: true, force: true }),
    };
  },
});
