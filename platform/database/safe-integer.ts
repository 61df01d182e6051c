import { DatabaseError } from "./database.js";

/** A `bigint` as PostgreSQL writes it. @throws DatabaseError where a number cannot hold it. */
export function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value))
    throw new DatabaseError("QUERY_FAILED", `bigint ${text}: beyond 2^53; select it as text`);
  return value;
}
