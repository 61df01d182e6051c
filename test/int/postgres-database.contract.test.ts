import { openPostgresDatabase } from "../../platform/database/postgres/postgres-database.js";
import { describeDatabase } from "../contract/database.contract.js";
import { temporaryPostgres } from "./temporary-postgres.js";

describeDatabase("PostgreSQL", {
  create: async () => {
    const { url, remove } = await temporaryPostgres();
    return { open: () => openPostgresDatabase({ url }), remove };
  },
});
