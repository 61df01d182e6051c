/** What goes wrong with a command, and what it is in terms of the port. */

import { StateStoreError } from "../state-store.js";

export type RedisFailure =
  /** Not connected, or the connection ended with the command on its way: it may have been carried out. */
  | { readonly kind: "connection"; readonly text: string }
  /** No answer in time: it may have been carried out, or may yet be. */
  | { readonly kind: "timeout"; readonly text: string }
  /** The server's refusal; `code` is its first word. */
  | { readonly kind: "reply"; readonly code: string; readonly text: string };

const TIMED_OUT = "Command timed out";
/** States of a server that pass: starting, failing over, too few replicas, busy with a script. */
const PASSING: ReadonlySet<string> = new Set([
  "LOADING",
  "READONLY",
  "MASTERDOWN",
  "NOREPLICAS",
  "BUSY",
  "TRYAGAIN",
  "CLUSTERDOWN",
]);
const DENIED: ReadonlySet<string> = new Set(["NOAUTH", "WRONGPASS", "NOPERM"]);
const ELSEWHERE: ReadonlySet<string> = new Set(["MOVED", "ASK", "CROSSSLOT"]);

/** Takes only the text: the library's errors carry the command's arguments, values and passwords among them. */
export function failureOf(error: unknown): RedisFailure {
  const text = textOf(error);
  if (error instanceof Error && error.name === "ReplyError")
    return { kind: "reply", code: replyCode(text), text };
  return { kind: text === TIMED_OUT ? "timeout" : "connection", text };
}

export function mayPass(failure: RedisFailure): boolean {
  return failure.kind !== "reply" || PASSING.has(failure.code);
}

export function isDenied(failure: RedisFailure): boolean {
  return failure.kind === "reply" && DENIED.has(failure.code);
}

/** @param server as in `describeAddress`. @param doing what was tried: "put to partition 3". */
export function stateStoreErrorOf(failure: RedisFailure, server: string, doing: string): StateStoreError {
  const where = `Redis ${server}: ${doing}`;
  const cause = new Error(failure.text);
  if (failure.kind !== "reply")
    return new StateStoreError("UNREACHABLE", `${where}: no answer (${failure.text})`, {
      retryable: true,
      cause,
    });
  const { code, text } = failure;
  if (PASSING.has(code))
    return new StateStoreError("UNREACHABLE", `${where}: the server cannot serve now (${text})`, {
      retryable: true,
      cause,
    });
  if (DENIED.has(code))
    return new StateStoreError("NOT_AUTHORIZED", `${where}: ${deniedText(code, text)}`, { cause });
  if (code === "OOM")
    return new StateStoreError(
      "DISK_FULL",
      `${where}: the server has reached its maxmemory, nothing of it is stored; raise maxmemory or remove other data`,
      { retryable: true, cause },
    );
  if (code === "MISCONF")
    return new StateStoreError(
      "DISK_FULL",
      `${where}: the server cannot write to its disk and refuses writes (${text}); free disk space there, or see its log`,
      { retryable: true, cause },
    );
  if (code === "WRONGTYPE")
    return new StateStoreError(
      "CORRUPT",
      `${where}: a key is of another kind than Kadun's; something else uses this key prefix: choose another, or remove those keys`,
      { cause },
    );
  if (ELSEWHERE.has(code))
    return new StateStoreError(
      "SETTINGS",
      `${where}: the server is one node of a cluster and the partition's slot lies on another (${text}); give the address of a server that holds all slots`,
      { cause },
    );
  return new StateStoreError("FAILED", `${where}: the server refused it (${text})`, { cause });
}

function deniedText(code: string, text: string): string {
  if (code === "NOAUTH") return "the server wants a password and none was given; give user and password";
  if (code === "WRONGPASS")
    return "wrong user or password; correct them (in a URL percent-encoded), or the server's ACL";
  return `the user may not do this (${text}); grant it MULTI, EXEC, EVAL, EVALSHA, HMGET, HSCAN, HSET, GET, SET, DEL, RENAME, TYPE and INFO on the key prefix`;
}

/** Of all addresses that were tried where the error is several (a name with more than one address). */
function textOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === "") return error.errors.map(textOf).join(", ");
  return error instanceof Error ? error.message : String(error).replace(/^Error: /, "");
}

/** "READONLY You can't …", and before Redis 7 "ERR Error running script (…): …: -READONLY You can't …". */
function replyCode(text: string): string {
  const inner = /^ERR .*: -?([A-Z]+) /.exec(text)?.[1];
  const first = /^([A-Z]+)\b/.exec(text)?.[1] ?? "ERR";
  if (first === "ERR" && /invalid password|without any password/i.test(text)) return "WRONGPASS";
  return first === "ERR" ? (inner ?? "ERR") : first;
}
