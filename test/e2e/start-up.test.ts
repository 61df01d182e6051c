/** A start that cannot be: one message that names the thing and the fix, status 1, nothing left running. */

import { spawnSync } from "node:child_process";
import { cpSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { KadunProcess } from "../../bench/load/kadun-process.js";
import { pathsOf } from "../../cli/embedded/paths.js";
import { Topic } from "../../schemas/topics.js";
import { kadunMain, Workplace } from "../support/kadun.js";

const TIMEOUT_MS = 90_000;
/** A start that fails does so at once; a hanging one is a failure too. */
const FAILS_WITHIN_MS = 30_000;

const place = new Workplace();
afterAll(() => place.remove());

/** A data directory in which a Kadun has run. */
const used = place.path("used");

beforeAll(async () => {
  const kadun = await KadunProcess.start({
    dataDirectory: used,
    logPath: place.path("used.log"),
    args: ["--cold-start"],
  });
  await kadun.officeUp();
  expect(await kadun.stop()).toBe(0);
}, TIMEOUT_MS);

let copies = 0;

function copyOfUsed(): string {
  const copy = place.path(`copy-${++copies}`);
  cpSync(used, copy, { recursive: true });
  return copy;
}

function start(args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [kadunMain, "start", "--port", "0", "--office-port", "0", "--citizen-port", "0", ...args],
    { timeout: FAILS_WITHIN_MS, killSignal: "SIGKILL", cwd: place.folder },
  );
  return { status, printed: stdout.toString(), said: stderr.toString() };
}

/** One line for people; what else is said are log lines. */
function expectOneMessage(result: ReturnType<typeof start>, message: RegExp): void {
  const lines = result.said.split("\n").filter((line) => line !== "" && !line.startsWith('{"level"'));
  expect({ status: result.status, printed: result.printed, lines }).toEqual({
    status: 1,
    printed: "",
    lines: [expect.stringMatching(message)],
  });
  expect(result.said).not.toMatch(/^\s+at /m);
}

interface Damage {
  readonly what: string;
  readonly damage: (data: string) => void;
  readonly message: RegExp;
}

const garbage = (path: string) => writeFileSync(path, Buffer.alloc(8192, "not a database "));

const DAMAGES: readonly Damage[] = [
  {
    what: "a damaged format file",
    damage: (data) => writeFileSync(join(data, "FORMAT"), "{"),
    message: /^kadun: .*FORMAT: damaged.*restore .* from a backup/,
  },
  {
    what: "a newer data directory",
    damage: (data) => {
      const format = JSON.parse(readFileSync(join(data, "FORMAT"), "utf8")) as { formatVersion: number };
      writeFileSync(join(data, "FORMAT"), JSON.stringify({ ...format, formatVersion: 99 }));
    },
    message: /^kadun: .*FORMAT: format 99; .*reads up to \d+: install the newer release/,
  },
  {
    what: "partitions of before persons had their places by Kafka's partitioner",
    damage: (data) => {
      const format = JSON.parse(readFileSync(join(data, "FORMAT"), "utf8")) as { formatVersion: number };
      writeFileSync(join(data, "FORMAT"), JSON.stringify({ ...format, formatVersion: 1, partitions: 3 }));
    },
    message: /^kadun: .*made by an earlier program with 3 partitions \(format 1\).*into a new directory/,
  },
  {
    what: "a folder of somebody else",
    damage: (data) => rmSync(join(data, "FORMAT")),
    message: /^kadun: .*no data directory of kadun; name an empty or new one/,
  },
  {
    what: "a log that is no log",
    damage: (data) => garbage(journalOf(data)),
    message: /^kadun: .*log.*(restore|backup)/,
  },
  {
    what: "a log that was cut off",
    damage: (data) => truncateSync(journalOf(data), 5000),
    message: /^kadun: .*log.*(restore|backup)/,
  },
  {
    what: "a journal that is gone, with state that was made of it",
    damage: (data) => rmSync(pathsOf(data).log, { recursive: true }),
    message: /^kadun: .*(log|journal).*(restore|backup)/,
  },
  {
    what: "a state store that is none",
    damage: (data) => garbage(join(pathsOf(data).state, "data.mdb")),
    message: /^kadun: .*state.*move the directory away/,
  },
  {
    what: "a missing linkage key",
    damage: (data) => rmSync(pathsOf(data).linkageKey),
    message: /^kadun: .*linkage\.key: missing.*restore the file from its backup/,
  },
  {
    what: "a missing vault key",
    damage: (data) => rmSync(pathsOf(data).vaultKey),
    message: /^kadun: .*vault\.key: missing.*restore the file from its backup/,
  },
  {
    what: "a key that is none",
    damage: (data) => writeFileSync(pathsOf(data).linkageKey, "secret\n"),
    message: /^kadun: .*linkage\.key: expected 64 hexadecimal digits/,
  },
];

function journalOf(data: string): string {
  return join(pathsOf(data).log, Topic.JOURNAL, "data.mdb");
}

describe("kadun start refuses", () => {
  test.each(DAMAGES)(
    "$what",
    ({ damage, message }) => {
      const data = copyOfUsed();
      damage(data);
      const result = start(["--data", data]);
      expectOneMessage(result, message);
      // Refusing again says the same: nothing was made that was not there.
      expectOneMessage(start(["--data", data]), message);
    },
    TIMEOUT_MS,
  );

  test("a file in place of the directory", () => {
    const file = place.file("plain-file", "hello");
    expectOneMessage(start(["--data", file]), /^kadun: .*plain-file: is a file; name a directory/);
  });

  test("a port that is taken, naming it and the option", async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    const { port } = taken.address() as AddressInfo;
    const result = start(["--data", copyOfUsed(), "--port", String(port)]);
    await new Promise((resolve) => taken.close(resolve));
    expectOneMessage(result, new RegExp(`^kadun: port ${port}: another program listens .*--port`));
  });

  test(
    "a directory that another Kadun runs on, which goes on undisturbed",
    async () => {
      const data = copyOfUsed();
      const owner = await KadunProcess.start({ dataDirectory: data, logPath: place.path("owner.log") });
      try {
        expectOneMessage(
          start(["--data", data]),
          new RegExp(`^kadun: .*process ${owner.pid} has this directory; stop it`),
        );
        expect(owner.isRunning).toBe(true);
        const alive = await fetch(`${owner.url}/livez`);
        expect(alive.status).toBe(200);
      } finally {
        await owner.stop();
      }
    },
    TIMEOUT_MS,
  );
});

test(
  "the undamaged copy starts: what was refused was the damage",
  async () => {
    const kadun = await KadunProcess.start({ dataDirectory: copyOfUsed(), logPath: place.path("copy.log") });
    expect(await kadun.stop()).toBe(0);
  },
  TIMEOUT_MS,
);
