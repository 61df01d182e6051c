import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll } from "@jest/globals";
import { packageRoot } from "../../cli/package-root.js";
import type { OpenDatabase } from "../../platform/database/database.js";
import { migrate } from "../../platform/database/migrations.js";
import { openPostgresDatabase } from "../../platform/database/postgres/postgres-database.js";
import { openDatabaseKeyValue } from "../../platform/key-value/database/database-key-value.js";
import { TestProcess } from "../contract/child-process.js";
import { describeKeyValue } from "../contract/key-value.contract.js";
import { type TemporaryPostgres, temporaryPostgres } from "./temporary-postgres.js";

const program = fileURLToPath(new URL("./key-value-on-postgres.child.ts", import.meta.url));
let temporary: TemporaryPostgres;
beforeAll(async () => {
  temporary = await temporaryPostgres();
  const database = await openPostgresDatabase({ url: temporary.url });
  await migrate(database.dialect, join(packageRoot, "schemas", "postgres"));
  await database.close();
});
afterAll(() => temporary.remove());

describeKeyValue("the store on PostgreSQL", {
  beside: { has: true },
  create: async () => {
    const { url } = temporary;
    const namespace = randomUUID();
    const databases: OpenDatabase[] = [];
    const open = async (readOnly: boolean) => {
      const database = await openPostgresDatabase({ url });
      databases.push(database);
      return openDatabaseKeyValue({ database, namespace, readOnly });
    };
    return {
      open: () => open(false),
      beside: {
        openBeside: () => open(true),
        write: (hear) => TestProcess.start({ program, arguments: [url, namespace] }, hear),
      },
      remove: async () => {
        await Promise.all(databases.map((database) => database.close()));
      },
    };
  },
});
