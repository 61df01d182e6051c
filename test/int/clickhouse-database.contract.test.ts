import { randomBytes } from "node:crypto";
import { afterAll, beforeAll } from "@jest/globals";
import { openClickhouseDatabase } from "../../platform/analytics/clickhouse/clickhouse-database.js";
import { describeAnalytics } from "../contract/analytics.contract.js";
import {
  CLICKHOUSE_TARGET_NAME,
  type ClickhouseTarget,
  openClickhouseTarget,
} from "../support/clickhouse-front/clickhouse-target.js";

let target: ClickhouseTarget;
beforeAll(async () => {
  target = await openClickhouseTarget();
});
afterAll(() => target.close());

for (const compressBlocks of [false, true])
  describeAnalytics(`ClickHouse over HTTP${compressBlocks ? " with gzip" : ""}, ${CLICKHOUSE_TARGET_NAME},`, {
    create: async () => {
      const { url, user, password } = target;
      const database = `kadun_${randomBytes(6).toString("hex")}`;
      const open = () => openClickhouseDatabase({ url, user, password, database, compressBlocks });
      return {
        open,
        remove: async () => {
          const last = await open();
          await last.run(`DROP DATABASE ${database}`);
          await last.close();
        },
      };
    },
  });
