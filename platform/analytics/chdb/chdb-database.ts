import { resolve } from "node:path";
import { isMainThread } from "node:worker_threads";
import { type AnalyticsDatabase, AnalyticsError } from "../analytics-database.js";
import { DialectDatabase } from "../dialect-database.js";
import { BlockFile } from "./block-file.js";
import { ChdbDialect } from "./chdb-dialect.js";
import { openConnection } from "./open-connection.js";

export interface ChdbOptions {
  /** Made where it is missing. */
  readonly directory: string;
}

/** @throws AnalyticsError LOCKED where another process holds the directory, OPEN_FAILED. */
export async function openChdbDatabase({ directory }: ChdbOptions): Promise<AnalyticsDatabase> {
  if (!isMainThread)
    throw new AnalyticsError("OPEN_FAILED", "chdb in a worker thread: open it in the main thread");
  const writes = openConnection(directory);
  try {
    const blockFile = new BlockFile(resolve(directory));
    return new DialectDatabase(new ChdbDialect(writes, openConnection(directory), blockFile));
  } catch (error) {
    await writes.close();
    throw error;
  }
}
