import { type AnalyticsDatabase, AnalyticsError } from "../analytics-database.js";
import { type ChdbOptions, openChdbDatabase } from "./chdb-database.js";

/** Queries alone. */
export type AnalyticsReader = Pick<AnalyticsDatabase, "query" | "close">;

export interface ChdbReaderOptions extends ChdbOptions {
  /** Queries at once; each is a connection. */
  readonly queriesAtOnce: number;
}

/**
 * A reader of its own beside a database that this process has open: its queries wait for each other and for nobody else.
 *
 * @throws AnalyticsError as the database does.
 */
export async function openChdbReader({
  directory,
  queriesAtOnce,
}: ChdbReaderOptions): Promise<AnalyticsReader> {
  const connections: { readonly database: AnalyticsDatabase; waiting: number }[] = [];
  try {
    while (connections.length < queriesAtOnce)
      connections.push({ database: await openChdbDatabase({ directory }), waiting: 0 });
  } catch (error) {
    await Promise.all(connections.map(({ database }) => database.close()));
    throw error;
  }
  return {
    query: async (...asked) => {
      const [least] = connections.toSorted((a, b) => a.waiting - b.waiting);
      if (least === undefined) throw new AnalyticsError("OPEN_FAILED", "a reader without connections");
      least.waiting++;
      try {
        return await least.database.query(...asked);
      } finally {
        least.waiting--;
      }
    },
    close: async () => {
      await Promise.all(connections.map(({ database }) => database.close()));
    },
  };
}
