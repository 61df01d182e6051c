/** Callers and what they ask, for handlers that are called without HTTP. */

import { PERMISSIONS, type Permission, type Scope } from "../../../schemas/console/access.js";
import type { Caller } from "../../../schemas/console/caller.js";
import type { Asked } from "../../../services/console/server/console-routes.js";

/** Somebody with a key. */
export function callerOf(
  name: string,
  scope: Scope,
  permissions: readonly Permission[] = PERMISSIONS,
): Caller {
  return { name, isLocal: false, roles: [], permissions: new Set(permissions), scope, session: null };
}

export function askedBy(caller: Caller, given: Partial<Pick<Asked, "path" | "query" | "body">> = {}): Asked {
  return {
    caller,
    path: {},
    query: {},
    body: undefined,
    ...given,
    http: { request: { headers: {} }, address: "127.0.0.1", setCookie: () => {} },
    lastEventId: null,
    gone: new AbortController().signal,
    readmitted: async () => caller,
  };
}
