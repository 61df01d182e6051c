import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import {
  type Conditions,
  conditions,
  conditionsText,
  measuredInTurns,
} from "../../../bench/decide/measured-process.js";
import { PIECES, pieceEnds } from "../../../bench/decide/turns.js";
import { packageRoot } from "../../../cli/package-root.js";

const TURNS = join(packageRoot, "dist", "bench", "decide", "turns.js");
/** Writes down each turn that it has; `-N` ends with status N at the last one. */
const PROGRAM = `
  import { appendFileSync } from "node:fs";
  import { ourTurn } from ${JSON.stringify(TURNS)};
  const [name, turns, log, status = "0", decided = null] = process.argv.slice(2);
  for (let turn = 1; turn <= Number(turns); turn++) {
    await ourTurn(turn === 3 ? decided : null);
    appendFileSync(log, name + turn + " " + process.pid + "\\n");
  }
  if (status !== "0") process.exit(Number(status));
  console.log(JSON.stringify({ name, tunables: process.env.GLIBC_TUNABLES ?? "" }));
  process.exit(0);`;

let folder: string;
let program: string;
let held: Conditions;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "turns-"));
  program = join(folder, "program.mjs");
  writeFileSync(program, PROGRAM);
  held = conditions();
});
afterAll(() => rmSync(folder, { recursive: true }));

function turnsIn(log: string): readonly (readonly [turn: string, pid: number])[] {
  const lines = readFileSync(log, "utf8").trim().split("\n");
  return lines.map((line) => {
    const [turn, pid] = line.split(" ");
    return [turn!, Number(pid)] as const;
  });
}

test("each has a turn after every other, until it has ended; what they print is in their order", async () => {
  const log = join(folder, "turns");
  const printed = await measuredInTurns([
    { program: [program, "a", "3", log], held: { ...held, largePages: false }, job: null },
    { program: [program, "b", "1", log], held: { ...held, largePages: true }, job: null },
    { program: [program, "c", "2", log], held, job: null },
  ]);
  expect(turnsIn(log).map(([turn]) => turn)).toEqual(["a1", "b1", "c1", "a2", "c2", "a3"]);
  expect(printed).toMatchObject([
    { name: "a", tunables: process.env.GLIBC_TUNABLES ?? "" },
    { name: "b", tunables: expect.stringContaining("glibc.malloc.hugetlb=") },
    { name: "c" },
  ]);
});

test("where one fails it is named, and none is left running", async () => {
  const log = join(folder, "failing");
  const programs = [
    { program: [program, "good", "5", log], held, job: null },
    { program: [program, "bad", "2", log, "3"], held, job: null },
  ];
  await expect(measuredInTurns(programs)).rejects.toThrow(
    /^program\.mjs bad 2 .* ended with status 3: see above$/,
  );
  const turns = turnsIn(log);
  expect(turns.map(([turn]) => turn)).toEqual(["good1", "bad1", "good2", "bad2"]);
  const good = turns[0]![1];
  const isGone = () => {
    try {
      process.kill(good, 0);
      return false;
    } catch {
      return true;
    }
  };
  while (!isGone()) await new Promise((resolve) => setTimeout(resolve, 5));
});

test("decisions of one job are compared before anybody goes on, those of others are not", async () => {
  const log = join(folder, "deciding");
  const deciding = (name: string, decided: string, job: string | null) => ({
    program: [program, name, "4", log, "0", decided],
    held,
    job,
  });
  const alike = [
    deciding("a", "3a", "small"),
    deciding("b", "3a", "small"),
    deciding("c", "3c", "large"),
    deciding("d", "3d", null),
  ];
  await expect(measuredInTurns(alike)).resolves.toHaveLength(4);
  rmSync(log);
  await expect(measuredInTurns([...alike, deciding("e", "3e", "small")])).rejects.toThrow(
    /^program\.mjs e 4 .* decides differently: 3e, program\.mjs a 4 .* has 3a$/,
  );
  // It is told when the third turn is asked for, which nobody gets.
  const names = ["a", "b", "c", "d", "e"];
  const two = ["1", "2"].flatMap((turn) => names.map((name) => name + turn));
  expect(turnsIn(log).map(([turn]) => turn)).toEqual(two);
});

test("what holds for the processes is said", () => {
  const hardware = { system: "Linux 6.1", processor: "Z80", processors: 2, memoryMb: 512 };
  const all = {
    kadunVersion: "1.2.3",
    commit: "abc1234",
    node: "v20.1.2",
    hardware,
    pinnedToOneProcessor: true,
    largePages: true,
  };
  expect(conditionsText(all)).toBe(
    "kadun 1.2.3 (abc1234), Node v20.1.2, 2 × Z80, 512 MB, Linux 6.1, pinned to one processor, large pages",
  );
  expect(conditionsText({ ...all, commit: null, pinnedToOneProcessor: false, largePages: false })).toBe(
    "kadun 1.2.3, Node v20.1.2, 2 × Z80, 512 MB, Linux 6.1, not pinned, no large pages",
  );
});

test("pieces of whole chunks, as even as they can be, make up all of it", () => {
  const ends = pieceEnds(1500, 1500 + 500 * 23, 500);
  expect(ends).toHaveLength(PIECES);
  expect(ends.at(-1)).toBe(1500 + 500 * 23);
  const lengths = ends.map((end, index) => end - (ends[index - 1] ?? 1500));
  expect(new Set(lengths)).toEqual(new Set([1000, 1500]));
});
