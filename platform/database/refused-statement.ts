/** What PostgreSQL refused, as DatabaseError: without values, and with a word on whether it may pass by itself. */

import { DatabaseError } from "./database.js";

/** Connection exceptions, rollbacks the engine asks for (deadlock), resources short, the operator's doing (shutdown). */
const RETRYABLE_CLASS = /^(08|40|53|57P0)/;
/** Single ones of classes that do not pass. */
const RETRYABLE: readonly string[] = [
  "55P03", // a lock was not got in time
  "57014", // the statement was out of its time
  "25P03", // the transaction was idle for too long
  "25006", // the server became a standby: after the failover the address leads to the new one
];

/**
 * Give no `cause` of the driver to it: `detail` and `where` of PostgreSQL's errors carry rows and parameters.
 * @param sqlState null where the error has none: the engine itself failed.
 */
export function refusedStatement(message: string, sqlState: string | null): DatabaseError {
  return new DatabaseError("QUERY_FAILED", withoutValues(message, sqlState), {
    retryable: sqlState === null || RETRYABLE_CLASS.test(sqlState) || RETRYABLE.includes(sqlState),
    sqlState,
  });
}

/** Class 22, data that does not suit, quotes the value: `invalid input syntax for type bigint: "…"`. */
function withoutValues(message: string, sqlState: string | null): string {
  return sqlState?.startsWith("22") ? message.replace(/"[\s\S]*"/, '"…"') : message;
}
