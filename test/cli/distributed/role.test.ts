import { afterAll, afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type RoleStart, roleCommand } from "../../../cli/distributed/role.js";
import { PROCESS_SETTINGS } from "../../../cli/distributed/settings.js";
import { ExitStatus, OperatingError, UsageError } from "../../../cli/exit-status.js";
import { StateStoreError } from "../../../platform/state-store/state-store.js";
import { Workplace } from "../../support/kadun.js";

const place = new Workplace();
afterAll(() => place.remove());

const ROLES = ["ingest", "detector", "alerts", "analytics"] as const;

describe("the program", () => {
  test("--help lists the roles and 'topics'", () => {
    const { status, stdout } = place.kadun(["--help"]);
    expect(status).toBe(0);
    const commands = /^Commands: (.*)$/m.exec(stdout)![1]!.split(", ");
    expect(commands).toEqual(expect.arrayContaining([...ROLES, "topics"]));
  });

  test.each(ROLES)("%s --help says what it does, its settings, its routes and its exit statuses", (role) => {
    const { status, stdout, errors } = place.kadun([role, "--help"]);
    expect({ status, errors }).toEqual({ status: 0, errors: [] });
    expect(stdout).toMatch(new RegExp(`^kadun ${role} \\[--host ADDRESS\\] \\[--port PORT\\]\n`));
    expect(stdout).toMatch(/^KADUN_KAFKA_BROKERS {2,}\S.* \(required\)$/m);
    expect(stdout).toContain("/readyz");
    expect(stdout).toContain("Exit status: 0 ended in order, 1 failed, 64 usage.");
  });

  test("'topics' without 'create' shows its usage, with status 64", () => {
    const { status, errors } = place.kadun(["topics", "delete"]);
    expect(status).toBe(64);
    expect(errors[0]).toBe("kadun: expected create");
    expect(errors.join("\n")).toContain("--replication-factor");
  });

  test("a role with an option that is none is a usage error", () => {
    const { status, errors } = place.kadun(["detector", "--data", "x"]);
    expect(status).toBe(64);
    expect(errors.join("\n")).toMatch(/^kadun: .*--data/);
  });
});

describe("a role", () => {
  const said: string[] = [];
  const { log } = console;
  beforeEach(() => {
    said.length = 0;
    console.log = (text: string) => void said.push(text);
    process.env.KADUN_LOG_LEVEL = "error";
  });
  afterEach(() => {
    console.log = log;
    delete process.env.KADUN_LOG_LEVEL;
  });

  function run(start: (role: RoleStart<unknown>) => Promise<string>): Promise<ExitStatus> {
    return roleCommand({ name: "detector", about: "A role.", table: PROCESS_SETTINGS, start })([
      "--port",
      "0",
    ]);
  }

  /** Opens something; the order of closing is kept in `said`. */
  const part = (name: string) => ({ close: async () => void said.push(`closed ${name}`) });

  test("says where it listens, ends on SIGTERM with status 0 and closes what it opened last first", async () => {
    const status = run(async ({ closers }) => {
      closers.add(part("log"));
      closers.add(part("group"));
      setImmediate(() => process.emit("SIGTERM"));
      return "http://127.0.0.1:1";
    });
    expect(await status).toBe(ExitStatus.DONE);
    expect(said).toEqual(["kadun detector: listening on http://127.0.0.1:1", "closed group", "closed log"]);
  });

  test("that fails while it opens closes what is open and tells why in one message", async () => {
    const refusal = run(async ({ closers }) => {
      closers.add(part("log"));
      throw new StateStoreError("NOT_AUTHORIZED", "redis://redis:6379: wrong user or password");
    });
    await expect(refusal).rejects.toEqual(new OperatingError("redis://redis:6379: wrong user or password"));
    expect(said).toEqual(["closed log"]);
  });

  test("that cannot go on ends in order and tells why in one message, too", async () => {
    const refusal = run(async ({ closers, onFailure }) => {
      closers.add(part("log"));
      onFailure(new OperatingError("no record judged for 60 s"));
      onFailure(new OperatingError("what follows from it"));
      return "http://127.0.0.1:1";
    });
    await expect(refusal).rejects.toEqual(new OperatingError("no record judged for 60 s"));
    expect(said.at(-1)).toBe("closed log");
  });

  test("with a fault of ours ends with status 1; the log has it", async () => {
    const status = run(async ({ onFailure }) => {
      onFailure(new TypeError("undefined is not a function"));
      return "http://127.0.0.1:1";
    });
    expect(await status).toBe(ExitStatus.FAILED);
  });

  test("with a setting that is wrong does not start", async () => {
    process.env.KADUN_LOG_LEVEL = "loud";
    const refusal = run(async () => {
      throw new Error("was started");
    });
    await expect(refusal).rejects.toBeInstanceOf(UsageError);
    await expect(refusal).rejects.toThrow("KADUN_LOG_LEVEL: 'loud', expected one of");
  });
});
