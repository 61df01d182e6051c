import { afterAll, expect, test } from "@jest/globals";
import type { Finding } from "../../cli/doctor/check.js";
import { runToEnd } from "../int/refused-start.js";
import { Workplace } from "../support/kadun.js";

const place = new Workplace();
afterAll(() => place.remove());

/** Three libraries are started, one of them of half a gigabyte. */
const TIMEOUT_MS = 180_000;
const FREE_PORTS = ["--port", "0", "--office-port", "0", "--citizen-port", "0"];

test(
  "where all is well, status 0 and one JSON object with --json",
  () => {
    const { status, stdout, errors } = place.kadun(["doctor", "--data", "new", ...FREE_PORTS, "--json"]);
    const { findings } = JSON.parse(stdout) as { findings: Finding[] };
    expect(errors).toEqual([]);
    // Memory and disk of the machine that runs the test may deserve a warning.
    expect(findings.filter(({ verdict }) => verdict === "fail")).toEqual([]);
    expect(findings[0]).toMatchObject({ name: "KADUN_DATA", detail: "new (option)" });
    expect(findings.map(({ name }) => name).filter((name) => !name.startsWith("KADUN_"))).toEqual([
      "Node.js",
      "memory",
      "large pages",
      "disk",
      "clock",
      "port",
      "office port",
      "lmdb (journal, state)",
      "chdb (rows for analysts)",
      "PGlite (alerts, cases)",
      "shipped bundle",
      "data directory",
    ]);
    expect(status).toBe(0);
  },
  TIMEOUT_MS,
);

test(
  "where something will not work, status 1, one line for it and the next step below",
  () => {
    place.file("letters", "a file");
    const { status, stdout, errors } = place.kadun([
      "doctor",
      "--data",
      "letters",
      "--port",
      "9099",
      "--office-port",
      "9099",
    ]);
    const lines = stdout.split("\n");
    expect(errors).toEqual([]);
    expect(status).toBe(1);
    expect(
      lines.findIndex((line) =>
        /^fail {1,2}data directory {2,}letters: is a file; name a directory$/.test(line),
      ),
    ).toBeGreaterThan(0);
    const ports = lines.findIndex((line) => /^fail {1,2}ports {2,}9099 is both ports$/.test(line));
    expect(lines[ports + 1]).toBe("     → name two with --port and --office-port");
  },
  TIMEOUT_MS,
);

test(
  "where brokers are named and no data directory is, a distributed Kadun's servers are looked at instead",
  async () => {
    const { status, stdout, stderr } = await runToEnd(["doctor", "--json"], {
      KADUN_KAFKA_BROKERS: "127.0.0.1:1",
      KADUN_POSTGRES_URL: "postgres://kadun:secret@127.0.0.1:1/kadun",
    });
    const { findings } = JSON.parse(stdout) as { findings: Finding[] };
    expect(findings.map(({ name }) => name)).toEqual([
      "Node.js",
      "memory",
      "large pages",
      "clock",
      "shipped bundle",
      "Kafka and PostgreSQL",
    ]);
    expect(findings.at(-1)).toMatchObject({
      verdict: "fail",
      detail: expect.stringContaining("127.0.0.1:1: nothing listens there"),
    });
    expect(`${stdout}${stderr}`).not.toContain("secret");
    expect(status).toBe(1);
  },
  TIMEOUT_MS,
);

test("an option that is none is a usage error", () => {
  const { status, errors } = place.kadun(["doctor", "--dada", "x"]);
  expect(status).toBe(64);
  expect(errors.join("\n")).toMatch(/--dada/);
});
