/** The evaluation as a reader runs it, on a set of two operations: its exit status tells what was missed. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { packageRoot } from "../../../cli/package-root.js";
import { withDataFolder } from "./sample-set.js";

const RUN = join(packageRoot, "dist/bench/real/run.js");
const TIMEOUT_MS = 25_000;
if (!existsSync(RUN)) throw new Error(`${RUN} is missing: run 'npm run build' first`);

const HEADER =
  "transaction_id,number_id,ATM_id,transaction_type,transaction_start,transaction_end,transaction_amount";
const operation = (card: string, machine: string, hourAndMinute: string) => [
  `1,${card},${machine},0,2018-04-01 ${hourAndMinute}:00,,`,
  `1,${card},${machine},0,2018-04-01 ${hourAndMinute}:00,2018-04-01 ${hourAndMinute}:30,50`,
];
/** 850 km in half an hour. */
const TRAVELS = [...operation("c1", "A1", "10:00"), ...operation("c1", "A2", "10:30")];
const STAYS = [...operation("c2", "A1", "11:00"), ...operation("c2", "A1", "11:30")];

const files = (labelled: readonly string[]) => ({
  "atm/atm.csv": "ATM_id,loc_latitude,loc_longitude,city\nA1,12.1,8.5,Kano\nA2,6.3,3.4,Lagos\n",
  "atm/testparallel-original-sorted.csv.gz": `${[HEADER, ...TRAVELS, ...STAYS].join("\n")}\n`,
  "atm/testparallel-anomalous-original-sorted.csv": `${[HEADER, ...labelled].join("\n")}\n`,
});

function run(args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [RUN, ...args], {
    encoding: "utf8",
    timeout: TIMEOUT_MS,
  });
  return { status, stdout, stderr };
}
const runOn = (labelled: readonly string[], ...args: string[]) =>
  withDataFolder(files(labelled), async (folder) => run([folder, "atm", ...args]));

describe("evaluating from the command line", () => {
  test("prints the figures under the set's own file and under the defaults; status 0 where they hold", async () => {
    const { status, stdout, stderr } = await runOn(TRAVELS.slice(2));
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("| atm.json | R12 | 1 | 1.0000 | 1.0000 |");
    expect(stdout).toContain("| default | R12 | 1 | 1.0000 | 1.0000 |");
    expect(stdout).toContain("atm: R12 under atm.json: recall 1.0000 (at least 1)");
  });

  test("a missed fraud is status 1, with the figure that was missed", async () => {
    const { status, stderr } = await runOn([...TRAVELS.slice(2), ...STAYS.slice(2)]);
    expect(status).toBe(1);
    expect(stderr).toBe(
      "atm: R12 under atm.json: recall 0.5000 (at least 1), precision 1.0000 (at least 0.98): MISSED\n",
    );
  });

  test("a false alarm is status 1", async () => {
    const { status, stderr } = await runOn([]);
    expect(status).toBe(1);
    expect(stderr).toContain("precision 0.0000 (at least 0.98): MISSED");
  });

  test("another ruleset file promises nothing", async () => {
    const { status, stdout } = await runOn([], "--ruleset", join(packageRoot, "bench/real/paysim.json"));
    expect(status).toBe(0);
    expect(stdout).toContain("| paysim.json | R12 | 1 |");
  });

  test("a missing file is named with what to check; a wrong command line shows the usage", () => {
    const missing = run([join(packageRoot, "nowhere"), "atm"]);
    expect(missing.status).toBe(1);
    expect(missing.stderr).toMatch(/atm\.csv: cannot be read \(ENOENT\); check DATA_DIR/);
    const wrong = run([]);
    expect(wrong.status).toBe(64);
    expect(wrong.stderr).toMatch(/^DATA_DIR is missing\nusage: /);
  });
});
