/**
 * A reader that is opened when it is first asked: the console starts and works where the rows of swipes cannot be had.
 *
 * 1. A failed opening is an answer to those who asked; the next who asks opens again.
 */

import type { AnalyticsDatabase } from "../../platform/analytics/analytics-database.js";

type Reader = Pick<AnalyticsDatabase, "query" | "close">;

export function lazyReader(open: () => Promise<Reader>): Reader {
  let opening: Promise<Reader> | null = null;
  const reader = () => {
    opening ??= open().catch((error: unknown) => {
      opening = null;
      throw error;
    });
    return opening;
  };
  return {
    query: async (...asked) => (await reader()).query(...asked),
    close: async () => {
      await (await opening?.catch(() => null))?.close();
    },
  };
}
