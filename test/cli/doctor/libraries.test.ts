import { expect, test } from "@jest/globals";
import { checkLibraries } from "../../../cli/doctor/libraries.js";

const next = "install it";

test("a library that does not load, one that crashes and one that works are told apart", async () => {
  const findings = await checkLibraries([
    { name: "missing", program: 'await import("no-such-library")', next },
    { name: "crashing", program: 'process.kill(process.pid, "SIGSEGV")', next },
    { name: "wrong", program: "process.exit(1)", next },
    { name: "working", program: "", next },
  ]);
  expect(findings).toEqual([
    {
      name: "missing",
      verdict: "fail",
      detail: expect.stringMatching(/^ended with 1 .*Cannot find package 'no-such-library'/),
      next,
    },
    { name: "crashing", verdict: "fail", detail: "ended with SIGSEGV", next },
    { name: "wrong", verdict: "fail", detail: "ended with 1", next },
    { name: "working", verdict: "ok", detail: "loads and answers", next: null },
  ]);
});

test("each has a folder of its own, which is gone afterwards", async () => {
  const program = (check: string) =>
    `import { readdirSync, writeFileSync } from "node:fs"; const folder = process.argv[1]; ${check}`;
  const [finding] = await checkLibraries([
    {
      name: "writing",
      program: program(
        'if (readdirSync(folder).length > 0) process.exit(1); writeFileSync(folder + "/x", ""); throw new Error(folder);',
      ),
      next,
    },
  ]);
  const folder = /Error: (\S+)/.exec(finding?.detail ?? "")?.[1] ?? "";
  expect(folder).toContain("kadun-doctor-");
  await expect(import("node:fs/promises").then(({ stat }) => stat(folder))).rejects.toThrow(/ENOENT/);
});
