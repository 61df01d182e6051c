import { AnalyticsError } from "../analytics-database.js";

/** Gives the action a signal that is aborted when its time is over. @throws AnalyticsError TIMEOUT. */
export async function within<T>(ms: number, action: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const overdue = new AbortController();
  const timer = setTimeout(() => overdue.abort(), ms);
  try {
    return await action(overdue.signal);
  } catch (cause) {
    if (!overdue.signal.aborted) throw cause;
    throw new AnalyticsError("TIMEOUT", `no answer within ${ms / 1000} s; it may have been done`, {
      retryable: true,
      cause,
    });
  } finally {
    clearTimeout(timer);
  }
}
