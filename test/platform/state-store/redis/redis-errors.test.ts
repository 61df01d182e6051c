import { describe, expect, test } from "@jest/globals";
import {
  failureOf,
  mayPass,
  stateStoreErrorOf,
} from "../../../../platform/state-store/redis/redis-errors.js";

function replyError(message: string): Error {
  return Object.assign(new Error(message), { name: "ReplyError", command: { args: ["a person's bytes"] } });
}

describe("what a failed command is in terms of the port", () => {
  test.each<[error: Error, code: string, retryable: boolean, isSentAgain: boolean]>([
    [new Error("connect ECONNREFUSED 127.0.0.1:6379"), "UNREACHABLE", true, true],
    [new Error("Command timed out"), "UNREACHABLE", true, true],
    [new Error("Stream isn't writeable and enableOfflineQueue options is false"), "UNREACHABLE", true, true],
    [replyError("LOADING Redis is loading the dataset in memory"), "UNREACHABLE", true, true],
    [replyError("READONLY You can't write against a read only replica."), "UNREACHABLE", true, true],
    [
      replyError("ERR Error running script (call to f_0): @user_script:5: -READONLY You can't write"),
      "UNREACHABLE",
      true,
      true,
    ],
    [replyError("MASTERDOWN Link with MASTER is down"), "UNREACHABLE", true, true],
    [replyError("NOREPLICAS Not enough good replicas to write."), "UNREACHABLE", true, true],
    [replyError("BUSY Redis is busy running a script."), "UNREACHABLE", true, true],
    [replyError("OOM command not allowed when used memory > 'maxmemory'."), "DISK_FULL", true, false],
    [replyError("MISCONF Redis is configured to save RDB snapshots, but"), "DISK_FULL", true, false],
    [replyError("NOAUTH Authentication required."), "NOT_AUTHORIZED", false, false],
    [replyError("WRONGPASS invalid username-password pair"), "NOT_AUTHORIZED", false, false],
    [replyError("ERR invalid password"), "NOT_AUTHORIZED", false, false],
    [replyError("NOPERM User kadun has no permissions to run"), "NOT_AUTHORIZED", false, false],
    [replyError("WRONGTYPE Operation against a key holding the wrong kind"), "CORRUPT", false, false],
    [replyError("MOVED 3999 127.0.0.1:6381"), "SETTINGS", false, false],
    [replyError("ERR unknown command 'EVALSHA'"), "FAILED", false, false],
  ])("%s is %s", (error, code, retryable, isSentAgain) => {
    const failure = failureOf(error);
    expect(stateStoreErrorOf(failure, "redis://r.test:6379", "put")).toMatchObject({ code, retryable });
    expect(mayPass(failure)).toBe(isSentAgain);
  });

  test("its cause carries the text and not the command, whose arguments are persons", () => {
    const error = stateStoreErrorOf(failureOf(replyError("ERR odd")), "redis://r.test:6379", "put");
    expect(error.cause).toMatchObject({ message: "ERR odd" });
    expect(JSON.stringify({ ...(error.cause as object) })).toBe("{}");
  });
});
