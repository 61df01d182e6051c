import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { serverMode } from "../../tools/server-mode.js";

const SETTING = "KADUN_TEST_SERVERS";
const engine = async () => true;
const noEngine = async () => false;

describe("the suites against servers", () => {
  let before: string | undefined;
  beforeEach(() => {
    before = process.env[SETTING];
  });
  afterEach(() => {
    if (before === undefined) delete process.env[SETTING];
    else process.env[SETTING] = before;
  });

  test.each(["", "auto"])("take containers where an engine answers, else programs ('%s')", async (wanted) => {
    process.env[SETTING] = wanted;
    expect(await serverMode(engine)).toBe("docker");
    expect(await serverMode(noEngine)).toBe("native");
  });

  test("take programs when told, and ask no engine", async () => {
    process.env[SETTING] = "native";
    const asked = serverMode(() => Promise.reject(new Error("asked")));
    expect(await asked).toBe("native");
  });

  test("refuse to fall back when containers are wanted by name", async () => {
    process.env[SETTING] = "docker";
    expect(await serverMode(engine)).toBe("docker");
    await expect(serverMode(noEngine)).rejects.toThrow(
      "KADUN_TEST_SERVERS=docker, but no Docker engine answers: start it, or set KADUN_TEST_SERVERS=native",
    );
  });

  test("know no other way", async () => {
    process.env[SETTING] = "podman";
    await expect(serverMode(engine)).rejects.toThrow("expected native, docker or auto");
  });
});
